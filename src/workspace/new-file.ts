import type { FileHandle } from 'node:fs/promises';
import type { FileSystem } from './file-system.ts';
import { type RegularFile, findFile, regularFile } from './reading.ts';

/** A file to be written. */
export interface NewFile {
  readonly bytes: Uint8Array;
  /** What it is made with; the process's mask takes bits away. */
  readonly mode: number;
  /** A file whose mode and owner it gets. */
  readonly like: RegularFile | null;
}

/** Makes a file that does not exist, whole or not at all, and answers its id. */
export async function writeNew(files: FileSystem, path: string, content: NewFile): Promise<string> {
  const file = await files.open(path, 'wx', content.mode);
  let id: string | null = null;
  try {
    const made = regularFile(await file.stat({ bigint: true }), path);
    ({ id } = made);
    await writeAll(file, content.bytes);
    if (content.like !== null) await giveLooks(file, made, content.like);
    await file.sync();
    await file.close();
    return id;
  } catch (error) {
    await removeOwn(files, path, id);
    await file.close().catch(() => undefined);
    throw error;
  }
}

/** Removes what we made by that name, unless something else has the name by now. */
export async function removeOwn(files: FileSystem, path: string, id: string | null): Promise<void> {
  if (id !== null) {
    const found = await findFile(files, path, path).catch(() => null);
    if (found?.id !== id) return;
  }
  await files.unlink(path).catch(() => undefined);
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
  }
}

async function giveLooks(file: FileHandle, made: RegularFile, like: RegularFile): Promise<void> {
  const kept = await giveOwner(file, made, like);
  // A program that runs as its owner must not come to run as somebody else.
  const mode = kept ? like.mode : like.mode & 0o777;
  // Some file systems have one mode for all files, and refuse to be told so.
  if (mode !== made.mode) await file.chmod(mode);
}

/** The whole owner as far as the system permits, else the group: others may have the file by it. */
async function giveOwner(file: FileHandle, made: RegularFile, like: RegularFile): Promise<boolean> {
  if (made.owner === like.owner && made.group === like.group) return true;
  try {
    await file.chown(like.owner, like.group);
    return true;
  } catch {
    await file.chown(made.owner, like.group).catch(() => undefined);
    return false;
  }
}
