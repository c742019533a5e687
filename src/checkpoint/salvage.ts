import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { MIGRATIONS } from './migrations.ts';
import { tablesOf } from './inspect.ts';

/** Copies every row that can be read from a damaged database into a new one of the same version. */
export function salvage(damaged: DatabaseSync, whole: DatabaseSync): void {
  whole.exec('PRAGMA foreign_keys = OFF; DELETE FROM identity');
  for (const table of tablesOf(MIGRATIONS.length)) {
    // From both ends: what is damaged in between keeps what is behind it from being read.
    for (const order of ['ASC', 'DESC']) copyRows(damaged, whole, table, order);
  }
}

function copyRows(damaged: DatabaseSync, whole: DatabaseSync, table: string, order: string): void {
  const columns = whole.prepare(`SELECT name, pk FROM pragma_table_info('${table}')`).all();
  const names = columns.map(({ name }) => String(name));
  const isOrdered = hasRowid(whole, table);
  const key = columns.filter(({ pk }) => Number(pk) > 0).map(({ name }) => String(name));
  const by = (isOrdered ? ['rowid'] : key).map((name) => `${name} ${order}`).join(', ');
  const rows = `SELECT ${isOrdered ? 'rowid AS place, ' : ''}${names.join(', ')} FROM ${table} NOT INDEXED ORDER BY ${by}`;
  const into = isOrdered ? ['rowid', ...names] : names;
  const insert = whole.prepare(
    `INSERT OR IGNORE INTO ${table} (${into.join(', ')}) VALUES (${into.map(() => '?').join(', ')})`,
  );
  whole.exec('BEGIN');
  try {
    for (const row of damaged.prepare(rows).iterate()) {
      insert.run(...(Object.values(row) as SQLInputValue[]));
    }
  } catch {
    // As far as it goes.
  }
  whole.exec('COMMIT');
}

function hasRowid(connection: DatabaseSync, table: string): boolean {
  const row = connection
    .prepare(`SELECT wr FROM pragma_table_list WHERE name = ? AND schema = 'main'`)
    .get(table);
  return Number(row?.['wr']) === 0;
}
