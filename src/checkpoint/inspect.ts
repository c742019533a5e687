import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Database } from './connection.ts';
import { APPLICATION_ID, SIDES } from './files.ts';
import { MIGRATIONS } from './migrations.ts';
import { loadSqlite, pragma } from './sqlite.ts';
import type { StorageTrouble } from '../shared/storage.ts';

/** The first version that has an identity. */
const IDENTITY_SINCE = 3;
/** Up to this size, in bytes, all of a file is checked after a crash: about 1 ms for each million. */
const CHECKED_AT_ONCE = 32_000_000;

/** What is in a file that can be opened. */
export interface Found {
  readonly version: number;
  /** Null for versions before there was one. */
  readonly databaseId: string | null;
}

/** Something about the file that is no error of SQLite. */
export class Refusal extends Error {
  readonly trouble: StorageTrouble;

  constructor(trouble: StorageTrouble, cause = '') {
    super(cause);
    this.trouble = trouble;
  }
}

/**
 * Looks at a file before anything that could change it: null for a file that was made and never
 * filled, or is missing.
 * @throws Refusal or an error of SQLite if it cannot be opened
 */
export function inspect(path: string): Found | null {
  const size = sizeOf(path);
  for (const side of SIDES) sizeOf(`${path}${side}`);
  if (size === null) return null;
  refuseUnwritable(path);
  if (size === 0) return null;
  const isLeft = (sizeOf(`${path}-wal`) ?? 0) > 0;
  const connection = new (loadSqlite().DatabaseSync)(path, { readOnly: true });
  try {
    const found = lookInto(connection);
    // What is in the log beside it may belong to another database, and would be written into ours.
    if (found !== null && isLeft && size <= CHECKED_AT_ONCE) {
      const [problem] = quickCheck(connection, 1);
      if (problem !== undefined) throw new Refusal('damaged', problem);
    }
    return found;
  } finally {
    connection.close();
  }
}

/** @throws Refusal if it is not ours, newer, or incomplete */
export function lookInto(connection: DatabaseSync): Found | null {
  const id = pragma(connection, 'application_id');
  const version = pragma(connection, 'user_version');
  const tables = tableNames(connection);
  if (id !== APPLICATION_ID) {
    if (id === 0 && version === 0 && tables.size === 0) return null;
    throw new Refusal('notOurs');
  }
  if (version > MIGRATIONS.length) throw new Refusal('newer');
  const missing = tablesOf(version).find((name) => !tables.has(name));
  if (version === 0 || missing !== undefined) {
    throw new Refusal('damaged', `table ${missing ?? 'threads'} is missing`);
  }
  return { version, databaseId: version < IDENTITY_SINCE ? null : identityIn(connection) };
}

export function identityIn(connection: DatabaseSync): string {
  const id = connection.prepare('SELECT database_id FROM identity').get()?.['database_id'];
  if (typeof id !== 'string') throw new Refusal('damaged', 'its identity is missing');
  return id;
}

/** The same of a database that is open. */
export function identityOf(database: Pick<Database, 'get'>): string {
  return String(database.get('SELECT database_id FROM identity')?.['database_id']);
}

/** What is wrong with the structure of a database, at most so many lines. */
export function quickCheck(connection: DatabaseSync, lines: number): string[] {
  return connection
    .prepare(`PRAGMA quick_check(${lines})`)
    .all()
    .map((row) => String(row['quick_check']))
    .filter((line) => line !== 'ok');
}

/** By its migrations, so that no list of them can be forgotten. */
export function tablesOf(version: number): string[] {
  const names = new Set<string>();
  const forms = /CREATE TABLE (\w+)|DROP TABLE (\w+)|ALTER TABLE (\w+) RENAME TO (\w+)/gu;
  for (const sql of MIGRATIONS.slice(0, version)) {
    for (const [, made, dropped, from, to] of sql.matchAll(forms)) {
      if (made !== undefined) names.add(made);
      for (const gone of [dropped, from]) if (gone !== undefined) names.delete(gone);
      if (to !== undefined) names.add(to);
    }
  }
  return [...names];
}

function tableNames(connection: DatabaseSync): Set<string> {
  const rows = connection.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
  return new Set(rows.map((row) => String(row['name'])));
}

/** Null if there is nothing of that name. A link would lead to a file that is not ours. */
function sizeOf(path: string): number | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (found.isSymbolicLink()) throw new Refusal('link');
  if (!found.isFile()) throw new Refusal('notOurs');
  return found.size;
}

/** Decides by mode bits first, since they mean nothing to the system when root asks. */
function refuseUnwritable(path: string): void {
  // What Windows calls a read-only folder can be written to.
  const places = process.platform === 'win32' ? [path] : [path, dirname(path)];
  for (const place of places) {
    if ((statSync(place).mode & 0o222) === 0) throw new Refusal('readOnly');
    accessSync(place, constants.W_OK);
  }
}
