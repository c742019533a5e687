import { randomUUID } from 'node:crypto';
import {
  type LocalParts,
  RoutedSaver,
  type SharedHistory,
  type SharedParts,
} from '../shared-history.ts';
import type { ThreadIndex } from '../thread-index.ts';
import { PostgresLeases } from './leases.ts';
import { type Notice, type Presence, createPresence } from './presence.ts';
import { PostgresCheckpoints } from './saver.ts';
import { prepare } from './schema.ts';
import { type Server, createServer } from './server.ts';
import {
  type SharedThreadList,
  createSharedThreadList,
  inOrder,
  purgeShared,
} from './thread-list.ts';

export interface PostgresOptions {
  /** How long a server that goes away is waited for, in milliseconds; half a minute if not given. */
  readonly patience?: number;
  readonly log: (error: unknown) => void;
}

/** What a server is waited for that was not there yet, or once nobody wants to go on, in milliseconds. */
const SHORT = 3000;
const PATIENCE = 30_000;

/**
 * The threads in a PostgreSQL database, which is made ready if it is new.
 * @param url `postgresql://user:password@host:port/database`; it is in no message
 * @throws UserFacingError saying why it cannot be used
 */
export async function connectPostgres(
  url: string,
  { patience = PATIENCE, log }: PostgresOptions,
): Promise<SharedHistory> {
  const waiting = { patience: SHORT };
  const server = createServer(url, { patience: () => waiting.patience, log });
  try {
    await prepare(server);
    const history = await PostgresHistory.connect({ server, waiting, log });
    waiting.patience = patience;
    return history;
  } catch (error) {
    await server.close();
    throw error;
  }
}

interface Connection {
  readonly server: Server;
  readonly waiting: { patience: number };
  readonly log: (error: unknown) => void;
}

class PostgresHistory implements SharedHistory {
  readonly #server: Server;
  readonly #waiting: Connection['waiting'];
  readonly #log: Connection['log'];
  #presence!: Presence;
  #list!: SharedThreadList;
  #leases: PostgresLeases | null = null;
  #hasNews = false;

  private constructor({ server, waiting, log }: Connection) {
    [this.#server, this.#waiting, this.#log] = [server, waiting, log];
  }

  static async connect(connection: Connection): Promise<PostgresHistory> {
    const { server, log } = connection;
    const history = new PostgresHistory(connection);
    const now = (): number => Date.now();
    const presence = await createPresence({
      ...{ server, owner: randomUUID(), log },
      onNotice: (notice) => {
        history.#heard(notice);
      },
      onBack: () => {
        history.#refresh(null);
      },
    });
    history.#presence = presence;
    history.#list = createSharedThreadList({ server, presence, now });
    await history.#list.refresh(null);
    purgeShared({ server, now }).catch(log);
    return history;
  }

  get name(): string {
    return this.#server.name;
  }

  join(local: LocalParts): SharedParts {
    const [server, presence] = [this.#server, this.#presence];
    const leases = new PostgresLeases({ server, presence, ...local, local: local.leases });
    this.#leases = leases;
    const checkpoints = new PostgresCheckpoints({
      server,
      holdOf: (threadId) => leases.holdOf(threadId),
      noticeOf: (threadId) => presence.notice('saved', threadId),
      onRefused: (threadId) => {
        leases.lost(threadId);
      },
    });
    return {
      leases,
      saver: new RoutedSaver(local.saver, checkpoints, local.isLocal),
      index: routedIndex(local.index, this.#list.index, local.isLocal),
    };
  }

  takeNews(): boolean {
    const had = this.#hasNews;
    this.#hasNews = false;
    return had;
  }

  leave(): void {
    this.#waiting.patience = SHORT;
  }

  async close(): Promise<void> {
    await this.#presence.close();
    await this.#server.close();
  }

  #heard({ news, threadId }: Notice): void {
    if (news === 'taken') this.#leases?.lost(threadId);
    if (news === 'listed') this.#refresh(threadId);
    else this.#changed();
  }

  #refresh(threadId: string | null): void {
    this.#list.refresh(threadId).then(() => {
      this.#changed();
    }, this.#log);
  }

  #changed(): void {
    this.#leases?.changed();
    this.#hasNews = true;
  }
}

/** New threads are shared; those that were there before stay where they are. */
function routedIndex(
  local: ThreadIndex,
  shared: ThreadIndex,
  isLocal: (threadId: string) => boolean,
): ThreadIndex {
  const of = (threadId: string): ThreadIndex => (isLocal(threadId) ? local : shared);
  return {
    add: (threadId, title, forkedFrom) => shared.add(threadId, title, forkedFrom),
    touch: (threadId) => of(threadId).touch(threadId),
    rename: (threadId, title) => of(threadId).rename(threadId, title),
    pin: (threadId, pinned) => of(threadId).pin(threadId, pinned),
    setMode: (threadId, mode) => of(threadId).setMode(threadId, mode),
    markDeleted: (threadId, deleted) => of(threadId).markDeleted(threadId, deleted),
    find: (threadId) => of(threadId).find(threadId),
    list: () => inOrder([...local.list(), ...shared.list()]),
  };
}
