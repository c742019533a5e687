import type { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import type { Database, SqlValue } from './database.ts';

/** What `SqliteSaver` calls on its database. */
type SaverDatabase = SqliteSaver['db'];

/**
 * Our connection in the shape of better-sqlite3's, for what the stock saver reads by itself. What
 * it would write goes another way, which waits for locks.
 */
export function asSaverDatabase(database: Database): SaverDatabase {
  const bound = (values: readonly (SqlValue | undefined)[]): SqlValue[] =>
    values.map((value) => value ?? null);
  const refuse = (): never => {
    throw new Error('The saver writes by transactions of the database');
  };
  return {
    prepare: (sql: string) => ({
      get: (...values: SqlValue[]) => database.get(sql, ...bound(values)),
      all: (...values: SqlValue[]) => database.all(sql, ...bound(values)),
      run: refuse,
    }),
    transaction: () => refuse,
  };
}
