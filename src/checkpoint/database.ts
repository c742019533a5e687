import { t } from '@vscode/l10n';
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { messageOf } from '../shared/lifecycle.ts';
import { UserFacingError } from '../shared/errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** Name of the database in the storage folder. */
export const DATABASE_FILE = 'countersign.sqlite';
/** "CSGN": marks the file as ours, https://www.sqlite.org/pragma.html#pragma_application_id. */
const APPLICATION_ID = 0x4353474e;
/** A lock held by another process blocks this thread for so long, in milliseconds. */
const BUSY_TIMEOUT = 500;

export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlRow = Record<string, SqlValue>;

/** The one connection. Statements are prepared once; transactions do not nest. */
export interface Database {
  readonly path: string;
  get(sql: string, ...values: SqlValue[]): SqlRow | undefined;
  all(sql: string, ...values: SqlValue[]): SqlRow[];
  /** Answers how many rows were changed. */
  run(sql: string, ...values: SqlValue[]): number;
  /** All of `work` or nothing of it. */
  transaction<T>(work: () => T): T;
  /**
   * What `work` commits, and all that was committed before it, survives a power cut once this
   * returns. What is committed outside survives the end of the process, and a power cut a moment
   * later (https://www.sqlite.org/pragma.html#pragma_synchronous, NORMAL in WAL mode).
   */
  durably<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens the database in a folder, making both if they are missing, and brings it up to date.
 * @throws UserFacingError naming the file, if it cannot be opened, is not ours or is newer than this
 * version of the extension. The file is left as it was.
 */
export function openDatabase(folder: string): Database {
  const path = join(folder, DATABASE_FILE);
  const { DatabaseSync } = loadSqlite();
  let connection: DatabaseSync | null = null;
  try {
    mkdirSync(folder, { recursive: true });
    inspect(path);
    connection = new DatabaseSync(path);
    connection.exec(
      `PRAGMA busy_timeout = ${BUSY_TIMEOUT}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`,
    );
    migrate(connection);
    return wrap(connection, path);
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
  inTransaction(connection, () => {
    // Another window may have migrated between the look and the lock.
    for (const sql of MIGRATIONS.slice(pragma(connection, 'user_version'))) connection.exec(sql);
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

function inTransaction<T>(connection: DatabaseSync, work: () => T): T {
  connection.exec('BEGIN IMMEDIATE');
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

function tableCount(connection: DatabaseSync): number {
  return Number(
    connection.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'],
  );
}

function pragma(connection: DatabaseSync, name: string): number {
  return Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function wrap(connection: DatabaseSync, path: string): Database {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = connection.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  return {
    path,
    get: (sql, ...values) => prepared(sql).get(...values),
    all: (sql, ...values) => prepared(sql).all(...values),
    run: (sql, ...values) => Number(prepared(sql).run(...values).changes),
    transaction: (work) => inTransaction(connection, work),
    durably(work) {
      connection.exec('PRAGMA synchronous = FULL');
      try {
        return work();
      } finally {
        connection.exec('PRAGMA synchronous = NORMAL');
      }
    },
    close() {
      statements.clear();
      connection.close();
    },
  };
}
