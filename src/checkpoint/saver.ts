import type { RunnableConfig } from '@langchain/core/runnables';
import {
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  type DeltaChannelHistory,
  type PendingWrite,
  WRITES_IDX_MAP,
} from '@langchain/langgraph-checkpoint';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import { failpoint } from '../shared/failpoint.ts';
import type { Database, SqlRow, SqlValue } from './database.ts';
import { DeltaHistory } from './delta-history.ts';
import { type Leases, UNGUARDED } from './leases.ts';
import { stateSerializer } from './serializer.ts';
import { asSaverDatabase } from './sqlite-adapter.ts';

const COLUMNS =
  'thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata';

/**
 * LangGraph's SQLite saver on our connection. It differs from the stock one (1.0.4) in two things:
 * the writes of parallel tasks come back in the order in which they were applied (the stock one
 * drops the task path, so delta channels come back shuffled), and raw bytes stay raw.
 */
export class CheckpointSaver extends SqliteSaver {
  readonly #database: Database;
  readonly #leases: Pick<Leases, 'guard'>;
  readonly #history = new DeltaHistory((config) => this.getTuple(config));

  /** @param leases refuses what another window's thread is written */
  constructor(database: Database, leases: Pick<Leases, 'guard'> = UNGUARDED) {
    super(asSaverDatabase(database), stateSerializer);
    this.#database = database;
    this.#leases = leases;
    // The tables are the migrations' business.
    this.isSetup = true;
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { threadId, namespace, checkpointId } = addressOf(config);
    const row =
      checkpointId === null
        ? this.#database.get(
            `SELECT ${COLUMNS} FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = ?
             ORDER BY rowid DESC LIMIT 1`,
            threadId,
            namespace,
          )
        : this.#database.get(
            `SELECT ${COLUMNS} FROM checkpoints
             WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id = ?`,
            threadId,
            namespace,
            checkpointId,
          );
    return row === undefined ? undefined : this.#tupleOf(row);
  }

  override getDeltaChannelHistory(options: {
    config: RunnableConfig;
    channels: string[];
  }): Promise<Record<string, DeltaChannelHistory>> {
    return this.#history.of(options.config, options.channels);
  }

  override async deleteThread(threadId: string): Promise<void> {
    this.#history.forget();
    await this.#database.transaction(() => {
      this.#database.run('DELETE FROM checkpoints WHERE thread_id = ?', threadId);
      this.#database.run('DELETE FROM writes WHERE thread_id = ?', threadId);
    });
  }

  override async *list(
    config: RunnableConfig,
    options: CheckpointListOptions = {},
  ): AsyncGenerator<CheckpointTuple> {
    const { before, filter = {}, limit } = options;
    const configurable = (config.configurable ?? {}) as Partial<Record<string, string>>;
    const conditions: [string, SqlValue | undefined][] = [
      ['thread_id = ?', configurable['thread_id']],
      ['checkpoint_ns = ?', configurable['checkpoint_ns']],
      ['rowid < ?', this.#placeOf(before)],
    ];
    const used = conditions.filter(([, value]) => value !== undefined);
    const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')}`;
    const rows = this.#database.all(
      `SELECT ${COLUMNS} FROM checkpoints ${where} ORDER BY rowid DESC`,
      ...used.map(([, value]) => value ?? null),
    );
    let left = limit ?? Infinity;
    for (const row of rows) {
      if (left <= 0) return;
      const tuple = await this.#tupleOf(row);
      if (!matches(tuple.metadata, filter)) continue;
      left--;
      yield tuple;
    }
  }

  /** Checkpoints are in the order in which they were made; their ids follow a clock that may jump. */
  #placeOf(config: RunnableConfig | undefined): SqlValue | undefined {
    const id = (config?.configurable as Fields | undefined)?.['checkpoint_id'];
    if (id === undefined) return undefined;
    const sql = 'SELECT max(rowid) AS place FROM checkpoints WHERE checkpoint_id = ?';
    return this.#database.get(sql, id)?.['place'] ?? 0;
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    const { threadId, namespace, checkpointId: parent } = addressOf(config);
    const [type, data] = await this.serde.dumpsTyped(checkpoint);
    const [, about] = await this.serde.dumpsTyped(metadata);
    failpoint('ckpt.before');
    await this.#database.transaction(() => {
      this.#leases.guard(threadId);
      this.#database.run(
        `INSERT OR REPLACE INTO checkpoints (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ...[threadId, namespace, checkpoint.id, parent, type, data, about],
      );
    });
    return {
      configurable: {
        thread_id: threadId,
        checkpoint_ns: namespace,
        checkpoint_id: checkpoint.id,
      },
    };
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
    const sql = `INSERT ${special ? 'OR REPLACE' : 'OR IGNORE'} INTO writes
      (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, value, task_path)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    const rows = await Promise.all(
      writes.map(async ([channel, value], index): Promise<SqlValue[]> => {
        const [type, data] = await this.serde.dumpsTyped(value);
        const idx = WRITES_IDX_MAP[channel] ?? index;
        return [threadId, namespace, checkpointId, taskId, idx, channel, type, data, taskPath];
      }),
    );
    failpoint('ckpt.before');
    await this.#database.transaction(() => {
      this.#leases.guard(threadId);
      for (const row of rows) this.#database.run(sql, ...row);
    });
  }

  async #tupleOf(row: SqlRow): Promise<CheckpointTuple> {
    const type = String(row['type']);
    const threadId = String(row['thread_id']);
    const namespace = String(row['checkpoint_ns']);
    const parent = row['parent_checkpoint_id'];
    const address = (id: SqlValue | undefined): RunnableConfig => ({
      configurable: { thread_id: threadId, checkpoint_ns: namespace, checkpoint_id: id },
    });
    const tuple: CheckpointTuple = {
      config: address(row['checkpoint_id']),
      checkpoint: (await this.serde.loadsTyped(
        type,
        row['checkpoint'] as Uint8Array,
      )) as CheckpointTuple['checkpoint'],
      metadata: (await this.serde.loadsTyped(type, row['metadata'] as Uint8Array)) as NonNullable<
        CheckpointTuple['metadata']
      >,
      pendingWrites: await this.#writesOf(threadId, namespace, String(row['checkpoint_id'])),
    };
    if (parent !== null) tuple.parentConfig = address(parent);
    return tuple;
  }

  /** In `writesSortKey` order. SQLite compares text by UTF-8 bytes, which is code point order. */
  async #writesOf(
    threadId: string,
    namespace: string,
    checkpointId: string,
  ): Promise<CheckpointPendingWrite[]> {
    const rows = this.#database.all(
      `SELECT task_id, channel, type, value FROM writes
       WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id = ?
       ORDER BY task_path, task_id, idx`,
      threadId,
      namespace,
      checkpointId,
    );
    return Promise.all(
      rows.map(async (row): Promise<CheckpointPendingWrite> => [
        String(row['task_id']),
        String(row['channel']),
        await this.serde.loadsTyped(String(row['type']), row['value'] as Uint8Array),
      ]),
    );
  }
}

type Fields = Partial<Record<string, string>>;

interface Address {
  readonly threadId: string;
  readonly namespace: string;
  readonly checkpointId: string | null;
}

function addressOf(config: RunnableConfig): Address {
  const fields = (config.configurable ?? {}) as Fields;
  const threadId = fields['thread_id'];
  if (threadId === undefined) throw new Error('A checkpoint address needs a thread id');
  return {
    threadId,
    namespace: fields['checkpoint_ns'] ?? '',
    checkpointId: fields['checkpoint_id'] ?? null,
  };
}

function matches(
  metadata: Record<string, unknown> | undefined,
  filter: Record<string, unknown>,
): boolean {
  return Object.entries(filter).every(
    ([name, value]) =>
      value === undefined || JSON.stringify(metadata?.[name]) === JSON.stringify(value),
  );
}
