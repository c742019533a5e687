import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE, loadSqlite } from './database.ts';

const OPEN = `'proposed', 'approved', 'claimed', 'partial', 'unknown'`;
/** In version 1 of the database, which the first use brings up to date. */
const OPEN_BEFORE = `'proposed', 'approved', 'claimed'`;

/**
 * How many approvals wait in a storage folder: one indexed query on a read-only connection, so that
 * a start of the editor costs next to nothing. 0 where there is no database yet.
 */
export function countPending(folder: string): number {
  const path = join(folder, DATABASE_FILE);
  if (!existsSync(path)) return 0;
  const connection = new (loadSqlite().DatabaseSync)(path, { readOnly: true });
  try {
    // Made, but never filled: the editor stopped right then.
    const version = Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version === 0) return 0;
    const row = connection
      .prepare(
        `SELECT count(*) AS pending FROM proposals INDEXED BY proposals_open
         WHERE state IN (${version === 1 ? OPEN_BEFORE : OPEN}) AND undoes IS NULL
           AND thread_id NOT IN (SELECT thread_id FROM threads WHERE deleted_at IS NOT NULL)`,
      )
      .get();
    return Number(row?.['pending']);
  } finally {
    connection.close();
  }
}
