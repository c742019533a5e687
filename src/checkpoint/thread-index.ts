import type { Database, SqlRow } from './database.ts';

export interface ThreadEntry {
  readonly threadId: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** The list of conversations; what was said in them is in the checkpoints. */
export interface ThreadIndex {
  add(threadId: string, title: string): Promise<void>;
  /** Makes the thread the last used one. */
  touch(threadId: string): Promise<void>;
  rename(threadId: string, title: string): Promise<void>;
  /** A deleted thread is in no list, until it is restored or, much later, purged. */
  markDeleted(threadId: string, deleted: boolean): Promise<void>;
  /** Null for a thread that is not there, or is deleted. */
  find(threadId: string): ThreadEntry | null;
  /** Last used first. */
  list(): readonly ThreadEntry[];
  /** Threads deleted before a time, in milliseconds since 1970. */
  deletedBefore(time: number): readonly string[];
  /** Takes the entry away for good. */
  purge(threadId: string): Promise<void>;
}

export function createThreadIndex(database: Database, now: () => number): ThreadIndex {
  const select = (rest: string, ...values: string[]): ThreadEntry[] =>
    database
      .all(`SELECT thread_id, title, updated_at FROM threads WHERE ${rest}`, ...values)
      .map(toEntry);
  const run = async (sql: string, ...values: (string | number | null)[]): Promise<void> => {
    await database.transaction(() => database.run(sql, ...values));
  };
  return {
    add(threadId, title) {
      const time = now();
      return run(
        'INSERT INTO threads (thread_id, title, created_at, updated_at) VALUES (?, ?, ?, ?)',
        threadId,
        title,
        time,
        time,
      );
    },
    touch: (threadId) =>
      run('UPDATE threads SET updated_at = ? WHERE thread_id = ?', now(), threadId),
    rename: (threadId, title) =>
      run('UPDATE threads SET title = ? WHERE thread_id = ?', title, threadId),
    markDeleted(threadId, deleted) {
      const time = deleted ? now() : null;
      return run('UPDATE threads SET deleted_at = ? WHERE thread_id = ?', time, threadId);
    },
    find: (threadId) => select('thread_id = ? AND deleted_at IS NULL', threadId)[0] ?? null,
    list: () => select('deleted_at IS NULL ORDER BY updated_at DESC, rowid DESC'),
    deletedBefore: (time) =>
      database
        .all('SELECT thread_id FROM threads WHERE deleted_at < ?', time)
        .map((row) => String(row['thread_id'])),
    purge: (threadId) => run('DELETE FROM threads WHERE thread_id = ?', threadId),
  };
}

function toEntry(row: SqlRow): ThreadEntry {
  return {
    threadId: String(row['thread_id']),
    title: String(row['title']),
    updatedAt: Number(row['updated_at']),
  };
}
