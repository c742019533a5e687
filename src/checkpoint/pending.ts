import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE, loadSqlite } from './database.ts';

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
    if (connection.prepare('PRAGMA user_version').get()?.['user_version'] === 0) return 0;
    const row = connection
      .prepare(
        `SELECT count(*) AS pending FROM proposals INDEXED BY proposals_open
         WHERE state IN ('proposed', 'approved', 'claimed') AND undoes IS NULL
           AND thread_id NOT IN (SELECT thread_id FROM threads WHERE deleted_at IS NOT NULL)`,
      )
      .get();
    return Number(row?.['pending']);
  } finally {
    connection.close();
  }
}
