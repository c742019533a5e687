import { MODES } from '../../shared/mode.ts';
import type { ThreadEntry, ThreadIndex } from '../thread-index.ts';
import type { Presence } from './presence.ts';
import { TABLES } from './schema.ts';
import type { Server } from './server.ts';

/** The list of shared threads, as this host knows it; what others do to it arrives a moment later. */
export interface SharedThreadList {
  readonly index: ThreadIndex;
  /** Reads a thread's entry, or all, anew. */
  refresh(threadId: string | null): Promise<void>;
}

export interface SharedThreadListDeps {
  readonly server: Server;
  readonly presence: Presence;
  readonly now: () => number;
}

interface Row {
  readonly thread_id: string;
  readonly title: string;
  readonly updated_at: string;
  readonly pinned: boolean;
  readonly mode: string | null;
}

/** How long a deleted thread can be brought back, in milliseconds. */
const RESTORABLE = 7 * 24 * 60 * 60 * 1000;

/** Takes away for good what was deleted long ago, and is nobody's. */
export async function purgeShared({
  server,
  now,
}: Omit<SharedThreadListDeps, 'presence'>): Promise<void> {
  const { threads, checkpoints, blobs, writes, leases } = TABLES;
  const of = 'thread_id IN (SELECT thread_id FROM gone)';
  await server.query(
    `WITH gone AS (DELETE FROM ${threads} WHERE deleted_at < $1 RETURNING thread_id),
       a AS (DELETE FROM ${writes} WHERE ${of}), b AS (DELETE FROM ${checkpoints} WHERE ${of}),
       c AS (DELETE FROM ${blobs} WHERE ${of})
     DELETE FROM ${leases} WHERE ${of}`,
    [now() - RESTORABLE],
  );
}

/** Empty until it is refreshed. */
export function createSharedThreadList({
  server,
  presence,
  now,
}: SharedThreadListDeps): SharedThreadList {
  const entries = new Map<string, ThreadEntry>();
  const refresh = async (threadId: string | null): Promise<void> => {
    const rows = await server.query<Row>(
      `SELECT thread_id, title, updated_at, pinned, mode FROM ${TABLES.threads}
         WHERE deleted_at IS NULL AND ($1::text IS NULL OR thread_id = $1)`,
      [threadId],
    );
    if (threadId === null) entries.clear();
    else entries.delete(threadId);
    for (const row of rows) entries.set(row.thread_id, toEntry(row));
  };
  /** @param sql changes the thread $1 */
  const change = async (sql: string, threadId: string, ...values: unknown[]): Promise<void> => {
    await server.query(sql, [threadId, ...values]);
    await refresh(threadId);
    await server.query('SELECT pg_notify($1, $2)', presence.notice('listed', threadId));
  };
  const set = (what: string, threadId: string, ...values: unknown[]): Promise<void> =>
    change(`UPDATE ${TABLES.threads} SET ${what} WHERE thread_id = $1`, threadId, ...values);
  return {
    refresh,
    index: {
      add: (threadId, title, forkedFrom) =>
        change(
          `INSERT INTO ${TABLES.threads} (thread_id, title, created_at, updated_at, forked_from)
             VALUES ($1, $2, $3, $3, $4) ON CONFLICT DO NOTHING`,
          ...[threadId, storable(title), now(), forkedFrom ?? null],
        ),
      touch: (threadId) => set('updated_at = $2', threadId, now()),
      rename: (threadId, title) => set('title = $2', threadId, storable(title)),
      pin: (threadId, pinned) => set('pinned = $2', threadId, pinned),
      setMode: (threadId, mode) => set('mode = $2', threadId, mode),
      markDeleted: (threadId, deleted) => set('deleted_at = $2', threadId, deleted ? now() : null),
      find: (threadId) => entries.get(threadId) ?? null,
      list: () => inOrder([...entries.values()]),
    },
  };
}

/** Pinned ones first, then last used first. */
export function inOrder(entries: readonly ThreadEntry[]): readonly ThreadEntry[] {
  return entries.toSorted(
    (a, b) => Number(b.pinned) - Number(a.pinned) || b.updatedAt - a.updatedAt,
  );
}

/** PostgreSQL keeps no NUL in text. */
function storable(title: string): string {
  return title.replaceAll('\0', ' ');
}

function toEntry({ thread_id: threadId, title, updated_at, pinned, mode }: Row): ThreadEntry {
  return {
    ...{ threadId, title, pinned },
    updatedAt: Number(updated_at),
    mode: MODES.find((one) => one === mode) ?? null,
  };
}
