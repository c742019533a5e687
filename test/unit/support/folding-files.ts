import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import * as promises from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import type { FileSystem } from '../../../src/workspace/file-system.ts';
import type { Lookup } from '../../../src/workspace/true-path.ts';

/** As the file systems of macOS do: case and accents' encoding are kept, and make no difference. */
function sameName(one: string, other: string): boolean {
  const folded = (name: string): string =>
    name
      .normalize('NFD')
      .replace(/\u200c/gu, '')
      .toLowerCase();
  return folded(one) === folded(other);
}

function nameOnDisk(folder: string, name: string): string {
  const entries = readdirSync(folder);
  return entries.includes(name) ? name : (entries.find((one) => sameName(one, name)) ?? name);
}

/**
 * A folder of the real file system, as one that takes names for the same which differ only in case
 * or in the encoding of accents. `realpath` answers the letters it was asked with, as on Linux, or
 * with `trueCase` those of the disk, as on macOS.
 */
export function foldingFiles(root: string, trueCase = false): FileSystem {
  const resolve = (path: string, followLast: boolean): { disk: string; letters: string } => {
    let disk = root;
    let letters = root;
    const rest = relative(root, path).split('/');
    for (let links = 0; rest.length > 0;) {
      const name = rest.shift() ?? '';
      if (name === '' || name === '..') {
        if (name === '..') [disk, letters] = [dirname(disk), dirname(letters)];
        continue;
      }
      const found = join(disk, nameOnDisk(disk, name));
      const follow = followLast || rest.length > 0;
      if (follow && lstatSync(found).isSymbolicLink()) {
        if (++links > 40) throw Object.assign(new Error('Too many links'), { code: 'ELOOP' });
        const target = posix.resolve(disk, readlinkSync(found));
        [disk, letters] = [root, root];
        rest.unshift(...relative(root, target).split('/'));
        continue;
      }
      [disk, letters] = [found, join(letters, name)];
    }
    return { disk, letters };
  };
  const TWO_PATHS = new Set<PropertyKey>(['link', 'rename']);
  return new Proxy(promises, {
    get(target, name) {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== 'function') return call;
      return async (...values: unknown[]): Promise<unknown> => {
        if (name === 'realpath') {
          const { disk, letters } = resolve(String(values[0]), true);
          lstatSync(disk);
          return trueCase ? disk : letters;
        }
        const paths = values.splice(0, TWO_PATHS.has(name) ? 2 : 1);
        const real = paths.map((path) => resolve(String(path), name === 'readdir').disk);
        return (await Reflect.apply(call, target, [...real, ...values])) as unknown;
      };
    },
  });
}

/**
 * A folder of the real file system as Windows would show it: below `opened`, and in truth, as for a
 * mapped network drive, below `real`. Nothing else exists there.
 */
export function windowsFiles(root: string, opened = 'C:\\proj', real = opened): Lookup {
  const files = foldingFiles(root, true);
  const onDisk = (path: string): string => {
    const top = [opened, real].find((one) => path.toLowerCase().startsWith(one.toLowerCase()));
    if (top === undefined) throw Object.assign(new Error(`No ${path}`), { code: 'ENOENT' });
    return join(root, ...path.slice(top.length).split('\\'));
  };
  return {
    lstat: async (path) =>
      files.lstat(onDisk(path)).catch((error: unknown) => {
        const { code } = error as NodeJS.ErrnoException;
        // As Windows says of what would be below a file.
        throw code === 'ENOTDIR' ? Object.assign(new Error(), { code: 'ENOENT' }) : error;
      }),
    readdir: async (path) => files.readdir(onDisk(path)),
    realpath: async (path) => {
      const found = relative(root, await files.realpath(onDisk(path)));
      if (found.startsWith('..')) return `D:\\${found.replaceAll(/\.\.\/?/gu, '')}`;
      return [real, ...found.split('/')].filter((name) => name !== '').join('\\');
    },
  };
}

/** Notes every call, and passes it on. */
export function recorded(files: Lookup): { files: Lookup; calls: string[] } {
  const calls: string[] = [];
  const noted =
    <T>(name: string, call: (path: string) => Promise<T>) =>
    (path: string): Promise<T> => {
      calls.push(`${name} ${path}`);
      return call(path);
    };
  return {
    calls,
    files: {
      lstat: noted('lstat', (path) => files.lstat(path)),
      readdir: noted('readdir', (path) => files.readdir(path)),
      realpath: noted('realpath', (path) => files.realpath(path)),
    },
  };
}
