import { createHash } from 'node:crypto';
import type { SqlRow } from '../checkpoint/database.ts';
import type { DecidedBy } from '../shared/decision.ts';
import { canonicalJson } from './canonical-json.ts';

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
  | 'refused'
  /** A message that was blocked, which takes the place of the proposal. */
  | 'sentAnyway';

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
  readonly by: DecidedBy | 'executor' | 'recovery';
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

/** SHA-256 of a row and, by the hash of the one before it, of all before it. */
export function rowHash(previous: string, row: Omit<AuditRow, 'hash'>): string {
  const { seq, time, event, threadId, proposalId, effectHash, by, edited, seconds } = row;
  const files = row.files?.map(({ path, before, after }) => ({ path, before, after })) ?? null;
  const text = canonicalJson({
    ...{ previous, seq, time, event, threadId, proposalId },
    ...{ effectHash, files, by, edited, seconds },
  });
  return createHash('sha256').update(`countersign-audit-v1\0${text}`).digest('hex');
}

/** A row as it is stored; in the order of the table. */
export function columnsOf(row: AuditRow): SqlRow {
  return {
    seq: row.seq,
    time: row.time,
    event: row.event,
    thread_id: row.threadId,
    proposal_id: row.proposalId,
    effect_hash: row.effectHash === null ? null : Buffer.from(row.effectHash, 'hex'),
    files: row.files === null ? null : JSON.stringify(row.files),
    by: row.by,
    edited: row.edited ? 1 : 0,
    seconds: row.seconds,
    hash: Buffer.from(row.hash, 'hex'),
  };
}

export function toRow(row: SqlRow): AuditRow {
  return {
    seq: Number(row['seq']),
    time: Number(row['time']),
    event: String(row['event']) as AuditEvent,
    threadId: String(row['thread_id']),
    proposalId: String(row['proposal_id']),
    effectHash: row['effect_hash'] === null ? null : hexOf(row['effect_hash']),
    files: row['files'] === null ? null : parseFiles(String(row['files'])),
    by: String(row['by']) as AuditEntry['by'],
    edited: row['edited'] === 1,
    seconds: row['seconds'] === null ? null : Number(row['seconds']),
    hash: hexOf(row['hash']),
  };
}

/** A row that was tampered with must be found out, not stop the search for it. */
function parseFiles(text: string): readonly AuditFile[] {
  try {
    const files: unknown = JSON.parse(text);
    if (!Array.isArray(files) || !files.every(isFile)) return [];
    return files.map(({ path, before, after }) => ({ path, before, after }));
  } catch {
    return [];
  }
}

function isFile(value: unknown): value is AuditFile {
  const isHash = (hash: unknown): boolean => hash === null || typeof hash === 'string';
  return (
    typeof value === 'object' &&
    value !== null &&
    ['path', 'before', 'after'].every((name) => name in value) &&
    typeof (value as AuditFile).path === 'string' &&
    isHash((value as AuditFile).before) &&
    isHash((value as AuditFile).after)
  );
}

export function hexOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}
