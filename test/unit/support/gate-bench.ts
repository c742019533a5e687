import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ToolError } from '../../../src/shared/errors.ts';
import { nodeFileSystem } from '../../../src/workspace/file-system.ts';
import { type GatedPath, gatePath } from '../../../src/workspace/path-gate.ts';
import type { WorkspaceFolder } from '../../../src/workspace/port.ts';
import type { Lookup } from '../../../src/workspace/true-path.ts';
import { recorded } from './folding-files.ts';

/** Folders `root`, `other` and `outside`, with links that lead anywhere. */
export interface GateBench {
  readonly base: string;
  readonly root: string;
  readonly outside: string;
  folder(name: string, path?: string): WorkspaceFolder;
  gate(path: string, folders?: readonly WorkspaceFolder[], files?: Lookup): Promise<GatedPath>;
  /** The words of the refusal. */
  refuses(path: string, folders?: readonly WorkspaceFolder[], files?: Lookup): Promise<string>;
  /** Refuses by letters alone, without one look at the disk, in one folder and in several. */
  refusesUnseen(path: string, reason: RegExp): Promise<void>;
  /** What the gate says of a path with nothing odd about it. */
  plain(name: string, inside: string, displayPath?: string): GatedPath;
  /** Makes a file, or a link if there is a target, in the root. */
  put(path: string, target?: string): void;
  /** Every entry, not looking behind links. */
  all(): string[];
  close(): void;
}

const FILES = [
  ...['root/a.txt', 'root/src/app.ts', 'root/src/deep/er/x.ts', 'root/~/x', 'other/b.txt'],
  ...['root/.git/hooks/pre-commit', 'root/.env', 'outside/secret.txt', 'root-twin/c.txt'],
];

const LINKS: Readonly<Record<string, string>> = {
  in: 'src',
  out: '../outside',
  'out-absolute': '/etc',
  'out-file': '../outside/secret.txt',
  nowhere: 'missing',
  'out-nowhere': '../outside/missing',
  loop: 'loop',
  ping: 'pong',
  pong: 'ping',
  up: '..',
  twice: 'out',
  'in-twice': 'in/deep',
  docs: '.git/hooks',
  settings: '.env',
  '../link-to-root': 'root',
};

export function makeGateBench(): GateBench {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-gate-')));
  const root = join(base, 'root');
  const folder = (name: string, path = join(base, name)): WorkspaceFolder => ({ name, path });
  const put = (path: string, target?: string): void => {
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    if (target === undefined) writeFileSync(at, '');
    else symlinkSync(target, at);
  };
  for (const path of FILES) put(join('..', path));
  for (const [path, target] of Object.entries(LINKS)) put(path, target);
  const usual = [folder('root')];
  const refuses: GateBench['refuses'] = async (path, folders = usual, files) => {
    const error = await gatePath(folders, path, files).then(
      ({ realPath }) => assert.fail(`${path} was accepted as ${realPath}`),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ToolError, String(error));
    return error.message;
  };
  return {
    base,
    root,
    outside: join(base, 'outside'),
    folder,
    put,
    gate: (path, folders = usual, files) => gatePath(folders, path, files),
    refuses,
    async refusesUnseen(path, reason) {
      const { files, calls } = recorded(nodeFileSystem);
      for (const folders of [usual, [...usual, folder('other')]]) {
        assert.match(await refuses(path, folders, files), reason);
      }
      assert.deepEqual(calls, []);
    },
    plain: (name, inside, displayPath = inside) => ({
      realPath: join(base, name, inside),
      root: join(base, name),
      displayPath,
      policyPath: inside,
      warnings: [],
      misnamed: false,
    }),
    all: () => entriesBelow(base),
    close() {
      rmSync(base, { recursive: true });
    },
  };
}

/** Not `recursive: true`, which goes round in circles where a link leads up. */
function entriesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...entriesBelow(path)] : [path];
  });
}
