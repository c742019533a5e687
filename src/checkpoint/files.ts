import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Name of the database in the storage folder. */
export const DATABASE_FILE = 'countersign.sqlite';
/** The one backup beside it. */
export const BACKUP_FILE = 'countersign.backup.sqlite';
/** "CSGN": marks the file as ours, https://www.sqlite.org/pragma.html#pragma_application_id. */
export const APPLICATION_ID = 0x4353474e;

/** What SQLite keeps beside a database, https://www.sqlite.org/tempfiles.html. */
export const SIDES = ['-wal', '-shm', '-journal'] as const;

/** As it was when an earlier version of the extension wrote it last. */
export function versionFile(version: number): string {
  return `countersign.version-${version}.sqlite`;
}

export function databaseIn(folder: string): string {
  return join(folder, DATABASE_FILE);
}

/** Name of a database that was set aside, which nobody opens or overwrites any more. */
export function nameAside(now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[:.]/gu, '-');
  return `countersign.damaged-${time}.sqlite`;
}

/** To the disk, with the name that it has by now. */
export function syncFile(path: string): void {
  syncOne(path, 'r+');
  // Windows opens no folder; there the name is as durable as the file.
  if (process.platform !== 'win32') syncOne(dirname(path), 'r');
}

function syncOne(path: string, flags: string): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Gives a finished file its name. False, and it is gone, if another process was faster. */
export function publishNew(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    rmSync(from);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      rmSync(from);
      return false;
    }
    // A file system without hard links.
    if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) throw error;
    renameSync(from, to);
    return true;
  }
}

export function removeDatabase(path: string): void {
  for (const side of ['', ...SIDES]) rmSync(`${path}${side}`, { force: true });
}

/** How old what is half-made must be, in milliseconds, before nobody can be at it any more. */
const LEFT_AFTER = 600_000;

/** A name beside a file, for making it. What earlier processes left half-made is cleared away. */
export function temporaryFor(path: string): string {
  const folder = dirname(path);
  const left = /^countersign\..*\.tmp(?:-journal|-wal|-shm)?$/u;
  for (const name of readdirSync(folder).filter((one) => left.test(one))) {
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > LEFT_AFTER) rmSync(join(folder, name));
  }
  return join(folder, `${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}
