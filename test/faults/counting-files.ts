import { relative } from 'node:path';
import type { FileSystem } from '../../src/workspace/file-system.ts';
import { isTemporary } from './kill/checker.ts';

/** Counts what gives a file other bytes or takes its name away, temporary files left out. */
export function counting(
  files: FileSystem,
  folder: string,
  changes: Map<string, number>,
): FileSystem {
  const counted = async (path: string, change: () => Promise<void>): Promise<void> => {
    await change();
    if (isTemporary(path)) return;
    const name = relative(folder, path);
    changes.set(name, (changes.get(name) ?? 0) + 1);
  };
  return {
    ...files,
    rename: (from, to) => counted(String(to), () => files.rename(from, to)),
    link: (from, to) => counted(String(to), () => files.link(from, to)),
    unlink: (path) => counted(String(path), () => files.unlink(path)),
  };
}
