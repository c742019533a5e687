import { dirname } from 'node:path';
import { failpoint } from '../shared/failpoint.ts';
import { fileErrorCode, systemError } from './file-errors.ts';
import type { FileSystem } from './file-system.ts';
import { makeFolders, removeMade, syncFolder } from './folders.ts';
import { removeOwn } from './new-file.ts';
import type { Check } from './port.ts';
import { asNew, isWithoutLinks, throughTemporary } from './publishing.ts';
import { type RegularFile, findFile, readRegularFile } from './reading.ts';

export interface Move {
  readonly from: string;
  readonly to: string;
  /** The name of `from` in messages. */
  readonly name: string;
  /** Workspace folders, which are not made. */
  readonly roots: readonly string[];
}

/** At every moment at least one of both names has the bytes, down to the disk. */
export async function moveFile(files: FileSystem, move: Move, check: Check): Promise<void> {
  const { from, to } = move;
  if (from === to) throw systemError('EEXIST');
  const source = await findFile(files, from, move.name);
  if (source === null) throw systemError('ENOENT');
  const made = await makeFolders(files, dirname(to), move.roots);
  try {
    await check();
    failpoint('fs.beforeRename');
    await linkOrCopy(files, move, source, check);
  } catch (error) {
    await removeMade(files, made);
    throw error;
  }
  await syncFolder(files, dirname(from)).catch(() => undefined);
}

async function linkOrCopy(
  files: FileSystem,
  move: Move,
  source: RegularFile,
  check: Check,
): Promise<void> {
  const { from, to } = move;
  try {
    await files.link(from, to);
  } catch (error) {
    const without = isWithoutLinks(error);
    if (!without && fileErrorCode(error) !== 'EEXIST') throw error;
    if (await isOtherSpelling(files, to, source)) {
      await files.rename(from, to);
      return;
    }
    if (!without) throw error;
    await copy(files, move, source, check);
    return;
  }
  await dropSource(files, move, source, source.id, () => Promise.resolve());
}

/** Where case does not count in names, `A.ts` is there already when `a.ts` gets this name. */
async function isOtherSpelling(
  files: FileSystem,
  to: string,
  source: RegularFile,
): Promise<boolean> {
  if (source.links !== 1) return false;
  const found = await findFile(files, to, to).catch(() => null);
  return found?.id === source.id;
}

async function copy(
  files: FileSystem,
  move: Move,
  source: RegularFile,
  check: Check,
): Promise<void> {
  const { from, to, name } = move;
  const bytes = await readRegularFile(files, from, name);
  if (bytes === null) throw systemError('ENOENT');
  const content = { bytes, mode: source.mode & 0o700, like: source };
  const compare = async (path: string, otherwise: string): Promise<void> => {
    const now = await readRegularFile(files, path, name);
    if (now === null || Buffer.compare(now, bytes) !== 0) throw systemError(otherwise);
  };
  const id = await throughTemporary(
    files,
    to,
    content,
    async (temporary) => {
      await compare(temporary, 'EIO');
      await check();
    },
    asNew(files, to, content),
  );
  await dropSource(files, move, source, id, async () => {
    await compare(to, 'EIO');
    await compare(from, 'EBUSY');
  });
}

/** Takes the old name away now that the new one is there, or else the new one again. */
async function dropSource(
  files: FileSystem,
  { from, to, name }: Move,
  source: RegularFile,
  id: string,
  check: Check,
): Promise<void> {
  try {
    await syncFolder(files, dirname(to));
    await check();
    // A program that saves by replacing the file may have put another one there.
    if ((await findFile(files, from, name))?.id !== source.id) throw systemError('EBUSY');
    await files.unlink(from);
  } catch (error) {
    // A call may fail and yet have done its work, on a network share for one.
    const left = await findFile(files, from, name).catch(() => null);
    if (left !== null) await removeOwn(files, to, id);
    throw error;
  }
}
