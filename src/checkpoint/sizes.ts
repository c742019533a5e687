import type { Database } from './database.ts';
import { diskBytes } from './space.ts';

export interface ThreadSize {
  readonly threadId: string;
  readonly title: string;
  readonly pinned: boolean;
  readonly deleted: boolean;
  /** Of everything that is stored for it. What several threads have in common counts for each. */
  readonly bytes: number;
}

export interface StorageUse {
  /** Of the database on the disk, with its write-ahead log. */
  readonly onDisk: number;
  /** Of what is stored, everything counted once. */
  readonly stored: number;
  /** Largest first. */
  readonly threads: readonly ThreadSize[];
}

const lengths = (...columns: string[]): string =>
  columns.map((column) => `ifnull(octet_length(${column}), 0)`).join(' + ');

/** Each with its thread's id and its bytes. Lengths are read without reading what is so long. */
const ROWS = [
  `SELECT thread_id, ${lengths('thread_id', 'checkpoint_id', 'checkpoint', 'metadata')} AS bytes
   FROM checkpoints`,
  `SELECT thread_id, ${lengths('thread_id', 'checkpoint_id', 'task_id', 'channel', 'value')}
   FROM writes`,
  `SELECT thread_id, ${lengths('proposal_id', 'thread_id', 'tool_call_id', 'interrupt_id')}
     + ${lengths('question', 'arguments', 'effect_hash', 'approved_hash', 'decision', 'reason', 'command')}
   FROM proposals`,
  `SELECT thread_id, ${lengths('proposal_id', 'real_path', 'display_path', 'to_real_path')}
     + ${lengths('to_display_path', 'base_sha256', 'new_sha256', 'preimage_sha256')}
     + ${lengths('final_sha256', 'warnings')}
   FROM operations JOIN proposals USING (proposal_id)`,
  `SELECT thread_id, ${lengths('proposal_id', 'key', 'mark', 'comment')}
   FROM change_marks JOIN proposals USING (proposal_id)`,
  `SELECT thread_id, ${lengths('thread_id', 'message_id', 'text', 'comments')}
   FROM plan_edits`,
  `SELECT thread_id, ${lengths('thread_id', 'proposal_id', 'effect_hash', 'files', 'hash')}
   FROM audit`,
].join(' UNION ALL ');

const NAMED = ['base_sha256', 'new_sha256', 'preimage_sha256', 'final_sha256']
  .map((column) => `SELECT thread_id, ${column} AS sha256 FROM operations JOIN named_by`)
  .map((sql) => `${sql} USING (proposal_id)`)
  .join(' UNION ');

const BY_THREAD = `
  WITH named_by AS (SELECT thread_id, proposal_id FROM proposals),
    sizes AS (SELECT sha256, octet_length(sha256) + octet_length(bytes) AS bytes FROM blobs),
    parts AS (${ROWS} UNION ALL SELECT thread_id, bytes FROM (${NAMED}) JOIN sizes USING (sha256))
  SELECT thread_id, title, pinned, deleted_at, ifnull(sum(bytes), 0) AS bytes
  FROM threads LEFT JOIN parts USING (thread_id) GROUP BY thread_id ORDER BY bytes DESC, title`;

const STORED = `
  SELECT (SELECT ifnull(sum(bytes), 0) FROM (${ROWS}))
    + (SELECT ifnull(sum(octet_length(sha256) + octet_length(bytes)), 0) FROM blobs) AS bytes`;

/** Looks through the whole database: not for a thread on which somebody waits. */
export function measureStorage(database: Database): StorageUse {
  const { file, wal } = diskBytes(database.path);
  return {
    onDisk: file + wal,
    stored: Number(database.get(STORED)?.['bytes']),
    threads: database.all(BY_THREAD).map((row) => ({
      threadId: String(row['thread_id']),
      title: String(row['title']),
      pinned: row['pinned'] !== 0,
      deleted: row['deleted_at'] !== null,
      bytes: Number(row['bytes']),
    })),
  };
}
