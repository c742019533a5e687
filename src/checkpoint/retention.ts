import type { Database } from './database.ts';
import { GOING } from './purge.ts';

/** What the user wants to keep; 0 keeps all. */
export interface Retention {
  /** A thread that was not used for so many days goes. */
  readonly keepDays: number;
  /** While more than this is stored, the thread that was not used for longest goes. */
  readonly maxBytes: number;
}

/** What decides whether a thread may go. */
export interface ThreadFacts {
  readonly threadId: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
  readonly pinned: boolean;
  /** Something in it waits for a decision, or is unclear. */
  readonly open: boolean;
  /** A window has it. */
  readonly inUse: boolean;
  readonly deleted: boolean;
}

const DAY = 24 * 60 * 60 * 1000;
const OPEN = `'proposed', 'approved', 'claimed', 'partial', 'unknown'`;

/**
 * Of all threads, last used last, those that may go, in the order in which they should. Never what is
 * pinned, open or in use, never the newest, and never what the user deleted: that has its own time.
 */
export function removable(threads: readonly ThreadFacts[]): readonly ThreadFacts[] {
  const there = threads.filter(({ deleted }) => !deleted);
  return there.slice(0, -1).filter(({ pinned, open, inUse }) => !pinned && !open && !inUse);
}

/** Of these, those that have not been used for too long. */
export function outdated(
  threads: readonly ThreadFacts[],
  { keepDays }: Retention,
  now: number,
): readonly ThreadFacts[] {
  if (keepDays <= 0) return [];
  return removable(threads).filter(({ lastUsed }) => lastUsed < now - keepDays * DAY);
}

/** All threads, last used last. @param loaded those that the window which asks has loaded */
export function factsOf(database: Database, loaded: readonly string[]): readonly ThreadFacts[] {
  const rows = database.all(
    `SELECT thread_id, title, updated_at, pinned, deleted_at,
       EXISTS (SELECT 1 FROM proposals INDEXED BY proposals_open
               WHERE proposals.thread_id = threads.thread_id AND state IN (${OPEN})) AS open,
       EXISTS (SELECT 1 FROM leases
               WHERE leases.thread_id = threads.thread_id AND owner <> '') AS leased
     FROM threads ORDER BY updated_at, threads.rowid`,
  );
  return rows.map((row) => ({
    threadId: String(row['thread_id']),
    title: String(row['title']),
    lastUsed: Number(row['updated_at']),
    pinned: row['pinned'] !== 0,
    open: row['open'] !== 0,
    inUse: row['leased'] !== 0 || loaded.includes(String(row['thread_id'])),
    deleted: row['deleted_at'] !== null,
  }));
}

/** Within a transaction that has just looked. From here on nothing brings the thread back. */
export function letGo(database: Database, threadId: string): void {
  database.run('UPDATE threads SET deleted_at = ? WHERE thread_id = ?', GOING, threadId);
}
