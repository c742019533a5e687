import { t } from '@vscode/l10n';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { UserFacingError } from '../shared/errors.ts';
import { createQueue } from '../shared/queue.ts';
import { finish, isBusy } from './sqlite.ts';

/**
 * What a reader waits for, in milliseconds, blocking this thread: another connection that is being
 * opened after a crash, or closed. Writers wait without blocking.
 */
export const BUSY_TIMEOUT = 250;
/** How long a transaction waits for the lock of another process, in milliseconds. */
export const PATIENCE = 30_000;
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

export interface WrapOptions {
  readonly path: string;
  readonly patience: number;
  /** Puts an error of SQLite into words, where there are some. */
  readonly explain: (error: unknown) => unknown;
  /** Clears away what was only there for this connection. */
  readonly closed?: () => void;
}

export function wrap(connection: DatabaseSync, options: WrapOptions): Database {
  const { path, patience, explain, closed } = options;
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = connection.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  const explained = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw explain(error);
    }
  };
  const queue = createQueue();
  return {
    path,
    get: (sql, ...values) => explained(() => prepared(sql).get(...values)),
    all: (sql, ...values) => explained(() => prepared(sql).all(...values)),
    run(sql, ...values) {
      if (!connection.isTransaction) throw new Error('Written outside of a transaction');
      return explained(() => Number(prepared(sql).run(...values).changes));
    },
    transaction: (work, durability = 'usual') =>
      queue.run(async () => {
        const deadline = performance.now() + patience;
        for (;;) {
          const done = explained(() => attempt(connection, work, durability));
          if (done !== null) return done.result;
          if (performance.now() > deadline) {
            throw new UserFacingError('storage', keptLocked(path), 'showLog');
          }
          await setTimeout(PAUSE);
        }
      }),
    close() {
      statements.clear();
      connection.close();
      closed?.();
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

const keptLocked = (path: string): string =>
  t(
    'Another program keeps {0} locked, so nothing could be stored. Close it, or wait, and try again.',
    path,
  );
