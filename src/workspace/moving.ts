import { dirname } from 'node:path';
import { failpoint } from '../shared/failpoint.ts';
import { explained, fileErrorCode, systemError } from './file-errors.ts';
import type { FileSystem } from './file-system.ts';
import { makeFolders, removeMade, syncFolder, syncFolders } from './folders.ts';
import { removeOwn } from './new-file.ts';
import type { Check } from './port.ts';
import { asNew, isWithoutLinks, throughTemporary } from './publishing.ts';
import { type RegularFile, findFile, readRegularFile } from './reading.ts';

export interface Move {
  readonly from: string;
  readonly to: string;
  /** The names of both in messages. */
  readonly name: string;
  readonly newName: string;
  /** Workspace folders, which are not made. */
  readonly roots: readonly string[];
}

interface Moving extends Move {
  readonly files: FileSystem;
  readonly check: Check;
  readonly source: RegularFile;
  /** Folders made for it. */
  readonly made: readonly string[];
}

/** At every moment at least one of both names has the bytes, down to the disk. */
export function moveFile(files: FileSystem, move: Move, check: Check): Promise<void> {
  const { from, to, name } = move;
  return explained(labelOf(move), undefined, async () => {
    if (from === to) throw systemError('EEXIST');
    const source = await findFile(files, from, name);
    if (source === null) throw systemError('ENOENT');
    const made = await makeFolders(files, dirname(to), move.roots);
    try {
      await check();
      failpoint('fs.beforeRename');
      await linkOrCopy({ ...move, files, check, source, made });
    } catch (error) {
      await removeMade(files, made);
      throw error;
    }
    await syncFolder(files, dirname(from)).catch(() => undefined);
  });
}

function labelOf({ name, newName }: Move): string {
  return `${name} → ${newName}`;
}

async function linkOrCopy(moving: Moving): Promise<void> {
  const { files, from, to, source } = moving;
  try {
    await files.link(from, to);
  } catch (error) {
    const without = isWithoutLinks(error);
    if (!without && fileErrorCode(error) !== 'EEXIST') throw error;
    if (await isOtherSpelling(moving)) {
      await files.rename(from, to);
      return;
    }
    if (!without) throw error;
    await copy(moving);
    return;
  }
  await dropSource(moving, source.id, () => Promise.resolve());
}

/** Where case does not count in names, `A.ts` is there already when `a.ts` gets this name. */
async function isOtherSpelling({ files, to, source }: Moving): Promise<boolean> {
  if (source.links !== 1) return false;
  const found = await findFile(files, to, to).catch(() => null);
  return found?.id === source.id;
}

async function copy(moving: Moving): Promise<void> {
  const { files, from, to, name, source } = moving;
  const bytes = await readRegularFile(files, from, name);
  if (bytes === null) throw systemError('ENOENT');
  const content = { bytes, mode: source.mode & 0o700, like: source };
  const compare = async (path: string, otherwise: string): Promise<void> => {
    const now = await readRegularFile(files, path, name);
    if (now === null || Buffer.compare(now, bytes) !== 0) throw systemError(otherwise);
  };
  const check = async (temporary: string): Promise<void> => {
    await compare(temporary, 'EIO');
    await moving.check();
  };
  let id = '';
  await explained(labelOf(moving), bytes.length, async () => {
    id = await throughTemporary(files, to, content, check, asNew(files, to, content));
  });
  await dropSource(moving, id, async () => {
    await compare(to, 'EIO');
    await compare(from, 'EBUSY');
  });
}

/** Takes the old name away now that the new one is there, or else the new one again. */
async function dropSource(moving: Moving, id: string, check: Check): Promise<void> {
  const { files, from, to, name, source } = moving;
  try {
    await syncFolders(files, to, moving.made);
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
