import { chmodSync, copyFileSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Refusal, lookInto, quickCheck } from './inspect.ts';
import { MIGRATIONS } from './migrations.ts';
import { salvage } from './salvage.ts';
import { loadSqlite } from './sqlite.ts';

/** A copy of a database that must not be changed, for reading. */
export interface ReadableCopy {
  readonly connection: DatabaseSync;
  /** Takes the copy away, once the connection is closed. */
  readonly discard: () => void;
}

/**
 * Copies a database to where it can be brought up to date and read, and leaves it as it is. From a
 * damaged one, what can be read of it.
 * @throws Refusal or an error of SQLite if nothing can be
 */
export function openCopy(path: string, migrate: (connection: DatabaseSync) => void): ReadableCopy {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-copy-'));
  const discard = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const connection = firstOf([
      () => opened(copied(path, folder, ['', '-wal'])),
      // The log beside it may be damaged, or belong to another database.
      () => opened(copied(path, folder, [''])),
      () => salvaged(path, folder, migrate),
    ]);
    migrate(connection);
    return { connection, discard };
  } catch (error) {
    discard();
    throw error;
  }
}

/** What the first of them that does not fail makes; else the first error. */
function firstOf<T>(ways: readonly (() => T)[]): T {
  const errors: unknown[] = [];
  for (const way of ways) {
    try {
      return way();
    } catch (error) {
      errors.push(error);
    }
  }
  throw errors[0];
}

function copied(path: string, folder: string, sides: readonly string[]): string {
  const copy = join(folder, basename(path));
  for (const side of ['', '-wal', '-shm']) rmSync(`${copy}${side}`, { force: true });
  for (const side of sides) {
    if (lstatSync(`${path}${side}`, { throwIfNoEntry: false })?.isFile() !== true) continue;
    copyFileSync(`${path}${side}`, `${copy}${side}`);
    chmodSync(`${copy}${side}`, 0o600);
  }
  return copy;
}

function opened(path: string): DatabaseSync {
  const connection = new (loadSqlite().DatabaseSync)(path);
  try {
    const [problem] = quickCheck(connection, 1);
    if (problem !== undefined) throw new Refusal('damaged', problem);
    if (lookInto(connection) === null) throw new Refusal('lost', 'empty');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function salvaged(
  path: string,
  folder: string,
  migrate: (connection: DatabaseSync) => void,
): DatabaseSync {
  const damaged = new (loadSqlite().DatabaseSync)(copied(path, folder, ['', '-wal']));
  try {
    // Of an older version, there are no tables of the same form to put the rows in.
    if (lookInto(damaged)?.version !== MIGRATIONS.length) throw new Refusal('damaged');
    const whole = new (loadSqlite().DatabaseSync)(join(folder, 'salvaged.sqlite'));
    migrate(whole);
    salvage(damaged, whole);
    return whole;
  } finally {
    damaged.close();
  }
}
