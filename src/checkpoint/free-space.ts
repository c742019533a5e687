import { statfs } from 'node:fs/promises';

/** With less than this, in bytes, a run may not be kept to its end. */
export const LOW_SPACE = 50_000_000;

/** How many bytes are free for us on the file system of a folder. */
export async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
