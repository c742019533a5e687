import type { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import type { Database, SqlValue } from './database.ts';

/** What `SqliteSaver` calls on its database. */
type SaverDatabase = SqliteSaver['db'];

/**
 * Our connection in the shape of better-sqlite3's, as far as the stock saver uses it: `prepare` with
 * `get`, `all` and `run`, and `transaction`. Unset values are bound as null, which `node:sqlite`
 * does not do by itself.
 */
export function asSaverDatabase(database: Database): SaverDatabase {
  const bound = (values: readonly (SqlValue | undefined)[]): SqlValue[] =>
    values.map((value) => value ?? null);
  const adapter = {
    prepare: (sql: string) => ({
      get: (...values: SqlValue[]) => database.get(sql, ...bound(values)),
      all: (...values: SqlValue[]) => database.all(sql, ...bound(values)),
      run: (...values: SqlValue[]) => database.run(sql, ...bound(values)),
    }),
    transaction:
      <A extends unknown[]>(work: (...args: A) => void) =>
      (...args: A) => {
        database.transaction(() => {
          work(...args);
        });
      },
  };
  return adapter;
}
