import { MODES, type Mode } from '../shared/mode.ts';
import type { Database, SqlRow } from './database.ts';
import { GOING } from './purge.ts';

export interface ThreadEntry {
  readonly threadId: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
  /** The user wants it to stay: it is listed first, and no setting removes it. */
  readonly pinned: boolean;
  /** Chosen for the next message; null: that of the last turn. */
  readonly mode: Mode | null;
}

/** The list of conversations; what was said in them is in the checkpoints. */
export interface ThreadIndex {
  /** @param forkedFrom the thread that it begins as a copy of */
  add(threadId: string, title: string, forkedFrom?: string): Promise<void>;
  /** Makes the thread the last used one. */
  touch(threadId: string): Promise<void>;
  rename(threadId: string, title: string): Promise<void>;
  pin(threadId: string, pinned: boolean): Promise<void>;
  setMode(threadId: string, mode: Mode): Promise<void>;
  /** A deleted thread is in no list, until it is restored or, much later, taken away for good. */
  markDeleted(threadId: string, deleted: boolean): Promise<void>;
  /** Null for a thread that is not there, or is deleted. */
  find(threadId: string): ThreadEntry | null;
  /** Pinned ones first, then last used first. */
  list(): readonly ThreadEntry[];
}

export function createThreadIndex(database: Database, now: () => number): ThreadIndex {
  const select = (rest: string, ...values: string[]): ThreadEntry[] =>
    database
      .all(
        `SELECT thread_id, title, updated_at, pinned, mode FROM threads WHERE ${rest}`,
        ...values,
      )
      .map(toEntry);
  const run = async (sql: string, ...values: (string | number | null)[]): Promise<void> => {
    await database.transaction(() => database.run(sql, ...values));
  };
  return {
    add(threadId, title, forkedFrom) {
      const time = now();
      return run(
        `INSERT INTO threads (thread_id, title, created_at, updated_at, forked_from)
         VALUES (?, ?, ?, ?, ?)`,
        ...[threadId, title, time, time, forkedFrom ?? null],
      );
    },
    touch: (threadId) =>
      run('UPDATE threads SET updated_at = ? WHERE thread_id = ?', now(), threadId),
    rename: (threadId, title) =>
      run('UPDATE threads SET title = ? WHERE thread_id = ?', title, threadId),
    pin: (threadId, pinned) =>
      run('UPDATE threads SET pinned = ? WHERE thread_id = ?', pinned ? 1 : 0, threadId),
    setMode: (threadId, mode) =>
      run('UPDATE threads SET mode = ? WHERE thread_id = ?', mode, threadId),
    markDeleted: (threadId, deleted) =>
      // One that is going is not brought back: a part of it is gone.
      run(
        'UPDATE threads SET deleted_at = ? WHERE thread_id = ? AND deleted_at IS NOT ?',
        deleted ? now() : null,
        threadId,
        GOING,
      ),
    find: (threadId) => select('thread_id = ? AND deleted_at IS NULL', threadId)[0] ?? null,
    list: () => select('deleted_at IS NULL ORDER BY pinned DESC, updated_at DESC, rowid DESC'),
  };
}

/** True for a thread of this database, also for one that is deleted. */
export function isListed(database: Pick<Database, 'get'>, threadId: string): boolean {
  return database.get('SELECT 1 FROM threads WHERE thread_id = ?', threadId) !== undefined;
}

function toEntry(row: SqlRow): ThreadEntry {
  return {
    threadId: String(row['thread_id']),
    title: String(row['title']),
    updatedAt: Number(row['updated_at']),
    pinned: row['pinned'] !== 0,
    mode: MODES.find((mode) => mode === row['mode']) ?? null,
  };
}
