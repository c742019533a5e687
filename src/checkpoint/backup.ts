import { copyFileSync, lstatSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { failpoint } from '../shared/failpoint.ts';
import {
  BACKUP_FILE,
  databaseIn,
  publishNew,
  removeDatabase,
  syncFile,
  temporaryFor,
  versionFile,
} from './files.ts';
import { Refusal, inspect, lookInto, quickCheck } from './inspect.ts';
import { loadSqlite } from './sqlite.ts';

/** All pages in one step: taken in several, it would begin anew whenever something is written. */
const ALL_PAGES = 0x7fff_ffff;

/** A whole copy of the database that was found to be sound. */
export interface Backup {
  readonly path: string;
  /** When it was made, in milliseconds since 1970. */
  readonly time: number;
  /** Null for versions before there was one. */
  readonly databaseId: string | null;
}

/**
 * Copies the database while it is in use, looks whether the copy is sound, and puts it in the place
 * of the last backup. On a connection of its own.
 * @throws if there is nothing sound to copy; the last backup stays then
 */
export async function backupDatabase(folder: string): Promise<void> {
  const { DatabaseSync, backup } = loadSqlite();
  const path = join(folder, BACKUP_FILE);
  const source = databaseIn(folder);
  const found = inspect(source);
  if (found === null) throw new Refusal('lost', 'there is nothing to back up');
  const temporary = temporaryFor(path);
  try {
    const connection = new DatabaseSync(source, { readOnly: true });
    try {
      await backup(connection, temporary, { rate: ALL_PAGES });
    } finally {
      connection.close();
    }
    const databaseId = verify(temporary);
    if (databaseId !== found.databaseId) throw new Refusal('exchanged');
    syncFile(temporary);
    failpoint('backup.beforeRename');
    keepForeign(path, databaseId);
    renameSync(temporary, path);
    syncFile(path);
  } finally {
    removeDatabase(temporary);
  }
}

/** Before a migration: the file as the earlier version wrote it, for the way back. */
export function backupVersion(connection: DatabaseSync, folder: string, version: number): void {
  const path = join(folder, versionFile(version));
  const temporary = temporaryFor(path);
  try {
    connection.prepare('VACUUM INTO ?').run(temporary);
    verify(temporary);
    syncFile(temporary);
    failpoint('migration.backup');
    renameSync(temporary, path);
    syncFile(path);
  } finally {
    removeDatabase(temporary);
  }
}

/** The newest sound backup of a history, or of any if it is not known which. */
export function findBackup(folder: string, databaseId: string | null): Backup | null {
  return backupsIn(folder)
    .toSorted((a, b) => b.time - a.time)
    .reduce<Backup | null>((found, candidate) => found ?? sound(candidate, databaseId), null);
}

/** The files that backups made, sound or not. Where there is one, there was a history. */
export function backupFiles(folder: string): readonly string[] {
  return backupsIn(folder).map(({ path }) => path);
}

/** Puts a copy of the newest sound backup where the database was; it must be set aside by then. */
export function restoreBackup(folder: string, databaseId: string | null): void {
  const found = findBackup(folder, databaseId);
  if (found === null) throw new Refusal('lost', 'there is no backup');
  const path = databaseIn(folder);
  const temporary = temporaryFor(path);
  try {
    copyFileSync(found.path, temporary);
    verify(temporary);
    syncFile(temporary);
    // Another window has made one: that one it is.
    if (publishNew(temporary, path)) syncFile(path);
  } finally {
    removeDatabase(temporary);
  }
}

function backupsIn(folder: string): Omit<Backup, 'databaseId'>[] {
  const isBackup = /^countersign\.(?:backup|version-\d+)\.sqlite$/u;
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return (found?.isDirectory() === true ? readdirSync(folder) : [])
    .filter((name) => isBackup.test(name))
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile())
    .map((path) => ({ path, time: statSync(path).mtimeMs }));
}

function sound(candidate: Omit<Backup, 'databaseId'>, wanted: string | null): Backup | null {
  try {
    const databaseId = look(candidate.path);
    const isOther = wanted !== null && databaseId !== null && databaseId !== wanted;
    return isOther ? null : { ...candidate, databaseId };
  } catch {
    return null;
  }
}

/** A backup of another history is never overwritten. */
function keepForeign(path: string, databaseId: string | null): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  const theirs = ((): string | null | undefined => {
    try {
      return look(path);
    } catch {
      return undefined;
    }
  })();
  // An unsound one is of no use to anybody.
  if (theirs === undefined || theirs === null || theirs === databaseId) return;
  renameSync(path, path.replace(/\.sqlite$/u, `-${theirs}.sqlite`));
}

/** The identity in a finished copy. @throws if the copy is not sound */
function verify(path: string): string | null {
  const connection = new (loadSqlite().DatabaseSync)(path);
  try {
    // One file, without others beside it.
    connection.exec('PRAGMA journal_mode = DELETE');
    return soundIdentity(connection);
  } finally {
    connection.close();
  }
}

function look(path: string): string | null {
  const connection = new (loadSqlite().DatabaseSync)(path, { readOnly: true });
  try {
    return soundIdentity(connection);
  } finally {
    connection.close();
  }
}

function soundIdentity(connection: DatabaseSync): string | null {
  const [problem] = quickCheck(connection, 1);
  if (problem !== undefined) throw new Refusal('damaged', problem);
  const found = lookInto(connection);
  if (found === null) throw new Refusal('lost', 'it is empty');
  return found.databaseId;
}
