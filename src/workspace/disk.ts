import { createHash, randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ToolError } from '../shared/errors.ts';
import type { EditorState, Workspace } from './port.ts';

/** Largest file that is read or written whole, in bytes. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** The workspace on the disk of the machine the extension host runs on. */
export function createDiskWorkspace(editor: EditorState): Workspace {
  return {
    folders: () => editor.folders(),
    hasUnsavedChanges: (realPath) => editor.hasUnsavedChanges(realPath),
    read,
    moveToTrash: (realPath) => editor.moveToTrash(realPath),
    replace,
    async remove(realPath, check) {
      await check();
      if (await editor.moveToTrash(realPath)) return;
      await unlink(realPath);
      await syncFolder(dirname(realPath));
    },
    sweep,
  };
}

async function read(realPath: string): Promise<Uint8Array | null> {
  const found = await statOrNull(realPath);
  if (found === null) return null;
  if (!found.isFile()) throw new ToolError(`${basename(realPath)} is not a file.`);
  if (found.size > MAX_FILE_BYTES) {
    throw new ToolError(`${basename(realPath)} is too large to read (${found.size} bytes).`);
  }
  return readFile(realPath);
}

async function replace(
  realPath: string,
  bytes: Uint8Array,
  check: () => Promise<void>,
): Promise<void> {
  const folder = dirname(realPath);
  const firstMissing = await outermostMissing(folder);
  const temporary = join(folder, `${temporaryPrefix(realPath)}${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeDurably(temporary, bytes, (await statOrNull(realPath))?.mode);
    await check();
    await rename(temporary, realPath);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if (firstMissing !== null) await removeEmptyFolders(folder, firstMissing);
    throw error;
  }
  await syncFolder(folder);
}

async function sweep(realPath: string): Promise<void> {
  const folder = dirname(realPath);
  const prefix = temporaryPrefix(realPath);
  for (const name of await readdir(folder).catch((): string[] => [])) {
    if (name.startsWith(prefix)) await unlink(join(folder, name)).catch(() => undefined);
  }
}

/** Of one file only, and short, since the file's own name may be as long as names can be. */
function temporaryPrefix(realPath: string): string {
  return `.countersign-${createHash('sha256').update(basename(realPath)).digest('hex').slice(0, 16)}-`;
}

async function outermostMissing(folder: string): Promise<string | null> {
  if ((await statOrNull(folder)) !== null) return null;
  const parent = dirname(folder);
  return parent === folder ? folder : ((await outermostMissing(parent)) ?? folder);
}

async function writeDurably(path: string, bytes: Uint8Array, mode?: number): Promise<void> {
  const file = await open(path, 'wx', mode === undefined ? 0o666 : mode & 0o777);
  try {
    await file.writeFile(bytes);
    // The process's mask may have taken bits away that the file had.
    if (mode !== undefined) await file.chmod(mode & 0o7777);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself durable. Windows cannot open a folder, and needs no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r').catch(() => null);
  try {
    await handle?.sync();
  } catch {
    // Some network file systems refuse to sync a folder; the rename has happened all the same.
  } finally {
    await handle?.close();
  }
}

/** Removes the folders made for a write that failed, from the innermost to the outermost. */
async function removeEmptyFolders(innermost: string, outermost: string): Promise<void> {
  for (let folder = innermost; ; folder = dirname(folder)) {
    const inUse = await rmdir(folder).then(
      () => false,
      (error: unknown) =>
        ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? ''),
    );
    if (inUse || folder === outermost) return;
  }
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
