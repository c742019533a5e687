import { collectBlobs } from './collect-blobs.ts';
import type { Database } from './database.ts';
import { purgeThread } from './purge.ts';
import {
  type Retention,
  type ThreadFacts,
  factsOf,
  letGo,
  outdated,
  removable,
} from './retention.ts';
import { giveBack, shortenWal, usedBytes } from './space.ts';
import type { Steps } from './steps.ts';

export interface TidyRequest extends Retention {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Threads that the window has loaded. */
  readonly loaded: readonly string[];
}

export interface TidyResult {
  /** Titles of the threads that the user's settings let go, by which of the two. */
  readonly tooOld: readonly string[];
  readonly tooMuch: readonly string[];
  /** How many threads went that the user had deleted. */
  readonly deleted: number;
  readonly blobs: number;
  /** Bytes that the system got back. */
  readonly freed: number;
}

const DAY = 24 * 60 * 60 * 1000;
/** How long a deleted thread can be brought back, in milliseconds. */
const KEPT_FOR = 7 * DAY;

/** Takes away for good what nobody wants any more, and gives its space back. */
export async function tidy(
  database: Database,
  request: TidyRequest,
  steps: Steps,
): Promise<TidyResult> {
  const { now } = request;
  let deleted = await purgeDeleted(database, now - KEPT_FOR, steps);
  const tooOld = await removeOutdated(database, request, steps);
  let blobs = await collectBlobs(database, steps);
  if (isTooMuch(database, request)) {
    deleted += await purgeDeleted(database, now - DAY, steps);
    blobs += await collectBlobs(database, steps);
  }
  const tooMuch: string[] = [];
  while (isTooMuch(database, request)) {
    const title = await removeFirst(database, request, steps, removable);
    if (title === null) break;
    tooMuch.push(title);
    blobs += await collectBlobs(database, steps);
  }
  const freed = await giveBack(database, steps);
  await steps.pass();
  shortenWal(database);
  return { tooOld, tooMuch, deleted, blobs, freed };
}

function isTooMuch(database: Database, { maxBytes }: Retention): boolean {
  return maxBytes > 0 && usedBytes(database) > maxBytes;
}

async function removeOutdated(
  database: Database,
  request: TidyRequest,
  steps: Steps,
): Promise<readonly string[]> {
  const titles: string[] = [];
  for (;;) {
    const title = await removeFirst(database, request, steps, (threads) =>
      outdated(threads, request, request.now),
    );
    if (title === null) return titles;
    titles.push(title);
  }
}

/** Removes the first of those that may go, and answers its title; null if none may. */
async function removeFirst(
  database: Database,
  { loaded }: TidyRequest,
  steps: Steps,
  choose: (threads: readonly ThreadFacts[]) => readonly ThreadFacts[],
): Promise<string | null> {
  // Chosen under the lock: what has just been opened, pinned or asked stays.
  const chosen = await steps.once(() => {
    const [thread] = choose(factsOf(database, loaded));
    if (thread !== undefined) letGo(database, thread.threadId);
    return thread;
  });
  if (chosen === undefined) return null;
  await purgeThread(database, chosen.threadId, steps);
  return chosen.title;
}

/** What the user deleted before a time, and what an earlier removal could not bring to its end. */
async function purgeDeleted(database: Database, before: number, steps: Steps): Promise<number> {
  const sql = 'SELECT thread_id FROM threads WHERE deleted_at < ?';
  let deleted = 0;
  for (const row of database.all(sql, before)) {
    const threadId = String(row['thread_id']);
    const isGoing = await steps.once(() => {
      // Under the lock: it may have been brought back.
      if (database.get(`${sql} AND thread_id = ?`, before, threadId) === undefined) return false;
      letGo(database, threadId);
      return true;
    });
    if (!isGoing) continue;
    await purgeThread(database, threadId, steps);
    deleted++;
  }
  return deleted;
}
