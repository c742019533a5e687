import type { RunnableConfig } from '@langchain/core/runnables';
import {
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  type DeltaChannelHistory,
  type PendingWrite,
  TASKS,
  WRITES_IDX_MAP,
  maxChannelVersion,
} from '@langchain/langgraph-checkpoint';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import { failpoint } from '../shared/failpoint.ts';
import { type Address, addressOf, addressed, fieldsOf, plain } from './address.ts';
import type { Database, SqlRow, SqlValue } from './database.ts';
import { DeltaHistory, emptyHistories } from './delta-history.ts';
import { type Leases, UNGUARDED } from './leases.ts';
import {
  type CheckpointRow,
  type WriteRow,
  checkpointHash,
  damagedConversation,
  isIntactCheckpoint,
  isIntactWrite,
  reading,
  writeHash,
} from './row-hash.ts';
import { pack, stateSerializer, unpack } from './serializer.ts';
import { asSaverDatabase } from './sqlite-adapter.ts';

const COLUMNS =
  'thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata, hash';

/**
 * LangGraph's SQLite saver on our connection. It differs from the stock one (1.0.4) in what comes
 * back: the writes of parallel tasks in the order in which they were applied (the stock one drops
 * the task path, so delta channels come back shuffled), raw bytes as raw bytes, and nothing that is
 * not what was written. Nothing in it waits but for the lock of a transaction.
 */
export class CheckpointSaver extends SqliteSaver {
  readonly #database: Database;
  readonly #leases: Pick<Leases, 'guard'>;
  readonly #history: DeltaHistory;

  /** @param leases refuses what another window's thread is written */
  constructor(database: Database, leases: Pick<Leases, 'guard'> = UNGUARDED) {
    super(asSaverDatabase(database), stateSerializer);
    this.#database = database;
    this.#leases = leases;
    this.#history = new DeltaHistory(database);
    // The tables are the migrations' business.
    this.isSetup = true;
  }

