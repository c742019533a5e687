import { createHash } from 'node:crypto';
import type { Database, SqlRow } from '../checkpoint/database.ts';
import { failpoint } from '../shared/failpoint.ts';
import { canonicalJson } from './envelope.ts';

/** What happened to a proposal. */
export type AuditEvent =
  | 'shown'
  | 'superseded'
  | 'approved'
  | 'rejected'
  | 'redirected'
  | 'doneByHand'
  | 'answered'
  | 'settled'
  | 'reopened'
  | 'claimed'
  | 'applied'
  | 'partial'
  | 'rolledBack'
  | 'failed'
  | 'stale'
  | 'unknown'
  | 'kept'
  | 'cancelled'
  | 'refused';

/** A file that an effect is about, by its hashes before and after; null: no file. */
export interface AuditFile {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** One row. Holds no contents, no words of the user or the model, and no secrets. */
export interface AuditEntry {
  readonly event: AuditEvent;
  readonly threadId: string;
  readonly proposalId: string;
  /** Lower-case hex, or null where the effect was not yet shown. */
  readonly effectHash: string | null;
  readonly files: readonly AuditFile[] | null;
  /** A person, or the part of Countersign that acted. */
  readonly by: 'user' | 'executor' | 'recovery';
  /** True if the approved effect is not exactly the one that the agent proposed. */
  readonly edited: boolean;
  /** From the first sight to the decision. */
  readonly seconds: number | null;
}

export interface AuditRow extends AuditEntry {
  readonly seq: number;
  /** Milliseconds since 1970, by the clock of the machine; the order is that of `seq`. */
  readonly time: number;
  /** Of this row and all before it, in lower-case hex. */
  readonly hash: string;
}

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
  let latest: string | null = null;
  return {
    append(entry) {
      const last = database.get('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
      const seq = Number(last?.['seq'] ?? 0) + 1;
      const time = now();
      const hash = rowHash(last === undefined ? '' : hex(last['hash']), { ...entry, seq, time });
      insert(database, { ...entry, seq, time, hash });
      failpoint('audit.append');
      latest = `${seq}:${hash}`;
    },
    publish() {
      if (latest !== null) head.write(latest);
      latest = null;
    },
    discard() {
      latest = null;
    },
    rows: () => database.all('SELECT * FROM audit ORDER BY seq').map(toRow),
    verify() {
      let previous = '';
      let rows = 0;
      const known = parseHead(head.read());
      for (const row of database.all('SELECT * FROM audit ORDER BY seq').map(toRow)) {
        if (row.seq !== rows + 1) return { rows, problem: 'missing', at: rows + 1 };
        if (rowHash(previous, row) !== row.hash) return { rows, problem: 'changed', at: row.seq };
        if (known?.seq === row.seq && known.hash !== row.hash) {
          return { rows, problem: 'changed', at: row.seq };
        }
        previous = row.hash;
        rows++;
      }
      if (known !== null && known.seq > rows) return { rows, problem: 'cutOff', at: rows + 1 };
      return { rows, problem: null, at: null };
    },
  };
}

function rowHash(previous: string, row: Omit<AuditRow, 'hash'>): string {
  const { seq, time, event, threadId, proposalId, effectHash, by, edited, seconds } = row;
  const files = row.files?.map(({ path, before, after }) => ({ path, before, after })) ?? null;
  const text = canonicalJson({
    ...{ previous, seq, time, event, threadId, proposalId },
    ...{ effectHash, files, by, edited, seconds },
  });
  return createHash('sha256').update(`countersign-audit-v1\0${text}`).digest('hex');
}

function insert(database: Database, row: AuditRow): void {
  database.run(
    `INSERT INTO audit (seq, time, event, thread_id, proposal_id, effect_hash, files, by, edited,
       seconds, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.seq,
    row.time,
    row.event,
    row.threadId,
    row.proposalId,
    row.effectHash === null ? null : Buffer.from(row.effectHash, 'hex'),
    row.files === null ? null : JSON.stringify(row.files),
    row.by,
    row.edited ? 1 : 0,
    row.seconds,
    Buffer.from(row.hash, 'hex'),
  );
}

function toRow(row: SqlRow): AuditRow {
  return {
    seq: Number(row['seq']),
    time: Number(row['time']),
    event: String(row['event']) as AuditEvent,
    threadId: String(row['thread_id']),
    proposalId: String(row['proposal_id']),
    effectHash: row['effect_hash'] === null ? null : hex(row['effect_hash']),
    files: row['files'] === null ? null : parseFiles(String(row['files'])),
    by: String(row['by']) as AuditEntry['by'],
    edited: row['edited'] === 1,
    seconds: row['seconds'] === null ? null : Number(row['seconds']),
    hash: hex(row['hash']),
  };
}

/** A row that was tampered with must be found out, not stop the search for it. */
function parseFiles(text: string): readonly AuditFile[] {
  try {
    const files: unknown = JSON.parse(text);
    return Array.isArray(files) && files.every(isFile) ? files : [];
  } catch {
    return [];
  }
}

function isFile(value: unknown): value is AuditFile {
  return typeof value === 'object' && value !== null && 'path' in value;
}

function hex(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

function parseHead(head: string | null): { seq: number; hash: string } | null {
  const [, seq, hash = ''] = /^(\d+):([0-9a-f]{64})$/u.exec(head ?? '') ?? [];
  return seq === undefined ? null : { seq: Number(seq), hash };
}
