import { dirname, isAbsolute, relative, sep } from 'node:path';
import { fileErrorCode, systemError } from './file-errors.ts';
import type { FileSystem } from './file-system.ts';
import type { WorkspaceFolder } from './port.ts';
import { nullIfMissing } from './reading.ts';

/**
 * Makes a folder and those around it, as far as they are missing; all or none. Answers those it
 * made, the outermost first. A missing root is not made anew: the user removed it.
 */
export async function makeFolders(
  files: FileSystem,
  folder: string,
  roots: readonly string[],
): Promise<string[]> {
  const missing: string[] = [];
  for (let at = folder; (await nullIfMissing(files.stat(at))) === null; at = dirname(at)) {
    if (roots.includes(at) || at === dirname(at)) throw systemError('ENOENT');
    missing.unshift(at);
  }
  const made: string[] = [];
  for (const path of missing) {
    try {
      await files.mkdir(path);
      made.push(path);
    } catch (error) {
      if (fileErrorCode(error) === 'EEXIST') continue;
      await removeMade(files, [...made, path]);
      throw error;
    }
  }
  return made;
}

/** Takes back what `makeFolders` made, unless somebody uses it meanwhile. */
export async function removeMade(files: FileSystem, made: readonly string[]): Promise<void> {
  for (const path of made.toReversed()) await removeIfEmpty(files, path);
}

/** A folder and those around it, below `root`, as far as nothing is in them. */
export async function removeEmptyFolders(
  files: FileSystem,
  folder: string,
  root: string,
): Promise<void> {
  for (let at = folder; isBelow(root, at); at = dirname(at)) {
    if (!(await removeIfEmpty(files, at))) return;
  }
}

/** Makes what happened in a folder durable, where its file system can. */
export async function syncFolder(files: FileSystem, folder: string): Promise<void> {
  // Windows cannot open a folder, and needs no such call.
  if (process.platform === 'win32') return;
  try {
    const handle = await files.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close().catch(() => undefined);
    }
  } catch (error) {
    if (!CANNOT_SYNC.has(fileErrorCode(error))) throw error;
  }
}

/** Makes a new file's name durable, and those of the folders made for it. */
export async function syncFolders(
  files: FileSystem,
  path: string,
  made: readonly string[],
): Promise<void> {
  for (const folder of [path, ...made.toReversed()].map((one) => dirname(one)))
    await syncFolder(files, folder);
}

/** Some network file systems answer so, and a folder that may be written but not read. */
const CANNOT_SYNC: ReadonlySet<string> = new Set([
  'EACCES',
  'EBADF',
  'EINVAL',
  'EISDIR',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EPERM',
]);

/** True if the folder is gone. */
async function removeIfEmpty(files: FileSystem, folder: string): Promise<boolean> {
  try {
    await files.rmdir(folder);
    return true;
  } catch (error) {
    return fileErrorCode(error) === 'ENOENT';
  }
}

/** For messages: the path in its workspace folder, as far as its letters tell. */
export function nameIn(folders: readonly WorkspaceFolder[], realPath: string): string {
  const folder = folders.find(({ path }) => isBelow(path, realPath));
  if (folder === undefined) return realPath;
  const path = relative(folder.path, realPath).split(sep).join('/');
  return folders.length > 1 ? `${folder.name}/${path}` : path;
}

function isBelow(root: string, path: string): boolean {
  const rest = relative(root, path);
  return rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}
