import { closeSync, existsSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, BACKUP_FILE, databaseIn } from './files.ts';
import { loadSqlite, pragma } from './sqlite.ts';

const OPEN = `'proposed', 'approved', 'claimed', 'partial', 'unknown'`;
/** In version 1 of the database, which the first use brings up to date. */
const OPEN_BEFORE = `'proposed', 'approved', 'claimed'`;

/**
 * How many approvals wait in a storage folder: one indexed query on a read-only connection, so that
 * a start of the editor costs next to nothing. 0 where there is no database yet, and where it cannot
 * be read: whoever opens it says why.
 */
export function countPending(folder: string): number {
  const path = databaseIn(folder);
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return 0;
  let connection: DatabaseSync | null = null;
  try {
    connection = new (loadSqlite().DatabaseSync)(path, { readOnly: true });
    // Made, but never filled: the editor stopped right then.
    const version = pragma(connection, 'user_version');
    if (version === 0 || pragma(connection, 'application_id') !== APPLICATION_ID) return 0;
    const row = connection
      .prepare(
        `SELECT count(*) AS pending FROM proposals INDEXED BY proposals_open
         WHERE state IN (${version === 1 ? OPEN_BEFORE : OPEN}) AND undoes IS NULL
           AND thread_id NOT IN (SELECT thread_id FROM threads WHERE deleted_at IS NOT NULL)`,
      )
      .get();
    return Number(row?.['pending']);
  } catch {
    return 0;
  } finally {
    connection?.close();
  }
}

const MAGIC = 'SQLite format 3\0';

/**
 * True if it takes no more than a look to see that something happened to a history: its file is
 * missing, empty, a link, or does not begin as a database does.
 */
export function looksDamaged(folder: string, databaseId: string | null): boolean {
  const path = databaseIn(folder);
  const found = lstatSync(path, { throwIfNoEntry: false });
  const hadHistory = databaseId !== null || existsSync(join(folder, BACKUP_FILE));
  if (found === undefined) return hadHistory;
  if (!found.isFile()) return true;
  if (found.size === 0) return hadHistory;
  const start = Buffer.alloc(MAGIC.length);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, start);
    } finally {
      closeSync(file);
    }
  } catch {
    return true;
  }
  return start.toString('latin1') !== MAGIC;
}
