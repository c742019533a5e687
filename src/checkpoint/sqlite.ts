import { t } from '@vscode/l10n';
import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import { UserFacingError } from '../shared/errors.ts';

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

export function pragma(connection: DatabaseSync, name: string): number {
  return Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** Primary result codes, https://www.sqlite.org/rescode.html. */
export const RESULT = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  corrupt: 11,
  full: 13,
  notADatabase: 26,
} as const;

/** The primary result code of an error of SQLite; null for any other error. */
export function resultOf(error: unknown): number | null {
  const { errcode } = error as { readonly errcode?: number };
  return errcode === undefined ? null : errcode & 0xff;
}

/** SQLITE_BUSY and its kinds, https://www.sqlite.org/rescode.html#busy. */
export function isBusy(error: unknown): boolean {
  return resultOf(error) === RESULT.busy;
}

/** All of `work` or nothing of it; the transaction is begun already. */
export function finish<T>(connection: DatabaseSync, work: () => T): T {
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
