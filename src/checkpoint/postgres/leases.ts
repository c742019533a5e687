import { t } from '@vscode/l10n';
import type pg from 'pg';
import { UserFacingError } from '../../shared/errors.ts';
import { type Leases, ownedElsewhere } from '../leases.ts';
import type { Presence } from './presence.ts';
import { TABLES } from './schema.ts';
import type { Server } from './server.ts';

/** A thread as this host holds it: what it writes is refused as soon as another host has a higher fence. */
export interface Hold {
  readonly owner: string;
  readonly fence: string;
}

export interface SharedLeasesDeps {
  readonly server: Server;
  readonly presence: Presence;
  readonly local: Leases;
  /** Of this host's ledger: proposals can be decided nowhere else. */
  readonly home: string;
  /** The same in words. */
  readonly host: string;
  /** True for threads that are kept on this machine alone. */
  readonly isLocal: (threadId: string) => boolean;
  /** The newest checkpoint, if nothing is under way there; else null. '' for a thread without any. */
  readonly restingAt: (threadId: string) => Promise<string | null>;
}

interface LeaseRow extends Hold {
  readonly home: string;
  readonly host: string;
  /** Checkpoint; null if there is none. */
  readonly newest: string | null;
}

type Attempt =
  | { readonly kind: 'taken'; readonly fence: string }
  /** A host that is alive has it. */
  | { readonly kind: 'elsewhere' }
  /** What it stands at can only be gone on with where it began. */
  | { readonly kind: 'underWay'; readonly host: string };

/** A thread that was refused is not asked for again for so long, in milliseconds, unless there is news. */
const REFUSED = 3000;

/** Who works on a thread, among hosts. Within one host, the leases of its own database decide first. */
export class PostgresLeases implements Leases {
  readonly #deps: SharedLeasesDeps;
  readonly #fences = new Map<string, string>();
  /** Until when a thread is not asked for again. */
  readonly #refused = new Map<string, number>();

  constructor(deps: SharedLeasesDeps) {
    this.#deps = deps;
  }

