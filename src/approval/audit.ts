import type { Database, SqlRow } from '../checkpoint/database.ts';
import { failpoint } from '../shared/failpoint.ts';
import { type AuditEntry, type AuditRow, columnsOf, hexOf, rowHash, toRow } from './audit-rows.ts';

/** The newest row's place and hash, kept away from the database, so that a cut end shows. */
export interface AuditHead {
  read(): string | null;
  write(head: string): void;
}

/** What `verify` found: how many rows hold, and what is wrong with the next, if anything is. */
export interface AuditVerdict {
  readonly rows: number;
  readonly problem: 'changed' | 'missing' | 'cutOff' | null;
  /** The number of the first row that does not hold, or null. */
  readonly at: number | null;
}

/** An append-only record. Each row's hash covers the one before it. */
export interface Audit {
  /** Within a transaction of the caller, so that it happens together with what it tells of. */
  append(entry: AuditEntry): void;
  /** After the transaction: makes the newest row known elsewhere. */
  publish(): void;
  /** Before a transaction: forgets what was appended in one that failed. */
  discard(): void;
  rows(): readonly AuditRow[];
  verify(): AuditVerdict;
}

export function createAudit(database: Database, now: () => number, head: AuditHead): Audit {
  let latest: Head | null = null;
  return {
    append(entry) {
      const last = database.get('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
      const seq = Number(last?.['seq'] ?? 0) + 1;
      const time = now();
      const hash = rowHash(last === undefined ? '' : hexOf(last['hash']), { ...entry, seq, time });
      insert(database, { ...entry, seq, time, hash });
      failpoint('audit.append');
      latest = { seq, hash };
    },
    publish() {
      const known = parseHead(head.read());
      const follows = known === null || (latest?.seq ?? 0) > known.seq;
      if (latest !== null && follows && isThere(database, known)) {
        head.write(`${latest.seq}:${latest.hash}`);
      }
      latest = null;
    },
    discard() {
      latest = null;
    },
    rows: () => database.all('SELECT * FROM audit ORDER BY seq').map(toRow),
    verify: () => verify(database, parseHead(head.read())),
  };
}

/** Where the end was cut off, the head that shows it stays. */
function isThere(database: Database, head: Head | null): boolean {
  if (head === null) return true;
  const row = database.get('SELECT hash FROM audit WHERE seq = ?', head.seq);
  return row !== undefined && hexOf(row['hash']) === head.hash;
}

/** One row after the other, so that one that cannot even be read does not stop the search. */
function verify(database: Database, head: Head | null): AuditVerdict {
  let previous = '';
  let rows = 0;
  for (;;) {
    const next = nextRow(database, rows);
    if (next === null) break;
    if (next === 'unreadable') return { rows, problem: 'changed', at: rows + 1 };
    const row = toRow(next);
    if (row.seq !== rows + 1) return { rows, problem: 'missing', at: rows + 1 };
    const isHead = head?.seq === row.seq;
    const isOurs = isAsWritten(next, row) && rowHash(previous, row) === row.hash;
    if (!isOurs || (isHead && head.hash !== row.hash)) {
      return { rows, problem: 'changed', at: row.seq };
    }
    previous = row.hash;
    rows++;
  }
  if (head !== null && head.seq > rows) return { rows, problem: 'cutOff', at: rows + 1 };
  const count = Number(database.get('SELECT count(*) AS rows FROM audit')?.['rows']);
  if (count !== rows) return { rows, problem: 'changed', at: rows + 1 };
  return { rows, problem: null, at: null };
}

function nextRow(database: Database, after: number): SqlRow | 'unreadable' | null {
  try {
    const sql = 'SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT 1';
    return database.get(sql, after) ?? null;
  } catch (error) {
    // A number past what JavaScript has.
    if (error instanceof RangeError) return 'unreadable';
    throw error;
  }
}

/** The row has what `append` writes, down to the last character of its files. */
function isAsWritten(found: SqlRow, row: AuditRow): boolean {
  return Object.entries(columnsOf(row)).every(([column, value]) => {
    const stored = found[column];
    return value instanceof Uint8Array
      ? stored instanceof Uint8Array && Buffer.compare(stored, value) === 0
      : stored === value;
  });
}

function insert(database: Database, row: AuditRow): void {
  database.run(
    `INSERT INTO audit (seq, time, event, thread_id, proposal_id, effect_hash, files, by, edited,
       seconds, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...Object.values(columnsOf(row)),
  );
}

interface Head {
  readonly seq: number;
  readonly hash: string;
}

function parseHead(head: string | null): Head | null {
  const [, seq, hash = ''] = /^(\d+):([0-9a-f]{64})$/u.exec(head ?? '') ?? [];
  return seq === undefined ? null : { seq: Number(seq), hash };
}
