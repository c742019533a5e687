import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createBlobStore, packBlob } from '../../../src/checkpoint/blobs.ts';
import { DATABASE_FILE, type Database } from '../../../src/checkpoint/database.ts';
import { MIGRATIONS } from '../../../src/checkpoint/migrations.ts';
import type { Steps } from '../../../src/checkpoint/steps.ts';

/** Steps with nothing between them. */
export function stepsOf(database: Database): Steps {
  return {
    pass: () => Promise.resolve(),
    once: (work) => database.transaction(work),
    async repeat(work) {
      await database.transaction(() => {
        while (work());
      });
    },
  };
}

export interface StoredThread {
  readonly lastUsed?: number;
  readonly pinned?: boolean;
  /** State of its one proposal. */
  readonly state?: string;
  /** Of its lease; '' for one that was given back. */
  readonly owner?: string;
  readonly deletedAt?: number;
  /** Bytes of its one proposal's file; none has no proposal. */
  readonly content?: Uint8Array;
  /** How many checkpoints it has, of a kilobyte each. */
  readonly checkpoints?: number;
}

/** Stores a thread as if there had been all that. */
export async function fill(
  database: Database,
  threadId: string,
  thread: StoredThread = {},
): Promise<void> {
  const { lastUsed = 1, pinned = false, state, owner, deletedAt = null, content } = thread;
  const blob = await packBlob(content ?? new TextEncoder().encode(`of ${threadId}`));
  await database.transaction(() => {
    const run: Database['run'] = (sql, ...values) => database.run(sql, ...values);
    run(
      `INSERT INTO threads (thread_id, title, created_at, updated_at, pinned, deleted_at)
       VALUES (?, ?, 1, ?, ?, ?)`,
      ...[threadId, `Title of ${threadId}`, lastUsed, pinned ? 1 : 0, deletedAt],
    );
    for (let i = 0; i < (thread.checkpoints ?? 1); i++) {
      run(
        'INSERT INTO checkpoints (thread_id, checkpoint_id, checkpoint) VALUES (?, ?, randomblob(1000))',
        ...[threadId, String(i)],
      );
      run(
        `INSERT INTO writes (thread_id, checkpoint_id, task_id, idx, channel, value)
         VALUES (?, ?, 'task', 0, 'messages', randomblob(100))`,
        ...[threadId, String(i)],
      );
    }
    if (owner !== undefined) run('INSERT INTO leases VALUES (?, ?, 1)', threadId, owner);
    if (state === undefined && content === undefined) return;
    run(
      `INSERT INTO proposals (proposal_id, thread_id, tool_call_id, kind, state, created_at)
       VALUES (?, ?, 'call', 'edit', ?, 1)`,
      ...[`proposal of ${threadId}`, threadId, state ?? 'applied'],
    );
    run(
      `INSERT INTO operations (proposal_id, revision, idx, op, real_path, display_path, base_sha256,
         mode, encoding, bom, eol) VALUES (?, 0, 0, 'write', '/a', 'a', ?, '100644', 'utf8', 0, 'lf')`,
      ...[`proposal of ${threadId}`, createBlobStore(database).put(blob)],
    );
    run(
      `INSERT INTO change_marks VALUES (?, 'key', 'accepted', 'Why?')`,
      `proposal of ${threadId}`,
    );
    run(`INSERT INTO plan_edits VALUES (?, 'answer', '1. Look', '[]', 1)`, threadId);
  });
}

/** The tables in which something is stored of a thread. */
export function tablesWith(database: Database, threadId: string): string[] {
  const conditions = {
    threads: 'thread_id = ?',
    checkpoints: 'thread_id = ?',
    writes: 'thread_id = ?',
    proposals: 'thread_id = ?',
    leases: 'thread_id = ?',
    operations: `proposal_id = 'proposal of ' || ?`,
    plan_edits: 'thread_id = ?',
    change_marks: `proposal_id = 'proposal of ' || ?`,
  };
  return Object.entries(conditions).flatMap(([table, condition]) =>
    database.get(`SELECT 1 FROM ${table} WHERE ${condition}`, threadId) === undefined
      ? []
      : [table],
  );
}

export function threadIds(database: Database): string[] {
  const rows = database.all('SELECT thread_id FROM threads ORDER BY rowid');
  return rows.map((row) => String(row['thread_id']));
}

/** A file as version 1 made it: its pages cannot be given back one by one. */
export function writeOld(folder: string, work: (connection: DatabaseSync) => void): void {
  const old = new DatabaseSync(join(folder, DATABASE_FILE));
  old.exec(`PRAGMA journal_mode = WAL; ${MIGRATIONS[0]} PRAGMA application_id = 0x4353474e;
    PRAGMA user_version = 1;`);
  work(old);
  old.close();
}
