import { createHash } from 'node:crypto';
import pg from 'pg';
import { pause } from '../timing.ts';
import { SCHEMA } from './schema.ts';
import type { Server } from './server.ts';

/** What a host tells the others: that it has written to a thread, listed it anew, or taken it. */
export type News = 'saved' | 'listed' | 'taken';

export interface Notice {
  readonly news: News;
  readonly threadId: string;
}

const CHANNEL = SCHEMA;
/** Pauses between two attempts to be there again, in milliseconds. */
const PAUSE = 500;

/**
 * Shows the other hosts that this one is alive, and hears what they do, on a connection of its own: its
 * lock goes when the connection does, however the host ends. No clock is asked.
 */
export interface Presence {
  readonly owner: string;
  /** What the arguments of `pg_notify` are, to be told when the transaction is done. */
  notice(news: News, threadId: string): readonly [channel: string, payload: string];
  /** False for one whose connection is gone. */
  isAlive(owner: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface PresenceDeps {
  readonly server: Server;
  readonly owner: string;
  readonly onNotice: (notice: Notice) => void;
  /** The connection was gone for a while: anything may have happened. */
  readonly onBack: () => void;
  readonly log: (error: unknown) => void;
}

export async function createPresence(deps: PresenceDeps): Promise<Presence> {
  const { server, owner, log } = deps;
  const closing = new AbortController();
  let client = await server.patiently(() => appear(deps));
  const stay = async (): Promise<never> => {
    for (;;) {
      await gone(client);
      closing.signal.throwIfAborted();
      client = await comeBack(deps, closing.signal);
      deps.onBack();
    }
  };
  stay().catch((error: unknown) => {
    if (!closing.signal.aborted) log(error);
  });
  return {
    owner,
    notice: (news, threadId) => [CHANNEL, `${owner} ${news} ${threadId}`],
    async isAlive(other) {
      if (other === owner) return true;
      const sql = 'SELECT pg_try_advisory_xact_lock_shared($1) AS free';
      const [row] = await server.query<{ free: boolean }>(sql, [keyOf(other)]);
      return row?.free !== true;
    },
    async close() {
      closing.abort();
      await client.end();
    },
  };
}

async function appear({ server, owner, onNotice, log }: PresenceDeps): Promise<pg.Client> {
  const client = new pg.Client(server.config);
  client.on('error', log);
  client.on('notification', ({ payload = '' }) => {
    const [from = '', news = '', threadId = ''] = payload.split(' ');
    if (from !== owner) onNotice({ news: news as News, threadId });
  });
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    await client.query('SELECT pg_advisory_lock($1)', [keyOf(owner)]);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return client;
}

function gone(client: pg.Client): Promise<void> {
  return new Promise((resolve) => {
    client.once('end', resolve);
  });
}

async function comeBack(deps: PresenceDeps, signal: AbortSignal): Promise<pg.Client> {
  for (;;) {
    try {
      const client = await appear(deps);
      if (!signal.aborted) return client;
      await client.end();
    } catch (error) {
      deps.log(error);
      await pause(PAUSE);
    }
    signal.throwIfAborted();
  }
}

/** Of the lock of a host: advisory locks go by a signed number of 64 bits. */
function keyOf(owner: string): string {
  return createHash('sha256').update(owner).digest().readBigInt64BE().toString();
}
