import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isBusy, loadSqlite } from './database.ts';

/**
 * Tells whether a window is alive: each holds a lock on a small file of its own, which the operating
 * system takes away when the process ends, in whatever way. No clock and no process id, which another
 * process may have by now, is asked.
 */
export interface Living {
  isAlive(owner: string): boolean;
  /** Lets go of this window's own lock. */
  close(): void;
}

const FILE = /^window-([\w-]+)\.lock$/u;

/** @param owner of this window */
export function createLiving(folder: string, owner: string): Living {
  const pathOf = (one: string): string => join(folder, `window-${one}.lock`);
  for (const name of readdirSync(folder)) {
    const other = FILE.exec(name)?.[1];
    if (other !== undefined) removeDead(pathOf(other));
  }
  const own = lockOwn(pathOf(owner));
  return {
    isAlive(other) {
      if (other === owner) return true;
      const found = lock(pathOf(other));
      if (found instanceof Object) found.close();
      return found === 'locked';
    },
    close() {
      if (own.isOpen) own.close();
      rmSync(pathOf(owner), { force: true });
    },
  };
}

/** For what no other window can see. */
export function alone(): Living {
  return { isAlive: () => false, close: () => undefined };
}

/** Somebody who takes it for a dead one's may be about to remove it; then it is made again. */
function lockOwn(path: string): DatabaseSync {
  for (;;) {
    const connection = new (loadSqlite().DatabaseSync)(path);
    try {
      connection.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      if (existsSync(path)) return connection;
    } catch (error) {
      connection.close();
      if (!isBusy(error)) throw error;
    }
  }
}

/** What a window left behind that was killed. Removed under its lock: nobody else has it by then. */
function removeDead(path: string): void {
  const connection = lock(path);
  if (!(connection instanceof Object)) return;
  try {
    rmSync(path, { force: true });
  } catch {
    // Not while it is open, on some systems; it is a few bytes, and tells nobody anything wrong.
  } finally {
    connection.close();
  }
}

function lock(path: string): DatabaseSync | 'locked' | 'missing' {
  if (!existsSync(path)) return 'missing';
  const connection = new (loadSqlite().DatabaseSync)(path);
  try {
    connection.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    return connection;
  } catch (error) {
    connection.close();
    if (isBusy(error)) return 'locked';
    throw error;
  }
}
