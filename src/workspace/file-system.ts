import * as promises from 'node:fs/promises';

/**
 * The calls of the operating system through which files are looked at and changed: everything that
 * can fail, in one place, so that each call can be made to fail.
 */
export type FileSystem = Pick<
  typeof promises,
  | 'access'
  | 'link'
  | 'lstat'
  | 'mkdir'
  | 'open'
  | 'readdir'
  | 'realpath'
  | 'rename'
  | 'rmdir'
  | 'stat'
  | 'unlink'
>;

export const nodeFileSystem: FileSystem = promises;
