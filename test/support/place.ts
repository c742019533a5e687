import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';
/** So much must be free there: every test's files, and what is left of those that were killed. */
const ROOM = 2 ** 28;

/**
 * For folders and databases that are made by the hundred: in memory where that is a file system.
 * What a killed process wrote is there as on a disk.
 */
export const PLACE = hasRoom() ? MEMORY : tmpdir();

function hasRoom(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ROOM;
}
