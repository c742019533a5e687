import {
  type CheckpointPendingWrite,
  type DeltaChannelHistory,
  compareWritesSortKeys,
  writesSortKey,
} from '@langchain/langgraph-checkpoint';
import type { Database, SqlRow } from './database.ts';
import {
  type CheckpointRow,
  type WriteRow,
  damagedConversation,
  isIntactCheckpoint,
  isIntactWrite,
} from './row-hash.ts';
import { unpack } from './serializer.ts';

/** What built up the delta channels of a checkpoint, by channel. */
export type Histories = Record<string, DeltaChannelHistory>;

/** One checkpoint of a thread. */
export interface CheckpointAddress {
  readonly threadId: string;
  readonly namespace: string;
  readonly checkpointId: string;
}

interface Known {
  readonly checkpointId: string;
  readonly histories: Histories;
}

/** A checkpoint on the way back, and what was written on it. */
interface Link {
  readonly row: CheckpointRow;
  /** The channels, by their bits, that are stored as a whole there or further on. */
  readonly found: number;
  readonly writes: WriteRow[];
}

/** Threads whose last history is kept in memory. */
const KEPT_THREADS = 8;

/**
 * The history of delta channels, as `BaseCheckpointSaver.getDeltaChannelHistory` describes it, by
 * one query. It reads no further back than the checkpoint that was asked for before, for what led
 * to a checkpoint never changes. Every answer to an interrupt starts a run, and so asks; without
 * this, each would read the whole conversation again.
 */
export class DeltaHistory {
  readonly #database: Database;
  readonly #known = new Map<string, Known>();

  constructor(database: Database) {
    this.#database = database;
  }

  of(address: CheckpointAddress, channels: readonly string[]): Histories {
    const { threadId, namespace, checkpointId } = address;
    const key = JSON.stringify([threadId, namespace, channels]);
    const known = this.#known.get(key);
    if (known?.checkpointId === checkpointId) return known.histories;
    const links = this.#linksOf(address, channels, known?.checkpointId ?? null);
    const histories = Object.fromEntries(
      channels.map((channel, bit) => [channel, historyOf(channel, bit, links, known)]),
    );
    this.#known.delete(key);
    this.#known.set(key, { checkpointId, histories });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT_THREADS) break;
      this.#known.delete(oldest);
    }
    return histories;
  }

  forget(): void {
    this.#known.clear();
  }

  /** The parents, the next one first; all of it is what was written. */
  #linksOf(address: CheckpointAddress, channels: readonly string[], known: string | null): Link[] {
    const { threadId, namespace, checkpointId } = address;
    const all = new Map<string, Link>();
    const values = [threadId, namespace, checkpointId, known, ...channels];
    for (const row of this.#database.all(wayBack(channels.length), ...values)) {
      const id = String(row['id']);
      const link = all.get(id);
      const isIntact =
        link === undefined
          ? isIntactCheckpoint(row, checkpointOf(address, row))
          : isIntactWrite(row, writeOf(address, row));
      if (!isIntact) throw damagedConversation(this.#database, threadId);
      if (link !== undefined) link.writes.push(writeOf(address, row));
      else all.set(id, { row: checkpointOf(address, row), found: Number(row['d']), writes: [] });
    }
    const links: Link[] = [];
    for (let id = checkpointId; ;) {
      const link = all.get(id);
      // Without what went before, the conversation would silently lack its beginning.
      if (link === undefined || links.length === all.size) {
        throw damagedConversation(this.#database, threadId);
      }
      links.push(link);
      const parent = link.row.parent_checkpoint_id;
      if (parent === null || id === known || link.found === allOf(channels.length)) break;
      id = String(parent);
    }
    return links.slice(1);
  }
}

/**
 * The way from a checkpoint (?3) back along its parents, until each channel (?5, ?6, …) has been
 * found stored as a whole or ?4 is reached, with the writes to these channels on the way. `found`
 * has a bit for each channel. UNION, for it ends even where parents go in a circle. The columns of
 * the two tables share their places, since every column costs as much as the rest of the row.
 */
