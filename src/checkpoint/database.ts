import { lstatSync, mkdirSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { failpoint } from '../shared/failpoint.ts';
import type { HistoryMarker, StorageMode, StorageProblem } from '../shared/storage.ts';
import { isStorageProblem } from '../shared/storage.ts';
import { backupFiles, backupVersion } from './backup.ts';
import { BUSY_TIMEOUT, type Database, MOST_WAL, PATIENCE, wrap } from './connection.ts';
import {
  APPLICATION_ID,
  databaseIn,
  publishNew,
  removeDatabase,
  syncFile,
  temporaryFor,
} from './files.ts';
import { Refusal, identityIn, inspect } from './inspect.ts';
import { MIGRATIONS } from './migrations.ts';
import { openCopy } from './readable-copy.ts';
import { finish, loadSqlite, pragma } from './sqlite.ts';
import { explainOpening, explainUse } from './trouble.ts';

export {
  type Database,
  type Durability,
  MOST_WAL,
  type SqlRow,
  type SqlValue,
} from './connection.ts';
export { DATABASE_FILE } from './files.ts';
export { hasSqlite, isBusy, loadSqlite } from './sqlite.ts';

export interface OpenOptions {
  /** How long a transaction waits for the lock of another process, in milliseconds. */
  readonly patience?: number;
  readonly mode?: StorageMode;
  /** Tells that there was a history, if there was one. */
  readonly marker?: HistoryMarker;
  /** Gets what is found to be wrong with the file while it is in use. */
  readonly onProblem?: (problem: StorageProblem) => void;
}

const NO_MARKER: HistoryMarker = { read: () => null, write: () => undefined };

/**
 * Opens the database in a folder, making both if there was never one, and brings it up to date
 * after a backup.
 * @throws StorageProblem saying what is wrong with the file, what is lost, and the ways on. The file
 * is left as it was.
 */
export function openDatabase(folder: string, options: OpenOptions = {}): Database {
  const { mode = 'normal', marker = NO_MARKER, patience = PATIENCE, onProblem } = options;
  const path = databaseIn(folder);
  const expected = marker.read();
  const explain = (error: unknown): unknown => {
    const explained = explainUse(error, path, expected);
    if (isStorageProblem(explained)) onProblem?.(explained);
    return explained;
  };
  try {
    switch (mode) {
      case 'inMemory':
        return wrap(newConnection(':memory:'), { path: ':memory:', patience, explain });
      case 'readOnly': {
        const { connection, discard } = openCopy(path, migrate);
        return wrap(connection, { path, patience, explain, closed: discard });
      }
      case 'normal':
        return wrap(openThere(folder, path, marker), { path, patience, explain });
    }
  } catch (error) {
    throw explainOpening(error, path, expected);
  }
}

function openThere(folder: string, path: string, marker: HistoryMarker): DatabaseSync {
  const expected = marker.read();
  mkdirSync(folder, { recursive: true });
  const found = inspect(path);
  if (found === null) {
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    const hadHistory = expected !== null || backupFiles(folder).length > 0;
    if (hadHistory) throw new Refusal('lost', isThere ? 'empty' : '');
    if (!isThere) makeDatabase(path);
  } else if (found.databaseId !== null && expected !== null && found.databaseId !== expected) {
    throw new Refusal('exchanged');
  }
  const connection = connect(path);
  try {
    if (found !== null && found.version < MIGRATIONS.length) {
      backupVersion(connection, folder, found.version);
    }
    migrate(connection);
    const databaseId = identityIn(connection);
    if (databaseId !== expected) marker.write(databaseId);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Makes a new database where there is none. It is there whole, or not at all. */
export function makeDatabase(path: string): void {
  const temporary = temporaryFor(path);
  try {
    const connection = newConnection(temporary);
    connection.exec('PRAGMA journal_mode = WAL');
    connection.close();
    failpoint('creation.made');
    syncFile(temporary);
    publishNew(temporary, path);
  } finally {
    removeDatabase(temporary);
  }
}

/** A connection to a new file, which nobody else knows of yet. */
function newConnection(path: string): DatabaseSync {
  const connection = new (loadSqlite().DatabaseSync)(path);
  connection.exec('PRAGMA synchronous = OFF; PRAGMA auto_vacuum = INCREMENTAL');
  migrate(connection);
  return connection;
}

function connect(path: string): DatabaseSync {
  const connection = new (loadSqlite().DatabaseSync)(path);
  try {
    connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
    // It takes the lock for writing, which another program may have; only an empty file needs it.
    if (pragma(connection, 'page_count') === 0) connection.exec('PRAGMA auto_vacuum = INCREMENTAL');
    connection.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
       PRAGMA journal_size_limit = ${MOST_WAL};`,
    );
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** From whatever version, in one transaction. */
export function migrate(connection: DatabaseSync): void {
  if (pragma(connection, 'user_version') === MIGRATIONS.length) return;
  connection.exec('BEGIN IMMEDIATE');
  finish(connection, () => {
    // Another window may have migrated between the look and the lock.
    for (const sql of MIGRATIONS.slice(pragma(connection, 'user_version'))) {
      connection.exec(sql);
      failpoint('migration.step');
    }
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    failpoint('migration.beforeCommit');
  });
}
