import type { Database } from './database.ts';

export interface ThreadEntry {
  readonly threadId: string;
  readonly title: string;
}

/** The list of conversations; what was said in them is in the checkpoints. */
export interface ThreadIndex {
  add(threadId: string, title: string): void;
  /** Makes the thread the last used one. */
  touch(threadId: string): void;
  find(threadId: string): ThreadEntry | null;
  lastUsed(): ThreadEntry | null;
}

export function createThreadIndex(database: Database, now: () => number): ThreadIndex {
  const entry = (where: string, ...values: string[]): ThreadEntry | null => {
    const row = database.get(`SELECT thread_id, title FROM threads ${where}`, ...values);
    return row === undefined
      ? null
      : { threadId: String(row['thread_id']), title: String(row['title']) };
  };
  return {
    add(threadId, title) {
      const time = now();
      database.run(
        'INSERT INTO threads (thread_id, title, created_at, updated_at) VALUES (?, ?, ?, ?)',
        threadId,
        title,
        time,
        time,
      );
    },
    touch(threadId) {
      database.run('UPDATE threads SET updated_at = ? WHERE thread_id = ?', now(), threadId);
    },
    find: (threadId) => entry('WHERE thread_id = ?', threadId),
    lastUsed: () => entry('ORDER BY updated_at DESC, rowid DESC LIMIT 1'),
  };
}
