import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AgentDeps, CALL_MODEL, GUARD, TOOL_CALL, makeGraph } from '../../src/agent/graph.ts';
import { createBreakpointStore } from '../../src/checkpoint/breakpoints.ts';
import { type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { UNGUARDED } from '../../src/checkpoint/leases.ts';
import { pruneThread } from '../../src/checkpoint/prune.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { type HistoryEntry, readHistory } from '../../src/threads/history.ts';
import { type Bench, makeBench, makeFolder } from '../support/core.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';

const both: ScriptedReply = {
  calls: [
    { id: 'r', name: 'read_file', args: { path: 'a.txt' } },
    { id: 'w', name: 'write_file', args: { path: 'a.txt', content: 'new\n' } },
  ],
};
const done: ScriptedReply = { text: 'Done.' };
const place = ({ source, ran, next }: HistoryEntry): string =>
  `${source}: ${ran.join() || '-'} > ${next.join() || '-'}`;

/** The graph on a database that nobody else has open; its nodes cannot run. */
function graph(over: Database) {
  const saver = new CheckpointSaver(over);
  const agent = makeGraph({ checkpointer: saver } as unknown as AgentDeps);
  return { agent, saver, breakpoints: createBreakpointStore(over, UNGUARDED) };
}

describe('the history of a thread', () => {
  let bench: Bench;
  let id: string;
  const onDisk = (): string => readFileSync(join(bench.folder, 'a.txt'), 'utf8');
  const start = async (...replies: readonly ScriptedReply[]): Promise<void> => {
    bench = makeBench({ 'a.txt': 'old\n' }, replies);
    id = await bench.core.threads.send(null, 'Go');
    await bench.reaches(id, 'waiting');
  };
  const approve = async (threadId = id): Promise<void> => {
    const [item] = await bench.pendingItems(threadId);
    await bench.decide(threadId, item!, { kind: 'approve' });
    await bench.reaches(threadId, 'idle');
  };
  const entries = async (): Promise<readonly HistoryEntry[]> =>
    (await bench.core.threads.history(id)).entries;
  const entryBefore = async (node: string): Promise<string> => {
    const found = (await entries()).find(({ next }) => next.includes(node));
    assert.ok(found);
    return found.checkpointId;
  };
  const goesOn = async (threadId: string, status: 'idle' | 'waiting'): Promise<void> => {
    await bench.core.threads.resume(threadId);
    await bench.reaches(threadId, status);
  };
  afterEach(async () => {
    assert.deepEqual(bench.logged, []);
    await bench.close();
  });

  it('has every checkpoint, newest first, with what led there and what comes next', async () => {
    await start(both, done);
    await approve();
    const all = await entries();
    assert.deepEqual(all.map(place), [
      'loop: callModel > -',
      'loop: toolCall > callModel',
      'loop: callModel > toolCall',
      'loop: guard > callModel',
      'loop: __start__ > guard',
      'input: - > __start__',
    ]);
    assert.deepEqual(
      all.map(({ asked }) => asked),
      [false, false, true, false, false, false],
    );
    const { threads } = bench.core;
    const pages: HistoryEntry[] = [];
    for (let before: string | undefined; ;) {
      const page = await threads.history(id, { limit: 4, ...(before === undefined ? {} : { before }) });
      pages.push(...page.entries);
      before = page.entries.at(-1)?.checkpointId;
      if (!page.more) break;
    }
    assert.deepEqual(pages, all);
    const then = await threads.state(id, all[2]?.checkpointId);
    assert.deepEqual(then.next, ['toolCall']);
    assert.deepEqual(then.tasks.map(({ done }) => done), [true, true]);
  });

  it('forks: the new thread stands there, and the old one stays as it was', async () => {
    await start(both, done, done);
    await approve();
    const { threads } = bench.core;
    const before = await threads.state(id);
    const fork = await threads.fork(id, await entryBefore('callModel'));
    const view = await bench.view(fork);
    assert.deepEqual([view.status, view.at, view.title], ['paused', ['callModel'], 'Go (fork)']);
    await goesOn(fork, 'idle');
    assert.equal((await threads.state(fork)).values.messages.length, 5);
    assert.deepEqual(await threads.state(id), before);
    assert.equal(bench.model.requests.length, 3);
  });

  it('a fork does not do again what was done, whoever goes on', async () => {
    await start(both, done, done);
    await approve();
    const { threads } = bench.core;
    const fork = await threads.fork(id, await entryBefore('toolCall'));
    assert.deepEqual(await threads.pending(), []);
    bench = bench.restart([done, done]);
    assert.equal((await bench.view(fork)).status, 'paused');
    await goesOn(fork, 'idle');
    const told = (await bench.core.threads.state(fork)).values.messages.find(
      (one) => one.type === 'tool' && one.tool_call_id === 'w',
    );
    assert.match(told?.content ?? '', /^Not done again: .*fork.*Applied/u);
    const applied = bench.core.audit.rows().filter(({ event }) => event === 'applied');
    assert.equal(applied.length, 1);
  });

  it('a fork of a fork proposes anew what was taken back, or is another call', async () => {
    await start(both, done, done, done);
    await approve();
    const { threads } = bench.core;
    const first = await threads.fork(id, await entryBefore('toolCall'));
    const [newest] = (await threads.history(first)).entries;
    const second = await threads.fork(first, newest?.checkpointId ?? '');
    const said = (await threads.state(second)).values.messages[1];
    assert.ok(said?.type === 'ai');
    const args = { path: 'a.txt', content: 'other\n' };
    const tool_calls = said.tool_calls.map((one) => (one.id === 'w' ? { ...one, args } : one));
    const outcome = await threads.updateState(second, { values: { messages: [{ ...said, tool_calls }] } });
    assert.equal(outcome.kind, 'applied');
    await goesOn(second, 'waiting');
    await approve(second);
    assert.equal(onDisk(), 'other\n');
    const [own] = bench.core.audit.rows().filter(({ event }) => event === 'applied');
    await threads.undo(second, (await applied(second)) ?? '', 'undo');
    assert.equal(onDisk(), 'new\n');
    assert.deepEqual(await threads.undo(id, own?.proposalId ?? '', 'undo'), { kind: 'done' });
    await goesOn(first, 'waiting');
    await approve(first);
    assert.equal(onDisk(), 'new\n');
  });
  const applied = async (threadId: string): Promise<string | undefined> => {
    const { items } = await bench.view(threadId);
    const item = items.find((one) => one.kind === 'tool' && one.state === 'applied');
    return item?.kind === 'tool' ? item.review?.proposalId : undefined;
  };

  it('a fork of where an approval waits waits for nobody, and nothing of the first is decided', async () => {
    await start(both, done, done);
    const { threads } = bench.core;
    const fork = await threads.fork(id, await entryBefore('toolCall'));
    assert.equal((await threads.pending()).length, 1);
    await goesOn(fork, 'waiting');
    assert.equal((await threads.pending()).length, 2);
    await approve(fork);
    assert.equal((await bench.view(id)).status, 'waiting');
    assert.deepEqual((await threads.pending()).map(({ threadId }) => threadId), [id]);
  });

  it('names what LangGraph itself would run next, and leaves out what was pruned', async () => {
    const read: ScriptedReply = { calls: [{ id: 'q', name: 'list_files', args: {} }] };
    await start(both, read, done, done);
    await approve();
    await bench.core.threads.send(id, 'Again');
    await bench.reaches(id, 'idle');
    const all = await entries();
    await bench.core.close();
    const database = openDatabase(bench.storage);
    const deps = graph(database);
    for (const { checkpointId, next } of all) {
      const config = { configurable: { thread_id: id, checkpoint_id: checkpointId } };
      const { tasks } = await deps.agent.getState(config);
      assert.deepEqual(next, [...new Set(tasks.map(({ name }) => name))]);
    }
    const { removed } = await pruneThread(database, id);
    database.close();
    bench = bench.restart([]);
    const left = await entries();
    assert.ok(removed > 0 && left.length < all.length - removed);
    for (const entry of left) {
      assert.deepEqual(all.find((one) => one.checkpointId === entry.checkpointId)?.next, entry.next);
      const { messages } = (await bench.core.threads.state(id, entry.checkpointId)).values;
      const fork = await bench.core.threads.fork(id, entry.checkpointId);
      assert.equal((await bench.view(fork)).status, entry.next.length === 0 ? 'idle' : 'paused');
      const { values } = await bench.core.threads.state(fork);
      assert.deepEqual(values.messages, messages.slice(0, values.messages.length));
    }
  });

  it('says of a place that is not kept that it is not', async () => {
    await start(both, done);
    const { threads } = bench.core;
    await assert.rejects(threads.fork(id, 'nowhere'), { reason: 'notFound' });
    await assert.rejects(threads.fork('nobody', await entryBefore('toolCall')), { reason: 'notFound' });
    await assert.rejects(threads.history('nobody'), { reason: 'notFound' });
    await assert.rejects(threads.state('nobody'), { reason: 'notFound' });
  });
});

/** What the rows of a query are, in all. */
function counting(database: Database): { readonly database: Database; rows: number } {
  const counter = { rows: 0 };
  const all: Database['all'] = (sql, ...values) => {
    const rows = database.all(sql, ...values);
    counter.rows += rows.length;
    return rows;
  };
  return Object.assign(counter, { database: { ...database, all } });
}

describe('the history of a long thread', () => {
  const message = (id: string): BaseMessage => new AIMessage({ id, content: 'x'.repeat(200) });
  let database: Database;
  beforeEach(() => {
    database = openDatabase(makeFolder());
  });
  afterEach(() => {
    database.close();
  });
  const fill = async (agent: ReturnType<typeof makeGraph>, threadId: string, turns: number) => {
    const config = { configurable: { thread_id: threadId } };
    for (let turn = 0; turn < turns; turn++) {
      for (const node of [GUARD, CALL_MODEL, TOOL_CALL] as const) {
        await agent.updateState(config, { messages: [message(`${turn} ${node}`)] }, node);
      }
    }
  };
  it('costs no more than that of a short one', async () => {
    const counter = counting(database);
    const deps = graph(counter.database);
    const costs: number[] = [];
    for (const turns of [20, 200]) {
      await fill(deps.agent, `of ${turns}`, turns);
      for (const page of [{}, { before: 'middle' }]) {
        const ids = database.all(
          'SELECT checkpoint_id AS id FROM checkpoints WHERE thread_id = ? ORDER BY rowid',
          `of ${turns}`,
        );
        const middle = String(ids[Math.floor(ids.length / 2)]?.['id']);
        counter.rows = 0;
        const { entries, more } = await readHistory(deps, `of ${turns}`, {
          ...('before' in page ? { before: middle } : {}),
          limit: 10,
        });
        costs.push(counter.rows);
        assert.deepEqual([entries.length, more], [10, true]);
      }
    }
    assert.deepEqual(costs.slice(2), costs.slice(0, 2));
  });
});
