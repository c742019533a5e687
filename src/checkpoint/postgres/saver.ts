import type { RunnableConfig } from '@langchain/core/runnables';
import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  type DeltaChannelHistory,
  type PendingWrite,
  TASKS,
  WRITES_IDX_MAP,
  isDeltaSnapshot,
  maxChannelVersion,
} from '@langchain/langgraph-checkpoint';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { failpoint } from '../../shared/failpoint.ts';
import { addressOf, addressed, fieldsOf, plain } from '../address.ts';
import { emptyHistories } from '../delta-history.ts';
import { ownedElsewhere } from '../leases.ts';
import { pack, stateSerializer } from '../serializer.ts';
import { type Histories, WAY_BACK, type Way, historiesOf } from './delta-history.ts';
import type { Hold } from './leases.ts';
import { type StoredRow, VALUES, WRITTEN, valuesIn, writesIn } from './rows.ts';
import { SCHEMA, TABLES } from './schema.ts';
import type { Server } from './server.ts';

/** Rows that are read at once where there is no limit. */
const PAGE = 50;

export interface PostgresDeps {
  readonly server: Server;
  /** @throws UserFacingError if the thread is not this host's. Null: nobody guards it. */
  readonly holdOf: (threadId: string) => Hold | null;
  /** Gets a thread of which a write was refused: another host has it, and this one was not told. */
  readonly onRefused?: (threadId: string) => void;
  /** Of `pg_notify`, told to the other hosts with each thing that is stored. */
  readonly noticeOf: (threadId: string) => readonly [channel: string, payload: string];
}

interface TupleRow extends StoredRow {
  readonly thread_id: string;
  readonly checkpoint_ns: string;
  readonly checkpoint_id: string;
  readonly parent_checkpoint_id: string | null;
  readonly place: string;
  readonly checkpoint: Omit<Checkpoint, 'channel_values'>;
  readonly metadata: CheckpointMetadata;
}

const SELECT = `
  SELECT cp.thread_id, cp.checkpoint_ns, cp.checkpoint_id, cp.parent_checkpoint_id, cp.place,
    cp.checkpoint, cp.metadata, v.*, w.*
  FROM ${TABLES.checkpoints} cp
  CROSS JOIN LATERAL (
    SELECT ${VALUES}
    FROM jsonb_each_text(cp.checkpoint -> 'channel_versions') AS of
    JOIN ${TABLES.blobs} b ON b.thread_id = cp.thread_id AND b.checkpoint_ns = cp.checkpoint_ns
      AND b.channel = of.key AND b.version = of.value AND b.type <> 'empty'
  ) v
  CROSS JOIN LATERAL (
    SELECT ${WRITTEN}
    FROM ${TABLES.writes} WHERE thread_id = cp.thread_id
      AND checkpoint_ns = cp.checkpoint_ns AND checkpoint_id = cp.checkpoint_id
  ) w`;

/** Whose the thread is, at the moment of writing: who takes it over waits for the end of this statement. */
const HELD = `held AS (
  SELECT FROM ${TABLES.leases} WHERE thread_id = $1 AND owner = $2 AND fence = $3
    FOR NO KEY UPDATE
), may AS (SELECT WHERE $2::text IS NULL OR EXISTS (SELECT FROM held))`;

const PUT = `WITH ${HELD}, kept AS (
  INSERT INTO ${TABLES.blobs} AS b (thread_id, checkpoint_ns, channel, version, type, blob)
    SELECT $1, $6, channel, version, type, blob FROM may,
      unnest($11::text[], $12::text[], $13::text[], $14::bytea[]) AS of (channel, version, type, blob)
  ON CONFLICT (thread_id, checkpoint_ns, channel, version)
    DO UPDATE SET type = EXCLUDED.type, blob = EXCLUDED.blob WHERE b.type = 'empty'
), made AS (
  INSERT INTO ${TABLES.checkpoints}
      (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
    SELECT $1, $6, $7, $8, $9, $10 FROM may
  ON CONFLICT (thread_id, checkpoint_ns, checkpoint_id) DO UPDATE
    SET parent_checkpoint_id = EXCLUDED.parent_checkpoint_id, checkpoint = EXCLUDED.checkpoint,
      metadata = EXCLUDED.metadata, place = EXCLUDED.place
) SELECT pg_notify($4, $5) FROM may`;

