import { type BigIntStats, constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { ToolError } from '../shared/errors.ts';
import { asToolError, fileErrorCode } from './file-errors.ts';
import type { FileSystem } from './file-system.ts';
import { MAX_FILE_BYTES } from './limits.ts';

/** What the file system says of a regular file. */
export interface RegularFile {
  /** The same for two names only if they are names of one file. */
  readonly id: string;
  readonly mode: number;
  readonly links: number;
  readonly size: number;
  readonly owner: number;
  readonly group: number;
}

const CHUNK_BYTES = 64 * 1024;
/** How often a file is read past the size it had when it was opened. */
const READS_BEYOND = 16;
/** A pipe's other end is not waited for, nor a link followed; Windows has neither flag. */
const READ_ONLY = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * The bytes of a regular file; null where there is none.
 * @throws ToolError for anything else, `name` says of what
 */
export function readRegularFile(
  files: FileSystem,
  realPath: string,
  name: string,
): Promise<Uint8Array | null> {
  return asToolError(name, async () => {
    // Opening some devices does something, so what it is, is seen before, and again after.
    const found = await findFile(files, realPath, name);
    if (found === null) return null;
    refuseUnreadable(found, name);
    const file = await nullIfMissing(files.open(realPath, READ_ONLY));
    if (file === null) return null;
    try {
      const opened = regularFile(await file.stat({ bigint: true }), name);
      refuseUnreadable(opened, name);
      return await readAll(file, opened.size, name);
    } finally {
      await file.close().catch(() => undefined);
    }
  });
}

/**
 * A regular file; null where there is nothing.
 * @throws ToolError for a folder, a link, a device; and what the file system throws
 */
export async function findFile(
  files: FileSystem,
  realPath: string,
  name: string,
): Promise<RegularFile | null> {
  const stats = await nullIfMissing(files.lstat(realPath, { bigint: true }));
  return stats === null ? null : regularFile(stats, name);
}

export function regularFile(stats: BigIntStats, name: string): RegularFile {
  if (!stats.isFile()) {
    throw new ToolError(`${name} is not a file but ${kindOf(stats)}. Name a file.`);
  }
  return {
    id: `${stats.dev}:${stats.ino}`,
    mode: Number(stats.mode) & 0o7777,
    links: Number(stats.nlink),
    size: Number(stats.size),
    owner: Number(stats.uid),
    group: Number(stats.gid),
  };
}

/** Null where there is nothing by that name. */
export async function nullIfMissing<Found>(looked: Promise<Found>): Promise<Found | null> {
  try {
    return await looked;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error))) return null;
    throw error;
  }
}

export function tooLarge(name: string, size: number): ToolError {
  return new ToolError(
    `${name} is too large to read (${size} bytes; the limit is ${MAX_FILE_BYTES} bytes). Ask the user for the part that matters.`,
  );
}

function refuseUnreadable({ mode, size }: RegularFile, name: string): void {
  if (size > MAX_FILE_BYTES) throw tooLarge(name, size);
  if ((mode & 0o444) === 0) {
    throw new ToolError(
      `${name} may not be read: its mode (${octal(mode)}) lets nobody. Ask the user to change it.`,
    );
  }
}

/** To the end, up to the limit; of a file that keeps growing, what it had and some of the rest. */
async function readAll(file: FileHandle, size: number, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (let readsBeyond = 0; readsBeyond < READS_BEYOND; readsBeyond += total > size ? 1 : 0) {
    const wanted = Math.min(Math.max(size - total, CHUNK_BYTES), MAX_FILE_BYTES + 1 - total);
    const chunk = Buffer.allocUnsafe(wanted);
    const { bytesRead } = await file.read(chunk, 0, wanted, null);
    if (bytesRead === 0) break;
    total += bytesRead;
    if (total > MAX_FILE_BYTES) throw tooLarge(name, total);
    if (size === 0) {
      throw new ToolError(
        `${name} has content though its size is 0: the system makes it up, or it is being written right now. Read another file, or try again.`,
      );
    }
    chunks.push(chunk.subarray(0, bytesRead));
  }
  return Buffer.concat(chunks);
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

export function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, '0');
}
