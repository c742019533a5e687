import { t } from '@vscode/l10n';
import { UserFacingError } from '../shared/errors.ts';
import type { Database, SqlRow } from './database.ts';
import type { Living } from './living.ts';

/**
 * Which window a thread belongs to: one at a time, so that no two runs of it go at once. Every change
 * of owner has a new fence number; what an earlier owner still does is refused by it.
 */
export interface Leases {
  /** Takes a thread that belongs to nobody who is alive. False if another window has it. */
  acquire(threadId: string): Promise<boolean>;
  /**
   * Takes a thread from a window that is alive.
   * @throws UserFacingError while that window carries out an effect of it
   */
  takeOver(threadId: string): Promise<void>;
  /** True while the thread is this window's. */
  holds(threadId: string): boolean;
  /**
   * To be called in the transaction of everything that goes on with a thread.
   * @throws UserFacingError if the thread is not this window's
   */
  guard(threadId: string): void;
  release(threadId: string): Promise<void>;
  /** Gives back everything. */
  releaseAll(): Promise<void>;
  /** Gives back what windows have that ended without doing so. */
  releaseDead(): Promise<void>;
}

/** For where nobody else is. */
export const UNGUARDED: Pick<Leases, 'guard'> = { guard: () => undefined };

export function createLeases(database: Database, owner: string, living: Living): Leases {
  const rows = createLeaseRows(database, owner);
  const isTaken = (threadId: string): boolean => {
    const other = rows.ownerOf(threadId);
    return other !== '' && other !== owner && living.isAlive(other);
  };
  return {
    holds: (threadId) => rows.holds(threadId),
    async acquire(threadId) {
      if (rows.holds(threadId)) return true;
      if (isTaken(threadId)) return false;
      return database.transaction(() => {
        if (isTaken(threadId)) return false;
        rows.take(threadId);
        return true;
      });
    },
    takeOver: (threadId) =>
      database.transaction(() => {
        if (isTaken(threadId) && isActing(database, threadId)) {
          throw new UserFacingError(
            'elsewhere',
            t('The other window is just changing files for this conversation. Try again.'),
          );
        }
        rows.take(threadId);
      }),
    guard(threadId) {
      if (!rows.holds(threadId)) throw ownedElsewhere();
    },
    release: (threadId) =>
      database.transaction(() => {
        rows.giveBack(threadId);
      }),
    async releaseAll() {
      const held = rows.held();
      if (held.length === 0) return;
      await database.transaction(() => {
        for (const threadId of held) rows.giveBack(threadId);
      });
    },
    async releaseDead() {
      if (deadOwners(database, living).length === 0) return;
      await database.transaction(() => {
        const sql = `UPDATE leases SET owner = '' WHERE owner = ?`;
        for (const one of deadOwners(database, living)) database.run(sql, one);
      });
    },
  };
}

/** The owners of threads that are not alive. */
function deadOwners(database: Database, living: Living): string[] {
  const sql = `SELECT DISTINCT owner FROM leases WHERE owner <> ''`;
  const owners = database.all(sql).map((row) => String(row['owner']));
  return owners.filter((one) => !living.isAlive(one));
}

/** The leases as they are stored; changed within transactions. */
interface LeaseRows {
  /** '' for nobody's. */
  ownerOf(threadId: string): string;
  holds(threadId: string): boolean;
  take(threadId: string): void;
  giveBack(threadId: string): void;
  held(): readonly string[];
}

function createLeaseRows(database: Database, owner: string): LeaseRows {
  /** By thread, what this window has taken. */
  const fences = new Map<string, number>();
  const row = (threadId: string): SqlRow | undefined =>
    database.get('SELECT owner, fence FROM leases WHERE thread_id = ?', threadId);
  const holds = (threadId: string): boolean => {
    const fence = fences.get(threadId);
    if (fence === undefined) return false;
    const found = row(threadId);
    return found?.['owner'] === owner && found['fence'] === fence;
  };
  return {
    holds,
    ownerOf: (threadId) => String(row(threadId)?.['owner'] ?? ''),
    take(threadId) {
      const fence = Number(row(threadId)?.['fence'] ?? 0) + 1;
      const sql = 'INSERT OR REPLACE INTO leases (thread_id, owner, fence) VALUES (?, ?, ?)';
      database.run(sql, threadId, owner, fence);
      fences.set(threadId, fence);
    },
    giveBack(threadId) {
      // The row stays, for its fence.
      const sql = `UPDATE leases SET owner = '' WHERE thread_id = ?`;
      if (holds(threadId)) database.run(sql, threadId);
      fences.delete(threadId);
    },
    held: () => [...fences.keys()],
  };
}

export function ownedElsewhere(): UserFacingError {
  const message = t(
    'This conversation is open in another window or on another machine. Continue it here to take it over.',
  );
  return new UserFacingError('elsewhere', message, 'takeOver');
}

function isActing(database: Database, threadId: string): boolean {
  const sql = `SELECT 1 FROM proposals WHERE thread_id = ? AND state = 'claimed' LIMIT 1`;
  return database.get(sql, threadId) !== undefined;
}