function putWrites(special: boolean): string {
  const otherwise = special
    ? 'UPDATE SET channel = EXCLUDED.channel, type = EXCLUDED.type, blob = EXCLUDED.blob, task_path = EXCLUDED.task_path'
    : 'NOTHING';
  return `WITH ${HELD}, made AS (
    INSERT INTO ${TABLES.writes} (thread_id, checkpoint_ns, checkpoint_id, task_id, task_path,
        idx, channel, type, blob)
      SELECT $1, $6, $7, $8, $9, idx, channel, type, blob FROM may,
        unnest($10::int[], $11::text[], $12::text[], $13::bytea[]) AS of (idx, channel, type, blob)
    ON CONFLICT (thread_id, checkpoint_ns, checkpoint_id, task_id, idx) DO ${otherwise}
  ) SELECT pg_notify($4, $5) FROM may`;
}

/**
 * LangGraph's PostgreSQL saver on our tables. It differs from the stock one (1.0.5), which reads what
 * it stores, in this: checkpoints are in the order in which they were made, not in that of the clocks
 * of several hosts; the writes of parallel tasks come back in the order in which they were applied;
 * delta channels are read by one query, and snapshots of them are stored; versions of channels do not
 * meet where a conversation branches (there, the stock one gives one branch the values of the other);
 * every statement may be sent twice, which a server that comes back needs; and
 * nothing is written to a thread that another host has taken.
 */
export class PostgresCheckpoints extends PostgresSaver {
  readonly #deps: PostgresDeps;

  constructor(deps: PostgresDeps) {
    super(deps.server.pool, stateSerializer, { schema: SCHEMA });
    this.#deps = deps;
    // The tables are the business of `prepare`.
    this.isSetup = true;
  }

  /** A fraction that nobody else has: the same number never stands for two values. */
  override getNextVersion(current: number | undefined): number {
    return Math.floor(current ?? 0) + 1 + Math.random();
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    // LangGraph takes this for a thread that has said nothing yet.
    if (fieldsOf(config)['thread_id'] === undefined) return undefined;
    const { threadId, namespace, checkpointId } = addressOf(config);
    const of = 'WHERE cp.thread_id = $1 AND cp.checkpoint_ns = $2';
    const [row] = await (checkpointId === null
      ? this.#select(`${of} ORDER BY cp.place DESC LIMIT 1`, [threadId, namespace])
      : this.#select(`${of} AND cp.checkpoint_id = $3`, [threadId, namespace, checkpointId]));
    return row === undefined ? undefined : this.#tupleOf(row);
  }

  override async *list(
    config: RunnableConfig,
    { before, filter, limit = Infinity }: CheckpointListOptions = {},
  ): AsyncGenerator<CheckpointTuple> {
    const { thread_id: threadId, checkpoint_ns: namespace } = fieldsOf(config);
    const earlier = before === undefined ? undefined : fieldsOf(before)['checkpoint_id'];
    const wanted = JSON.stringify(filter ?? {});
    let last: string | null = null;
    for (let left = limit; left > 0;) {
      const rows: TupleRow[] = await this.#select(
        `WHERE ($1::text IS NULL OR cp.thread_id = $1)
           AND ($2::text IS NULL OR cp.checkpoint_ns = $2)
           AND cp.metadata @> $3::jsonb AND ($4::bigint IS NULL OR cp.place < $4)
           AND ($5::text IS NULL OR cp.place < (
             SELECT max(place) FROM ${TABLES.checkpoints} b WHERE checkpoint_id = $5
               AND ($1::text IS NULL OR b.thread_id = $1) AND ($2::text IS NULL OR checkpoint_ns = $2)))
         ORDER BY cp.place DESC LIMIT $6`,
        [
          ...[threadId === undefined ? null : plain(threadId), namespace ?? null, wanted, last],
          ...[earlier ?? null, Math.min(left, PAGE)],
        ],
      );
      for (const row of rows) yield await this.#tupleOf(row);
      last = rows.at(-1)?.place ?? null;
      left = rows.length < PAGE ? 0 : left - rows.length;
    }
  }

  override async getDeltaChannelHistory({
    config,
    channels,
  }: {
    config: RunnableConfig;
    channels: string[];
  }): Promise<Record<string, DeltaChannelHistory>> {
    const { threadId, namespace, checkpointId } = addressOf(config);
    if (channels.length === 0) return emptyHistories(channels);
    const values = [threadId, namespace, checkpointId, channels];
    const rows = await this.#deps.server.query<Way>(WAY_BACK, values);
    const histories: Histories | null = historiesOf(rows, channels);
    if (histories !== null) return histories;
    throw new Error(`A part of what led to a checkpoint of ${threadId} is missing`);
  }

