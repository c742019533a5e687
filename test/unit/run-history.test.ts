import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import assert from 'node:assert/strict';
import { type AgentDeps, CALL_MODEL, GUARD, TOOL_CALL, makeGraph } from '../../src/agent/graph.ts';
import { createBreakpointStore } from '../../src/checkpoint/breakpoints.ts';
import { type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { UNGUARDED } from '../../src/checkpoint/leases.ts';
import { pruneThread } from '../../src/checkpoint/prune.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { type HistoryEntry, readHistory } from '../../src/threads/history.ts';
import { makeFolder } from '../support/core.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';
import { Pausing, both, done } from './support/pausing.ts';

const place = ({ source, ran, next }: HistoryEntry): string =>
  `${source}: ${ran.join() || '-'} > ${next.join() || '-'}`;

/** The graph on a database that nobody else has open; its nodes cannot run. */
function graph(over: Database) {
  const saver = new CheckpointSaver(over);
  const agent = makeGraph({ checkpointer: saver } as unknown as AgentDeps);
  return { agent, saver, breakpoints: createBreakpointStore(over, UNGUARDED) };
}

describe('the history of a thread', () => {
  let run: Pausing;
  beforeEach(() => {
    run = new Pausing();
  });
  const entries = async (): Promise<readonly HistoryEntry[]> =>
    (await run.bench.core.threads.history(run.id)).entries;
  const entryBefore = async (node: string): Promise<string> => {
    const found = (await entries()).find(({ next }) => next.includes(node));
    assert.ok(found);
    return found.checkpointId;
  };
  afterEach(() => run.close());

  it('has every checkpoint, newest first, with what led there and what comes next', async () => {
    await run.startAt([], both, done);
    await run.approve();
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
    const { threads } = run.bench.core;
    const pages: HistoryEntry[] = [];
    for (let before: string | undefined; ;) {
      const page = await threads.history(run.id, {
        limit: 4,
        ...(before === undefined ? {} : { before }),
      });
      pages.push(...page.entries);
      before = page.entries.at(-1)?.checkpointId;
      if (!page.more) break;
    }
    assert.deepEqual(pages, all);
    const then = await threads.state(run.id, all[2]?.checkpointId);
    assert.deepEqual(then.next, ['toolCall']);
    assert.deepEqual(
      then.tasks.map(({ done }) => done),
      [true, true],
    );
  });

  it('forks: the new thread stands there, and the old one stays as it was', async () => {
    await run.startAt([], both, done, done);
    await run.approve();
    const { threads } = run.bench.core;
    const before = await threads.state(run.id);
    const fork = await threads.fork(run.id, await entryBefore('callModel'));
    const view = await run.bench.view(fork);
    assert.deepEqual([view.status, view.at, view.title], ['paused', ['callModel'], 'Go (fork)']);
    await run.goesOn('idle', fork);
    assert.equal((await threads.state(fork)).values.messages.length, 5);
    assert.deepEqual(await threads.state(run.id), before);
    assert.equal(run.bench.model.requests.length, 3);
  });

  it('a fork does not do again what was done, whoever goes on', async () => {
    await run.startAt([], both, done, done);
    await run.approve();
    const { threads } = run.bench.core;
    const fork = await threads.fork(run.id, await entryBefore('toolCall'));
    assert.deepEqual(await threads.pending(), []);
    run.bench = run.bench.restart([done, done]);
    assert.equal((await run.bench.view(fork)).status, 'paused');
    await run.goesOn('idle', fork);
    const told = (await run.bench.core.threads.state(fork)).values.messages.find(
      (one) => one.type === 'tool' && one.tool_call_id === 'w',
    );
    assert.match(told?.content ?? '', /^Not done again: .*fork.*Applied/u);
    const applied = run.bench.core.audit.rows().filter(({ event }) => event === 'applied');
    assert.equal(applied.length, 1);
  });

  it('a fork of a fork proposes anew what was taken back, or is another call', async () => {
    await run.startAt([], both, done, done, done);
    await run.approve();
    const { threads } = run.bench.core;
    const first = await threads.fork(run.id, await entryBefore('toolCall'));
    const [newest] = (await threads.history(first)).entries;
    const second = await threads.fork(first, newest?.checkpointId ?? '');
    const said = (await threads.state(second)).values.messages[1];
    assert.ok(said?.type === 'ai');
    const args = { path: 'a.txt', content: 'other\n' };
    const tool_calls = said.tool_calls.map((one) => (one.id === 'w' ? { ...one, args } : one));
    const outcome = await threads.updateState(second, {
      values: { messages: [{ ...said, tool_calls }] },
    });
    assert.equal(outcome.kind, 'applied');
    await run.goesOn('waiting', second);
    await run.approve(second);
    assert.equal(run.onDisk(), 'other\n');
    const [own] = run.bench.core.audit.rows().filter(({ event }) => event === 'applied');
    await threads.undo(second, (await applied(second)) ?? '', 'undo');
    assert.equal(run.onDisk(), 'new\n');
    assert.deepEqual(await threads.undo(run.id, own?.proposalId ?? '', 'undo'), { kind: 'done' });
    await run.goesOn('waiting', first);
    await run.approve(first);
    assert.equal(run.onDisk(), 'new\n');
  });
  const applied = async (threadId: string): Promise<string | undefined> => {
    const { items } = await run.bench.view(threadId);
    const item = items.find((one) => one.kind === 'tool' && one.state === 'applied');
    return item?.kind === 'tool' ? item.review?.proposalId : undefined;
  };

  it('a fork of where an approval waits waits for nobody, and nothing of the first is decided', async () => {
    await run.startAt([], both, done, done);
    const { threads } = run.bench.core;
    const fork = await threads.fork(run.id, await entryBefore('toolCall'));
    assert.equal((await threads.pending()).length, 1);
    await run.goesOn('waiting', fork);
    assert.equal((await threads.pending()).length, 2);
    await run.approve(fork);
    assert.equal((await run.bench.view(run.id)).status, 'waiting');
    assert.deepEqual(
      (await threads.pending()).map(({ threadId }) => threadId),
      [run.id],
    );
  });

  it('names what LangGraph itself would run next, and leaves out what was pruned', async () => {
    const read: ScriptedReply = { calls: [{ id: 'q', name: 'list_files', args: {} }] };
    await run.startAt([], both, read, done, done);
    await run.approve();
    await run.bench.core.threads.send(run.id, 'Again');
    await run.bench.reaches(run.id, 'idle');
    const all = await entries();
    await run.bench.core.close();
    const database = openDatabase(run.bench.storage);
    const deps = graph(database);
    for (const { checkpointId, next } of all) {
      const config = { configurable: { thread_id: run.id, checkpoint_id: checkpointId } };
      const { tasks } = await deps.agent.getState(config);
      assert.deepEqual(next, [...new Set(tasks.map(({ name }) => name))]);
    }
    const { removed } = await pruneThread(database, run.id);
    database.close();
    run.bench = run.bench.restart([]);
    const left = await entries();
    assert.ok(removed > 0 && left.length < all.length - removed);
    for (const entry of left) {
      assert.deepEqual(
        all.find((one) => one.checkpointId === entry.checkpointId)?.next,
        entry.next,
      );
      const { messages } = (await run.bench.core.threads.state(run.id, entry.checkpointId)).values;
      const fork = await run.bench.core.threads.fork(run.id, entry.checkpointId);
      assert.equal(
        (await run.bench.view(fork)).status,
        entry.next.length === 0 ? 'idle' : 'paused',
      );
      const { values } = await run.bench.core.threads.state(fork);
      assert.deepEqual(values.messages, messages.slice(0, values.messages.length));
    }
  });

  it('says of a place that is not kept that it is not', async () => {
    await run.startAt([], both, done);
    const { threads } = run.bench.core;
    await assert.rejects(threads.fork(run.id, 'nowhere'), { reason: 'notFound' });
    await assert.rejects(threads.fork('nobody', await entryBefore('toolCall')), {
      reason: 'notFound',
    });
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
