import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installExtension } from '../host/vscode-server.js';

/** By the server's release, the folder of a server that has it installed. */
const installed = new Map<string | undefined, Promise<string>>();

/** The packaged extension in the folder of a server; installed by VS Code once, copied from then on. */
export async function copyInstalled(folder: string, version: string | undefined): Promise<void> {
  const known = installed.get(version) ?? install(version);
  installed.set(version, known);
  cpSync(join(await known, 'extensions'), join(folder, 'extensions'), { recursive: true });
}

async function install(version: string | undefined): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-installed-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  await installExtension(folder, version);
  return folder;
}
