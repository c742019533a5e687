import type { Database, SqlRow } from './database.ts';
import {
  type CheckpointRow,
  type WriteRow,
  damagedConversation,
  isIntactCheckpoint,
  isIntactWrite,
} from './row-hash.ts';

/** Stands in for the tasks whose writes were put together. */
export const PRUNED_TASK = 'pruned';

/** What pruning needs to know of a checkpoint. Plain data, so that it can be compared. */
export interface CheckpointFacts {
  readonly id: string;
  /** Its place in the order in which checkpoints were made. */
  readonly place: number;
  readonly parent: string | null;
  /** What made it: `input`, `loop`, `update` or `fork`. */
  readonly source: string;
  /** Its version of LangGraph's format. */
  readonly version: number;
  /** Channels whose values it holds. */
  readonly stored: readonly string[];
  /** Channels that it says are delta channels. */
  readonly deltas: readonly string[];
  /** A task has stopped there and asked. */
  readonly hasAsked: boolean;
  /** Channels that got something else than an array of messages. */
  readonly odd: readonly string[];
  /** It is what pruning has left of several. */
  readonly isBridge: boolean;
  /** Rows that it takes. */
  readonly rows: number;
}

/** The rows of a checkpoint, intact. */
export interface CheckpointRows {
  readonly checkpoint: CheckpointRow;
  /** In the order in which they were applied. */
  readonly writes: readonly WriteRow[];
}

interface StoredCheckpoint {
  readonly v: number;
  readonly channel_values: Record<string, unknown>;
  readonly versions_seen?: Record<string, unknown>;
}

interface StoredMetadata {
  readonly source?: string;
  readonly counters_since_delta_snapshot?: Record<string, unknown>;
}

/** Oldest first. */
export function idsOf(database: Database, threadId: string): string[] {
  const sql = `SELECT checkpoint_id FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = ''
    ORDER BY rowid`;
  return database.all(sql, threadId).map((row) => String(row['checkpoint_id']));
}

/** Null if it is gone. @throws UserFacingError if its rows are not what was written */
export function rowsOf(database: Database, threadId: string, id: string): CheckpointRows | null {
  const where = `WHERE thread_id = ? AND checkpoint_ns = '' AND checkpoint_id = ?`;
  const row = database.get(`SELECT rowid AS place, * FROM checkpoints ${where}`, threadId, id);
  if (row === undefined) return null;
  const writes = database.all(
    `SELECT * FROM writes ${where} ORDER BY task_path, task_id, idx`,
    threadId,
    id,
  );
  const isIntact =
    isIntactCheckpoint(row, row as SqlRow & CheckpointRow) &&
    writes.every((write) => isIntactWrite(write, write as SqlRow & WriteRow));
  if (!isIntact) throw damagedConversation(database, threadId);
  return {
    checkpoint: row as SqlRow & CheckpointRow,
    writes: writes as (SqlRow & WriteRow)[],
  };
}

export function factsOf({ checkpoint: row, writes }: CheckpointRows): CheckpointFacts {
  const {
    v,
    channel_values: values,
    versions_seen: seen = {},
  } = JSON.parse(textOf(row.checkpoint)) as StoredCheckpoint;
  const metadata = JSON.parse(textOf(row.metadata)) as StoredMetadata;
  const odd = writes.filter((write) => !isMessages(write)).map(({ channel }) => String(channel));
  return {
    id: String(row.checkpoint_id),
    place: Number((row as CheckpointRow & { readonly place?: unknown }).place),
    parent: row.parent_checkpoint_id === null ? null : String(row.parent_checkpoint_id),
    source: metadata.source ?? '',
    version: v,
    stored: Object.keys(values),
    deltas: Object.keys(metadata.counters_since_delta_snapshot ?? {}),
    hasAsked: writes.some(({ channel }) => channel === '__interrupt__'),
    odd: [...new Set(odd)],
    isBridge:
      Object.keys(seen).length === 0 && writes.every(({ task_id: task }) => task === PRUNED_TASK),
    rows: 1 + writes.length,
  };
}

/** Whether a write is plainly an array of messages, which another such may follow in one array. */
function isMessages({ type, value }: WriteRow): boolean {
  if (type !== 'json') return false;
  const written: unknown = JSON.parse(textOf(value));
  return Array.isArray(written) && written.every(isMessage);
}

function isMessage(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  const { lc, type, id } = value as Readonly<Record<string, unknown>>;
  if (lc !== 1 || type !== 'constructor' || !Array.isArray(id)) return false;
  return id.length === 3 && id[0] === 'langchain_core' && id[1] === 'messages';
}

export function textOf(value: unknown): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}