function wayBack(channels: number): string {
  const wanted = Array.from({ length: channels }, (_, bit) => `?${bit + 5}`);
  const found = wanted.map(
    (channel, bit) =>
      `((json_type(CAST(c.checkpoint AS TEXT), '$.channel_values."' || ${channel} || '"')
         IS NOT NULL) << ${bit})`,
  );
  return `
    WITH RECURSIVE way (place, id, parent, found) AS (
      SELECT rowid, checkpoint_id, parent_checkpoint_id, 0 FROM checkpoints
        WHERE thread_id = ?1 AND checkpoint_ns = ?2 AND checkpoint_id = ?3
      UNION
      SELECT c.rowid, c.checkpoint_id, c.parent_checkpoint_id, ${['way.found', ...found].join('|')}
        FROM way JOIN checkpoints c ON c.thread_id = ?1 AND c.checkpoint_ns = ?2
          AND c.checkpoint_id = way.parent
        WHERE way.found <> ${allOf(channels)} AND way.id IS NOT ?4
    )
    SELECT id, type, hash, parent AS a, checkpoint AS b, metadata AS c, found AS d, NULL AS idx
      FROM way JOIN checkpoints ON checkpoints.rowid = way.place
    UNION ALL
    SELECT id, type, hash, task_id, value, channel, task_path, idx
      FROM way JOIN writes ON thread_id = ?1 AND checkpoint_ns = ?2
        AND checkpoint_id = way.id AND channel IN (${wanted.join(', ')})
      WHERE way.id <> ?3`;
}

const allOf = (channels: number): number => 2 ** channels - 1;

function checkpointOf({ threadId, namespace }: CheckpointAddress, row: SqlRow): CheckpointRow {
  return {
    thread_id: threadId,
    checkpoint_ns: namespace,
    checkpoint_id: row['id'] ?? null,
    parent_checkpoint_id: row['a'] ?? null,
    type: row['type'] ?? null,
    checkpoint: row['b'] ?? null,
    metadata: row['c'] ?? null,
  };
}

function writeOf({ threadId, namespace }: CheckpointAddress, row: SqlRow): WriteRow {
  return {
    thread_id: threadId,
    checkpoint_ns: namespace,
    checkpoint_id: row['id'] ?? null,
    task_id: row['a'] ?? null,
    idx: row['idx'] ?? null,
    channel: row['c'] ?? null,
    type: row['type'] ?? null,
    value: row['b'] ?? null,
    task_path: row['d'] ?? null,
  };
}

function historyOf(
  channel: string,
  bit: number,
  links: readonly Link[],
  known: Known | undefined,
): DeltaChannelHistory {
  // Newest first; turned around at the end.
  const blocks: (readonly CheckpointPendingWrite[])[] = [];
  let begin: DeltaChannelHistory = { writes: [] };
  for (const { row, found, writes } of links) {
    blocks.push(ordered(writes.filter((write) => write.channel === channel)));
    const isStored = (found & (1 << bit)) !== 0;
    if (isStored) begin = { writes: [], seed: seedOf(row, channel) };
    else if (row.checkpoint_id === known?.checkpointId) begin = known.histories[channel] ?? begin;
    else continue;
    break;
  }
  return { ...begin, writes: [...begin.writes, ...blocks.toReversed().flat()] };
}

function seedOf({ type, checkpoint }: CheckpointRow, channel: string): unknown {
  const { channel_values: values } = unpack(String(type), checkpoint as Uint8Array) as {
    readonly channel_values: Record<string, unknown>;
  };
  return values[channel];
}

/** In the order in which the tasks of a step are applied. */
function ordered(rows: readonly WriteRow[]): CheckpointPendingWrite[] {
  const keyed = rows.map((row) => ({
    key: writesSortKey(String(row.task_path), String(row.task_id), Number(row.idx)),
    row,
  }));
  if (keyed.length > 1) keyed.sort((a, b) => compareWritesSortKeys(a.key, b.key));
  return keyed.map(({ row }) => [
    String(row.task_id),
    String(row.channel),
    unpack(String(row.type), row.value as Uint8Array),
  ]);
}

/** Of channels to which nothing was written. */
export function emptyHistories(channels: readonly string[]): Histories {
  return Object.fromEntries(channels.map((channel) => [channel, { writes: [] }]));
}
