import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectPostgres } from '../../src/checkpoint/postgres/connect.ts';
import type { SharedHistory } from '../../src/checkpoint/shared-history.ts';
import type { ThreadView } from '../../src/shared/thread-view.ts';
import { type Bench, makeBench, openBench } from './core.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';
import type { ScriptedReply } from './scripted-model.ts';
import { until } from './until.ts';

/** Hosts, each with files and a ledger of its own, that share their threads in one database. */
export class SharingHosts {
  readonly postgres: PostgresServer;
  readonly url: string;
  readonly #open = new Set<Bench>();
  /** What all of them leave on the disk. */
  readonly #folders: string[] = [];

  constructor(postgres: PostgresServer, url: string) {
    [this.postgres, this.url] = [postgres, url];
  }

  connect(patience?: number): Promise<SharedHistory> {
    const waiting = patience === undefined ? {} : { patience };
    return connectPostgres(this.url, { ...waiting, log: () => undefined });
  }

  /** One with this text in `a.txt`. */
  async open(replies: readonly ScriptedReply[], patience?: number): Promise<Bench> {
    return this.add(
      makeBench({ 'a.txt': 'old\n' }, replies, { shared: await this.connect(patience) }),
    );
  }

  add(bench: Bench): Bench {
    this.#open.add(bench);
    this.#folders.push(bench.folder, bench.storage);
    return bench;
  }

  async leave(bench: Bench): Promise<void> {
    this.#open.delete(bench);
    await bench.core.close();
  }

  /** The same files and ledger in a new process, as far as the others can tell. */
  async again(bench: Bench, replies: readonly ScriptedReply[]): Promise<Bench> {
    const shared = await this.connect();
    return this.add(openBench(bench.folder, bench.storage, replies, { shared }));
  }

  async close(): Promise<void> {
    for (const bench of this.#open) await bench.core.close();
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }
}

/** A server for all tests of a suite, and a new database for each. */
export function useSharingHosts(): () => SharingHosts {
  let postgres: PostgresServer;
  let hosts: SharingHosts;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.close());
  beforeEach(async () => {
    hosts = new SharingHosts(postgres, await postgres.createDatabase());
  });
  afterEach(() => hosts.close());
  return () => hosts;
}

export const textOf = (bench: Bench): string => readFileSync(join(bench.folder, 'a.txt'), 'utf8');

export function write(content = 'new\n'): ScriptedReply {
  const args = { path: 'a.txt', content };
  return { calls: [{ id: `call-${content.length}`, name: 'write_file', args }] };
}

export function sees(
  bench: Bench,
  threadId: string,
  what: (view: ThreadView) => boolean,
): Promise<ThreadView> {
  return until('the thread to look so', async () => {
    const view = await bench.view(threadId);
    return what(view) ? view : null;
  });
}

export function listed(bench: Bench, threadId: string) {
  return until('the thread to be listed', () =>
    bench.core.threads.list().find((thread) => thread.threadId === threadId),
  );
}

/** Approves what waits first. */
export async function approve(bench: Bench, threadId: string): Promise<void> {
  await bench.reaches(threadId, 'waiting');
  const [item] = await bench.pendingItems(threadId);
  if (item === undefined) throw new Error('Nothing waits');
  await bench.decide(threadId, item, { kind: 'approve' });
}