  override async put(
    config: RunnableConfig,
    { channel_values: values, ...checkpoint }: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions = {},
  ): Promise<RunnableConfig> {
    const { threadId, namespace, checkpointId: parent } = addressOf(config);
    // What is not new is stored already; but a snapshot comes without news.
    const kept = Object.entries(values).filter(
      ([channel, value]) => Object.hasOwn(newVersions, channel) || isDeltaSnapshot(value),
    );
    const packed = kept.map(([, value]) => pack(value));
    failpoint('ckpt.before');
    await this.#write(PUT, threadId, [
      ...[namespace, plain(checkpoint.id), parent],
      ...[JSON.stringify(checkpoint), storable(metadata)],
      kept.map(([channel]) => channel),
      kept.map(([channel]) => String(checkpoint.channel_versions[channel] ?? '')),
      packed.map(([type]) => type),
      packed.map(([, bytes]) => Buffer.from(bytes)),
    ]);
    return addressed(threadId, namespace, checkpoint.id);
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath = '',
  ): Promise<void> {
    const { threadId, namespace, checkpointId } = addressOf(config);
    if (checkpointId === null) throw new Error('putWrites needs a checkpoint id');
    const special = writes.every(([channel]) => channel in WRITES_IDX_MAP);
    const packed = writes.map(([, value]) => pack(value));
    failpoint('ckpt.before');
    await this.#write(putWrites(special), threadId, [
      ...[namespace, checkpointId, taskId, taskPath],
      writes.map(([channel], index) => WRITES_IDX_MAP[channel] ?? index),
      writes.map(([channel]) => channel),
      packed.map(([type]) => type),
      packed.map(([, bytes]) => Buffer.from(bytes)),
    ]);
  }

  override deleteThread(threadId: string): Promise<void> {
    return this.#deps.server.patiently(() => super.deleteThread(plain(threadId)));
  }

  /** @throws UserFacingError if the thread is another host's by now */
  async #write(sql: string, threadId: string, values: readonly unknown[]): Promise<void> {
    const { server, holdOf, noticeOf, onRefused } = this.#deps;
    const hold = holdOf(threadId);
    const may = [threadId, hold?.owner ?? null, hold?.fence ?? null, ...noticeOf(threadId)];
    const rows = await server.query(sql, [...may, ...values]);
    if (rows.length > 0) return;
    onRefused?.(threadId);
    throw ownedElsewhere();
  }

  #select(rest: string, values: readonly unknown[]): Promise<TupleRow[]> {
    return this.#deps.server.query<TupleRow>(`${SELECT} ${rest}`, values);
  }

  async #tupleOf(row: TupleRow): Promise<CheckpointTuple> {
    const { thread_id: threadId, checkpoint_ns: namespace, parent_checkpoint_id: parent } = row;
    const checkpoint: Checkpoint = { ...row.checkpoint, channel_values: valuesIn(row) };
    const tuple: CheckpointTuple = {
      config: addressed(threadId, namespace, row.checkpoint_id),
      ...{ checkpoint, metadata: row.metadata, pendingWrites: writesIn(row) },
    };
    if (parent === null) return tuple;
    const parentConfig = addressed(threadId, namespace, parent);
    if (checkpoint.v < 4) await this.#migrate(checkpoint, parentConfig);
    return { ...tuple, parentConfig };
  }

  /** Before version 4 of checkpoints, sent tasks were among the writes of the parent only. */
  async #migrate(checkpoint: Checkpoint, parentConfig: RunnableConfig): Promise<void> {
    const { pendingWrites = [] } = (await this.getTuple(parentConfig)) ?? {};
    const sent = pendingWrites.filter(([, channel]) => channel === TASKS);
    checkpoint.channel_values[TASKS] = sent.map(([, , value]) => value);
    const known = Object.values(checkpoint.channel_versions);
    checkpoint.channel_versions[TASKS] =
      known.length > 0 ? maxChannelVersion(...known) : this.getNextVersion(undefined);
  }
}

/** PostgreSQL keeps no NUL in JSON; there is none but in what others add. */
function storable(metadata: CheckpointMetadata): string {
  return JSON.stringify(metadata, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '') : value,
  );
}
