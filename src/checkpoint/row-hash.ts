import { t } from '@vscode/l10n';
import { createHash } from 'node:crypto';
import { UserFacingError } from '../shared/errors.ts';
import type { Database, SqlRow, SqlValue } from './database.ts';

/** Bytes of a row's hash: enough to find damage, which does not choose its bits. */
const LENGTH = 8;

interface RowAddress {
  readonly thread_id: SqlValue;
  readonly checkpoint_ns: SqlValue;
  readonly checkpoint_id: SqlValue;
}

/** What a row of `checkpoints` says, by its columns. */
export interface CheckpointRow extends RowAddress {
  readonly parent_checkpoint_id: SqlValue;
  readonly type: SqlValue;
  readonly checkpoint: SqlValue;
  readonly metadata: SqlValue;
}

/** What a row of `writes` says, by its columns. */
export interface WriteRow extends RowAddress {
  readonly task_id: SqlValue;
  readonly idx: SqlValue;
  readonly channel: SqlValue;
  readonly type: SqlValue;
  readonly value: SqlValue;
  readonly task_path: SqlValue;
}

/** What the column `hash` holds: the beginning of the SHA-256 of all that the row says. */
export function checkpointHash(row: CheckpointRow): Uint8Array {
  const { thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type } = row;
  const head = [thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type];
  return hashOf(head, row.checkpoint, row.metadata);
}

export function writeHash(row: WriteRow): Uint8Array {
  const { thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, task_path } = row;
  const head = [thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, task_path];
  return hashOf(head, row.value);
}

/** A row without a hash is older than these; there is nothing to hold it against. */
export function isIntactCheckpoint({ hash = null }: SqlRow, row: CheckpointRow): boolean {
  return hash === null || isSame(hash, checkpointHash(row));
}

export function isIntactWrite({ hash = null }: SqlRow, row: WriteRow): boolean {
  return hash === null || isSame(hash, writeHash(row));
}

/** Says which conversation is damaged, and what can be done. */
export function damagedConversation(database: Database, threadId: string): UserFacingError {
  const sql = 'SELECT title FROM threads WHERE thread_id = ?';
  const title = database.get(sql, threadId)?.['title'];
  const message = t(
    'The conversation “{0}” is damaged: what is stored of it is not what was written. Nothing was changed, and no other conversation is affected. Restore {1} from a backup, or delete this conversation and start anew.',
    typeof title === 'string' ? title : threadId,
    database.path,
  );
  return new UserFacingError('storage', message, 'showLog');
}

/** Reads stored JSON; where it is none any more, says so as for any other damage. */
export function reading<T>(database: Database, threadId: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    // The second are SQLite's own words.
    const isDamage = error instanceof SyntaxError || (error as Error).message === 'malformed JSON';
    throw isDamage ? damagedConversation(database, threadId) : error;
  }
}

function hashOf(head: readonly SqlValue[], ...values: readonly SqlValue[]): Uint8Array {
  const bytes = values.map(bytesOf);
  // Lengths first, so that no byte can move from one value to the next unseen.
  const hash = createHash('sha256').update(
    JSON.stringify([...head, ...bytes.map(({ length }) => length)]),
  );
  for (const value of bytes) hash.update(value);
  return hash.digest().subarray(0, LENGTH);
}

function isSame(stored: SqlValue, hash: Uint8Array): boolean {
  return stored instanceof Uint8Array && Buffer.compare(stored, hash) === 0;
}

function bytesOf(value: SqlValue): Uint8Array {
  return value instanceof Uint8Array ? value : new TextEncoder().encode(String(value));
}
