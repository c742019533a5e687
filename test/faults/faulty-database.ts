import type { Database } from '../../src/checkpoint/database.ts';

/** One call of the database, before it is made. */
export interface DatabaseCall {
  /** Counted from 1. */
  readonly number: number;
  /** A transaction is two calls, its beginning and its end. */
  readonly name: 'get' | 'all' | 'run' | 'begin' | 'commit' | 'durably';
  /** '' for what has none. */
  readonly sql: string;
}

export interface DatabaseFault {
  readonly code: keyof typeof CODES;
  /** `before`: nothing is done. `after`: it is done, and reported as failed. */
  readonly when: 'before' | 'after';
}

/** Says of every call whether it is to fail. */
export type DatabasePlan = (call: DatabaseCall) => DatabaseFault | null;

/** SQLite's results and their numbers, https://www.sqlite.org/rescode.html. */
const CODES = {
  SQLITE_BUSY: [5, 'database is locked'],
  SQLITE_IOERR: [10, 'disk I/O error'],
  SQLITE_FULL: [13, 'database or disk is full'],
} as const;

/** A database whose calls fail by a plan. What fails within a transaction undoes all of it. */
export function makeFaultyDatabase(database: Database, plan: DatabasePlan): Database {
  let calls = 0;
  const made = <T>(name: DatabaseCall['name'], sql: string, call: () => T): T => {
    const fault = plan({ number: ++calls, name, sql });
    if (fault === null) return call();
    if (fault.when === 'after') call();
    throw errorOf(fault);
  };
  return {
    path: database.path,
    get: (sql, ...values) => made('get', sql, () => database.get(sql, ...values)),
    all: (sql, ...values) => made('all', sql, () => database.all(sql, ...values)),
    run: (sql, ...values) => made('run', sql, () => database.run(sql, ...values)),
    async transaction(work, durability) {
      made(durability === 'durable' ? 'durably' : 'begin', '', () => undefined);
      const late: Error[] = [];
      const result = await database.transaction(() => {
        const answer = work();
        const fault = plan({ number: ++calls, name: 'commit', sql: '' });
        if (fault?.when === 'before') throw errorOf(fault);
        if (fault !== null) late.push(errorOf(fault));
        return answer;
      }, durability);
      for (const error of late) throw error;
      return result;
    },
    close: () => {
      database.close();
    },
  };
}

function errorOf({ code }: DatabaseFault): Error {
  const [errcode, errstr] = CODES[code];
  return Object.assign(new Error(errstr), { code: 'ERR_SQLITE_ERROR', errcode, errstr });
}
