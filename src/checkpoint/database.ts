import { t } from '@vscode/l10n';
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { messageOf } from '../shared/lifecycle.ts';
import { UserFacingError } from '../shared/errors.ts';
import { createQueue } from '../shared/queue.ts';
import { MIGRATIONS } from './migrations.ts';

/** Name of the database in the storage folder. */
export const DATABASE_FILE = 'countersign.sqlite';
/** "CSGN": marks the file as ours, https://www.sqlite.org/pragma.html#pragma_application_id. */
const APPLICATION_ID = 0x4353474e;
/**
 * What a reader waits for, in milliseconds, blocking this thread: another connection that is being
 * opened after a crash, or closed. Writers wait without blocking.
 */
const BUSY_TIMEOUT = 250;
/** How long a transaction waits for the lock of another process, in milliseconds. */
const PATIENCE = 30_000;
/** How often it looks, in milliseconds. */
const PAUSE = 10;

/** A write-ahead log that is longer than this, in bytes, is cut off once it has been brought in. */
export const MOST_WAL = 8 * 1024 * 1024;

export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlRow = Record<string, SqlValue>;

/**
 * `usual`: survives the end of the process, and a power cut a moment later. `durable`: it and all
 * that was committed before survives a power cut once it is committed
 * (https://www.sqlite.org/pragma.html#pragma_synchronous, NORMAL and FULL in WAL mode).
 */
export type Durability = 'usual' | 'durable';

/** The one connection. Statements are prepared once. */
export interface Database {
  readonly path: string;
  get(sql: string, ...values: SqlValue[]): SqlRow | undefined;
  all(sql: string, ...values: SqlValue[]): SqlRow[];
  /** Within the work of a transaction. Answers how many rows were changed. */
  run(sql: string, ...values: SqlValue[]): number;
  /**
   * All of `work` or nothing of it. Waits for the lock of another process without holding up this
   * one; transactions begin in the order in which they were asked for, and do not nest.
   * @throws UserFacingError if another process keeps the lock; nothing was stored then
   */
  transaction<T>(work: () => T, durability?: Durability): Promise<T>;
  close(): void;
}

export interface OpenOptions {
  /** How long a transaction waits for the lock of another process, in milliseconds. */
  readonly patience?: number;
}

/**
 * Opens the database in a folder, making both if they are missing, and brings it up to date.
 * @throws UserFacingError naming the file, if it cannot be opened, is not ours or is newer than this
 * version of the extension. The file is left as it was.
 */
export function openDatabase(folder: string, { patience = PATIENCE }: OpenOptions = {}): Database {
  const path = join(folder, DATABASE_FILE);
  const { DatabaseSync } = loadSqlite();
  let connection: DatabaseSync | null = null;
  try {
    mkdirSync(folder, { recursive: true });
    inspect(path);
    connection = new DatabaseSync(path);
    connection.exec(
      `PRAGMA busy_timeout = ${BUSY_TIMEOUT}; PRAGMA auto_vacuum = INCREMENTAL;
       PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
       PRAGMA journal_size_limit = ${MOST_WAL};`,
    );
    migrate(connection);
    return wrap(connection, path, patience);
  } catch (error) {
    connection?.close();
    if (error instanceof UserFacingError) throw error;
    throw new UserFacingError(
      'storage',
      t(
        'The conversations in {0} cannot be opened: {1}. The file was not changed.',
        path,
        messageOf(error),
      ),
      'showLog',
    );
  }
}

/** `node:sqlite` is in every editor since VS Code 1.101; on an older one this says so. */
export function loadSqlite(): typeof Sqlite {
  const found = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined;
  if (found === undefined) {
    const message = t('This editor has no SQLite. Countersign needs VS Code 1.103 or later.');
    throw new UserFacingError('notReady', message);
  }
  return found;
}

export function hasSqlite(): boolean {
  return process.getBuiltinModule('node:sqlite') !== (undefined as unknown);
}

/** Looks at a file before anything that could change it. @throws UserFacingError if it is not ours */
function inspect(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isFile()) throw refusal(t('{0} is not a file.', path));
  const connection = new (loadSqlite().DatabaseSync)(path, { readOnly: true });
  try {
    const id = pragma(connection, 'application_id');
    const version = pragma(connection, 'user_version');
    const isNew = id === 0 && version === 0 && tableCount(connection) === 0;
    if (id !== APPLICATION_ID && !isNew) {
      throw refusal(t('{0} is not a database of Countersign.', path));
    }
    if (version > MIGRATIONS.length) {
      throw refusal(
        t(
          '{0} was written by a newer version of Countersign. Update the extension to open it.',
          path,
        ),
      );
    }
  } finally {
    connection.close();
  }
}

function refusal(message: string): UserFacingError {
  return new UserFacingError('storage', message, 'showLog');
}

function migrate(connection: DatabaseSync): void {
  if (pragma(connection, 'user_version') === MIGRATIONS.length) return;
  connection.exec('BEGIN IMMEDIATE');
  finish(connection, () => {
    // Another window may have migrated between the look and the lock.
    for (const sql of MIGRATIONS.slice(pragma(connection, 'user_version'))) connection.exec(sql);
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

function tableCount(connection: DatabaseSync): number {
  return Number(
    connection.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'],
  );
}

function pragma(connection: DatabaseSync, name: string): number {
  return Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function wrap(connection: DatabaseSync, path: string, patience: number): Database {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = connection.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  const queue = createQueue();
  return {
    path,
    get: (sql, ...values) => prepared(sql).get(...values),
    all: (sql, ...values) => prepared(sql).all(...values),
    run(sql, ...values) {
      if (!connection.isTransaction) throw new Error('Written outside of a transaction');
      return Number(prepared(sql).run(...values).changes);
    },
    transaction: (work, durability = 'usual') =>
      queue.run(async () => {
        const deadline = performance.now() + patience;
        for (;;) {
          const done = attempt(connection, work, durability);
          if (done !== null) return done.result;
          if (performance.now() > deadline) throw refusal(keptLocked(path));
          await setTimeout(PAUSE);
        }
      }),
    close() {
      statements.clear();
      connection.close();
    },
  };
}

/** Null if another process has the lock; then nothing was done. */
function attempt<T>(
  connection: DatabaseSync,
  work: () => T,
  durability: Durability,
): { readonly result: T } | null {
  // Outside of a transaction only (https://www.sqlite.org/pragma.html#pragma_synchronous).
  if (durability === 'durable') connection.exec('PRAGMA synchronous = FULL');
  try {
    if (!begin(connection)) return null;
    return { result: finish(connection, work) };
  } finally {
    if (durability === 'durable') connection.exec('PRAGMA synchronous = NORMAL');
  }
}

function begin(connection: DatabaseSync): boolean {
  connection.exec('PRAGMA busy_timeout = 0');
  try {
    connection.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  } finally {
    connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
  }
}

function finish<T>(connection: DatabaseSync, work: () => T): T {
  try {
    const result = work();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    // After some errors, such as a full disk, SQLite has rolled back by itself.
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

/** SQLITE_BUSY and its kinds, https://www.sqlite.org/rescode.html#busy. */
export function isBusy(error: unknown): boolean {
  const BUSY = 5;
  const { errcode } = error as { readonly errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === BUSY;
}

const keptLocked = (path: string): string =>
  t(
    'Another program keeps {0} locked, so nothing could be stored. Close it, or wait, and try again.',
    path,
  );