  /** @throws UserFacingError if what is stored is damaged; so do all that read here. */
  override getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    return promised(() => {
      // LangGraph takes this for a thread that has said nothing yet.
      if (fieldsOf(config)['thread_id'] === undefined) return undefined;
      const row = this.#rowAt(addressOf(config), COLUMNS);
      return row === undefined ? undefined : this.#tupleAt(row);
    });
  }

  override getDeltaChannelHistory({
    config,
    channels,
  }: {
    config: RunnableConfig;
    channels: string[];
  }): Promise<Record<string, DeltaChannelHistory>> {
    return promised(() => {
      const address = addressOf(config);
      const checkpointId = this.#rowAt(address, 'checkpoint_id')?.['checkpoint_id'];
      if (checkpointId === undefined) return emptyHistories(channels);
      return reading(this.#database, address.threadId, () =>
        this.#history.of({ ...address, checkpointId: String(checkpointId) }, channels),
      );
    });
  }

  override async deleteThread(threadId: string): Promise<void> {
    this.#history.forget();
    await this.#database.transaction(() => {
      this.#database.run('DELETE FROM checkpoints WHERE thread_id = ?', plain(threadId));
      this.#database.run('DELETE FROM writes WHERE thread_id = ?', threadId);
    });
  }

  override async *list(
    config: RunnableConfig,
    options: CheckpointListOptions = {},
  ): AsyncGenerator<CheckpointTuple> {
    const { before, filter = {}, limit } = options;
    const configurable = fieldsOf(config);
    const { thread_id: threadId } = configurable;
    const conditions: [string, SqlValue | undefined][] = [
      ['thread_id = ?', threadId === undefined ? undefined : plain(threadId)],
      ['checkpoint_ns = ?', configurable['checkpoint_ns']],
      ['rowid < ?', this.#placeOf(before, configurable)],
    ];
    const used = conditions.filter(([, value]) => value !== undefined);
    const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')}`;
    // What a filter looks at is in the row, packed; without one, no more is read than is wanted.
    const most = Object.values(filter).every((value) => value === undefined) ? limit : undefined;
    const rows = this.#database.all(
      `SELECT ${COLUMNS} FROM checkpoints ${where} ORDER BY rowid DESC LIMIT ?`,
      ...used.map(([, value]) => value ?? null),
      most ?? -1,
    );
    let left = limit ?? Infinity;
    for (const row of rows) {
      if (left <= 0) return;
      this.#verify(row);
      const thread = String(row['thread_id']);
      const metadata = reading(this.#database, thread, () => metadataOf(row));
      if (!matches(metadata, filter)) continue;
      left--;
      yield await promised(() => this.#tupleAt(row));
    }
  }

  /** Checkpoints are in the order in which they were made; their ids follow a clock that may jump. */
  #placeOf(
    config: RunnableConfig | undefined,
    { thread_id: threadId, checkpoint_ns: namespace }: ReturnType<typeof fieldsOf>,
  ): SqlValue | undefined {
    const id = config === undefined ? undefined : fieldsOf(config)['checkpoint_id'];
    if (id === undefined) return undefined;
    const sql = 'SELECT max(rowid) AS place FROM checkpoints WHERE checkpoint_id = ?';
    const found =
      threadId === undefined || namespace === undefined
        ? this.#database.get(sql, id)
        : this.#database.get(
            `${sql} AND thread_id = ? AND checkpoint_ns = ?`,
            ...[id, plain(threadId), namespace],
          );
    return found?.['place'] ?? 0;
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    const { threadId, namespace, checkpointId: parent } = addressOf(config);
    const [type, data] = pack(checkpoint);
    const row = {
      thread_id: threadId,
      checkpoint_ns: namespace,
      checkpoint_id: plain(checkpoint.id),
      parent_checkpoint_id: parent,
      ...{ type, checkpoint: data, metadata: pack(metadata)[1] },
    };
    const values = [...Object.values(row), checkpointHash(row)];
    failpoint('ckpt.before');
    await this.#database.transaction(() => {
      this.#leases.guard(threadId);
      this.#database.run(
        `INSERT OR REPLACE INTO checkpoints (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...values,
      );
    });
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
    const sql = `INSERT ${special ? 'OR REPLACE' : 'OR IGNORE'} INTO writes (thread_id,
      checkpoint_ns, checkpoint_id, task_id, idx, channel, type, value, task_path, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    const rows = writes.map(([channel, written], index): SqlValue[] => {
      const [type, value] = pack(written);
      const row = {
        thread_id: threadId,
        checkpoint_ns: namespace,
        checkpoint_id: checkpointId,
        task_id: taskId,
        idx: WRITES_IDX_MAP[channel] ?? index,
        ...{ channel, type, value, task_path: taskPath },
      };
      return [...Object.values(row), writeHash(row)];
    });
    failpoint('ckpt.before');
    await this.#database.transaction(() => {
      this.#leases.guard(threadId);
      for (const row of rows) this.#database.run(sql, ...row);
    });
  }

  /** The newest without an id. */
  #rowAt({ threadId, namespace, checkpointId }: Address, columns: string): SqlRow | undefined {
    return checkpointId === null
      ? this.#database.get(
          `SELECT ${columns} FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = ?
           ORDER BY rowid DESC LIMIT 1`,
          threadId,
          namespace,
        )
      : this.#database.get(
          `SELECT ${columns} FROM checkpoints
           WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id = ?`,
          threadId,
          namespace,
          checkpointId,
        );
  }

  #tupleAt(row: SqlRow): CheckpointTuple {
    return reading(this.#database, String(row['thread_id']), () => this.#tupleOf(row));
  }

  #tupleOf(row: SqlRow): CheckpointTuple {
    const threadId = String(row['thread_id']);
    const namespace = String(row['checkpoint_ns']);
    const parent = row['parent_checkpoint_id'];
    this.#verify(row);
    const tuple: CheckpointTuple = {
      config: addressed(threadId, namespace, row['checkpoint_id']),
      checkpoint: unpack(
        String(row['type']),
        row['checkpoint'] as Uint8Array,
      ) as CheckpointTuple['checkpoint'],
      metadata: metadataOf(row),
      pendingWrites: this.#writesOf(threadId, namespace, String(row['checkpoint_id'])),
    };
    if (typeof parent !== 'string') return tuple;
    tuple.parentConfig = addressed(threadId, namespace, parent);
    if (tuple.checkpoint.v < 4) this.#migrate(tuple.checkpoint, threadId, namespace, parent);
    return tuple;
  }

  /** Before version 4 of checkpoints, sent tasks were among the writes of the parent only. */
  #migrate(
    { channel_values: values, channel_versions: versions }: CheckpointTuple['checkpoint'],
    threadId: string,
    namespace: string,
    parent: string,
  ): void {
    const sent = this.#writesOf(threadId, namespace, parent).filter(([, name]) => name === TASKS);
    values[TASKS] = sent.map(([, , value]) => value);
    const known = Object.values(versions);
    versions[TASKS] =
      known.length > 0 ? maxChannelVersion(...known) : this.getNextVersion(undefined);
  }

  #verify(row: SqlRow): void {
    if (isIntactCheckpoint(row, row as unknown as CheckpointRow)) return;
    throw damagedConversation(this.#database, String(row['thread_id']));
  }

  /** In `writesSortKey` order. SQLite compares text by UTF-8 bytes, which is code point order. */
  #writesOf(threadId: string, namespace: string, checkpointId: string): CheckpointPendingWrite[] {
    const rows = this.#database.all(
      `SELECT * FROM writes WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id = ?
       ORDER BY task_path, task_id, idx`,
      threadId,
      namespace,
      checkpointId,
    );
    if (!rows.every((row) => isIntactWrite(row, row as unknown as WriteRow))) {
      throw damagedConversation(this.#database, threadId);
    }
    return rows.map((row) => [
      String(row['task_id']),
      String(row['channel']),
      unpack(String(row['type']), row['value'] as Uint8Array),
    ]);
  }
}

function metadataOf(row: SqlRow): NonNullable<CheckpointTuple['metadata']> {
  const metadata = unpack(String(row['type']), row['metadata'] as Uint8Array);
  return metadata as NonNullable<CheckpointTuple['metadata']>;
}

/** Work that waits for nothing, for LangGraph, which expects that it could. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

function matches(metadata: object, filter: Record<string, unknown>): boolean {
  return Object.entries(filter).every(
    ([name, value]) =>
      value === undefined ||
      JSON.stringify((metadata as Record<string, unknown>)[name]) === JSON.stringify(value),
  );
}