  holds(threadId: string): boolean {
    const { local, isLocal } = this.#deps;
    return local.holds(threadId) && (isLocal(threadId) || this.#fences.has(threadId));
  }

  guard(threadId: string): void {
    this.#deps.local.guard(threadId);
    if (!this.holds(threadId)) throw ownedElsewhere();
  }

  /** @throws UserFacingError if the thread is not this host's */
  holdOf(threadId: string): Hold {
    const fence = this.#fences.get(threadId);
    if (fence === undefined) throw ownedElsewhere();
    return { owner: this.#deps.presence.owner, fence };
  }

  /** Another host has taken the thread, as it says. */
  lost(threadId: string): void {
    this.#fences.delete(threadId);
  }

  /** Something is other than it was: whoever was refused may ask again. */
  changed(): void {
    this.#refused.clear();
  }

  async acquire(threadId: string): Promise<boolean> {
    const { local, isLocal } = this.#deps;
    if (isLocal(threadId)) return local.acquire(threadId);
    if (this.holds(threadId)) return true;
    if (performance.now() < (this.#refused.get(threadId) ?? 0)) return false;
    if (!(await local.acquire(threadId))) return false;
    const attempt = await this.#attempt(threadId, false);
    if (attempt.kind === 'taken') return true;
    this.#refused.set(threadId, performance.now() + REFUSED);
    return false;
  }

  async takeOver(threadId: string): Promise<void> {
    const { local, isLocal } = this.#deps;
    await local.takeOver(threadId);
    if (isLocal(threadId)) return;
    const attempt = await this.#attempt(threadId, true);
    if (attempt.kind === 'underWay') throw underWay(attempt.host);
    if (attempt.kind === 'elsewhere') throw ownedElsewhere();
  }

  async release(threadId: string): Promise<void> {
    await this.#deps.local.release(threadId);
    await this.#giveBack([threadId]);
  }

  async releaseAll(): Promise<void> {
    await this.#deps.local.releaseAll();
    await this.#giveBack([...this.#fences.keys()]);
  }

  releaseDead(): Promise<void> {
    return this.#deps.local.releaseDead();
  }

  /** The local lease is held; it is given back if the shared one is not to be had. */
  async #attempt(threadId: string, force: boolean): Promise<Attempt> {
    try {
      const attempt = await attemptTo(this.#deps, threadId, force);
      if (attempt.kind === 'taken') {
        this.#refused.delete(threadId);
        this.#fences.set(threadId, attempt.fence);
        return attempt;
      }
      await this.#deps.local.release(threadId);
      return attempt;
    } catch (error) {
      await this.#deps.local.release(threadId);
      throw error;
    }
  }

  async #giveBack(threadIds: readonly string[]): Promise<void> {
    const { server, presence } = this.#deps;
    const held = threadIds.filter((threadId) => this.#fences.delete(threadId));
    if (held.length === 0) return;
    const sql = `UPDATE ${TABLES.leases} SET owner = '' WHERE owner = $1 AND thread_id = ANY($2)`;
    await server.query(sql, [presence.owner, held]);
  }
}

/** Takes a thread if nobody alive has it, or `force`; never from amid a turn of another host. */
async function attemptTo(
  deps: SharedLeasesDeps,
  threadId: string,
  force: boolean,
): Promise<Attempt> {
  const { server, presence, home, host } = deps;
  for (;;) {
    const seen = await server.transaction((client) => look(client, threadId));
    const isOthers = seen.owner !== '' && seen.owner !== presence.owner;
    if (isOthers && !force && (await presence.isAlive(seen.owner))) return { kind: 'elsewhere' };
    const isForeign = seen.home !== '' && seen.home !== home;
    if (isForeign && (await deps.restingAt(threadId)) !== (seen.newest ?? '')) {
      return { kind: 'underWay', host: seen.host };
    }
    const fence = await server.transaction(async (client) => {
      const now = await look(client, threadId);
      // Somebody was faster, or has begun something.
      if (now.fence !== seen.fence || now.newest !== seen.newest) return null;
      const { rows } = await client.query<Pick<Hold, 'fence'>>(
        `UPDATE ${TABLES.leases} SET owner = $2, fence = fence + 1, home = $3, host = $4
           WHERE thread_id = $1 RETURNING fence`,
        [threadId, presence.owner, home, host],
      );
      await client.query('SELECT pg_notify($1, $2)', [...presence.notice('taken', threadId)]);
      return rows[0]?.fence ?? null;
    });
    if (fence !== null) return { kind: 'taken', fence };
  }
}

/** The row as it is, locked; the newest checkpoint is read after that, or one just stored could be missed. */
async function look(client: pg.PoolClient, threadId: string): Promise<LeaseRow> {
  const { leases, checkpoints } = TABLES;
  await client.query(`INSERT INTO ${leases} (thread_id) VALUES ($1) ON CONFLICT DO NOTHING`, [
    threadId,
  ]);
  const found = await client.query<LeaseRow>(
    `SELECT owner, fence, home, host FROM ${leases} WHERE thread_id = $1 FOR UPDATE`,
    [threadId],
  );
  const newest = await client.query<{ id: string }>(
    `SELECT checkpoint_id AS id FROM ${checkpoints}
       WHERE thread_id = $1 AND checkpoint_ns = '' ORDER BY place DESC LIMIT 1`,
    [threadId],
  );
  const [row] = found.rows;
  if (row === undefined) throw new Error('The row that was just made is not there');
  return { ...row, newest: newest.rows[0]?.id ?? null };
}

function underWay(host: string): UserFacingError {
  return new UserFacingError(
    'elsewhere',
    t(
      'This conversation is in the middle of a turn on {0}, where its files and its approvals are. Finish or end it there; or go on here with a fork of it.',
      host,
    ),
  );
}
