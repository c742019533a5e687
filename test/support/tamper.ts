import { DatabaseSync } from 'node:sqlite';
import type { Database, SqlValue } from '../../src/checkpoint/database.ts';

/** Changes what is stored behind the back of everyone, at once. Answers how many rows were changed. */
export function tamper(
  { path }: Pick<Database, 'path'>,
  sql: string,
  ...values: SqlValue[]
): number {
  const connection = new DatabaseSync(path);
  try {
    connection.exec('PRAGMA foreign_keys = OFF');
    return Number(connection.prepare(sql).run(...values).changes);
  } finally {
    connection.close();
  }
}

/** What `work` stores is there for it alone. */
export async function undone(database: Database, work: () => void): Promise<void> {
  const over = new Error('over');
  const undo = (): never => {
    work();
    throw over;
  };
  await database.transaction(undo).catch((error: unknown) => {
    if (error !== over) throw error;
  });
}
