import {
  type BaseCheckpointSaver,
  Overwrite,
  START,
  Send,
  StateGraph,
  interrupt,
} from '@langchain/langgraph';
import { uuid6 } from '@langchain/langgraph-checkpoint';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AgentState } from '../../src/agent/state.ts';
import { type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { pruneThread } from '../../src/checkpoint/prune.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { atFailpoints } from '../../src/shared/failpoint.ts';
import { type FuzzGraph, deltaGraph, said } from '../faults/fuzz/graphs.ts';
import { type Deed, type Twin, configOf, deeds, act, seenIn } from '../faults/fuzz/sequence.ts';
import { useDatabase } from '../support/database.ts';

describe('pruning', () => {
  let database: Database;
  let threads = 0;
  const stored = useDatabase((opened) => (database = opened));
  const graphOn = (saver: BaseCheckpointSaver = new CheckpointSaver(database)): FuzzGraph =>
    deltaGraph(saver);
  const makeTwin = (threadId = `t${threads++}`): Twin => {
    let graph = graphOn();
    return {
      name: 'pruned',
      threadId,
      points: [],
      graph: () => graph,
      reopen: () => (graph = graphOn()),
    };
  };
  /** Every checkpoint, by its id, as it can be seen. */
  const historyOf = async (twin: Twin, graph = graphOn()): Promise<Map<unknown, unknown>> => {
    const found = new Map<unknown, unknown>();
    for await (const state of graph.getStateHistory(configOf(twin))) {
      found.set(state.config.configurable?.['checkpoint_id'], seenIn(state));
    }
    return found;
  };
  /** What is left is what was there; a bridge has its messages, and no tasks. */
  const assertSame = async (twin: Twin, before: Map<unknown, unknown>): Promise<void> => {
    const bridges = new Set(
      database
        .all(
          `SELECT checkpoint_id FROM writes WHERE thread_id = ? AND task_id = 'pruned'`,
          twin.threadId,
        )
        .map((row) => row['checkpoint_id']),
    );
    for (const [id, seen] of await historyOf(twin)) {
      const then = before.get(id) as ReturnType<typeof seenIn>;
      assert.deepEqual(seen, bridges.has(id as string) ? { ...then, next: [], asked: [] } : then);
    }
  };
  /** A turn of many steps, none of which asks. */
  const longTurn = async (twin: Twin, steps: number): Promise<void> => {
    await act(twin, { kind: 'input', pick: 0 }, 0);
    for (let step = 0; step < steps; step++) {
      const saver = twin.graph().checkpointer as CheckpointSaver;
      const tuple = await saver.getTuple(configOf(twin));
      assert.ok(tuple?.metadata);
      await saver.putWrites(tuple.config, [['messages', [said(`s${step}`, 'x')]]], `task${step}`);
      const id = uuid6(step);
      await saver.put(
        tuple.config,
        { ...tuple.checkpoint, id },
        { ...tuple.metadata, source: 'loop' },
      );
    }
  };

  afterEach(() => {
    atFailpoints(null);
  });

  it('leaves every checkpoint that is left as it was, and the conversation goes on as if unpruned', async () => {
    let removed = 0;
    await fc.assert(
      fc.asyncProperty(deeds, deeds, async (past, future) => {
        const [pruned, untouched] = [makeTwin(), makeTwin()];
        const go = async (twin: Twin, todo: readonly Deed[], from: number): Promise<void> => {
          for (const [number, deed] of todo.entries()) await act(twin, deed, from + number);
        };
        for (const twin of [pruned, untouched]) await go(twin, past, 0);
        const before = await historyOf(pruned);
        removed += (await pruneThread(database, pruned.threadId)).removed;
        await assertSame(pruned, before);
        for (const point of pruned.points) assert.ok((await historyOf(pruned)).has(point));
        assert.deepEqual(await pruneThread(database, pruned.threadId), { removed: 0 });
        for (const twin of [pruned, untouched]) await go(twin, future, past.length);
        assert.ok(pruned.state && untouched.state);
        assert.deepEqual(seenIn(pruned.state), seenIn(untouched.state));
      }),
      { numRuns: 20 },
    );
    assert.ok(removed > 0);
  });

  it('puts the middle of a turn into one row', async () => {
    const twin = makeTwin();
    await longTurn(twin, 100);
    const before = await historyOf(twin);
    const { removed } = await pruneThread(database, twin.threadId);
    assert.ok(removed > 85, String(removed));
    await assertSame(twin, before);
    // Nothing to do: nothing is written.
    const rows = (): unknown[] => database.all('SELECT * FROM checkpoints ORDER BY rowid');
    const once = rows();
    assert.deepEqual(await pruneThread(database, twin.threadId), { removed: 0 });
    assert.deepEqual(rows(), once);
  });

  it('K-16: stopped after any of its transactions, it leaves the conversation whole', async () => {
    const twin = makeTwin();
    await longTurn(twin, 210);
    const before = await historyOf(twin);
    const newest = [...before.values()][0];
    for (let stops = 0; ; stops++) {
      atFailpoints((name) => {
        if (name === 'prune.step') throw new Error('killed');
      });
      const ended = await pruneThread(database, twin.threadId).catch(() => null);
      atFailpoints(null);
      stored.reopen();
      await assertSame(twin, before);
      assert.deepEqual(seenIn(await graphOn().getState(configOf(twin))), newest);
      if (ended === null) continue;
      assert.ok(stops > 2, `stopped ${stops} times`);
      return;
    }
  });

  it('leaves alone what another process adds, and where it goes on from', async () => {
    const twin = makeTwin();
    await longTurn(twin, 120);
    const before = await historyOf(twin);
    const other = openDatabase(stored.folder);
    const saver = new CheckpointSaver(other);
    const old = [...before.keys()].at(8) as string;
    const forked: string[] = [];
    const fork = async (): Promise<void> => {
      for (const at of [old, undefined]) {
        const config = configOf(twin, at);
        const next = await graphOn(saver).updateState(
          config,
          { messages: [said('f', 'f')] },
          'work',
        );
        forked.push(String(next.configurable?.['checkpoint_id']));
      }
    };
    // When its first transaction begins, its work was planned on what was there before.
    const late: Database = {
      ...database,
      async transaction(work, durability) {
        if (forked.length === 0) await fork();
        return database.transaction(work, durability);
      },
    };
    assert.ok((await pruneThread(late, twin.threadId)).removed > 0);
    const after = await historyOf(twin);
    for (const id of [old, ...forked]) assert.ok(after.has(id), id);
    for (const [id, seen] of after) {
      const then = before.get(id) as ReturnType<typeof seenIn> | undefined;
      if (then !== undefined) assert.deepEqual((seen as typeof then).messages, then.messages);
    }
    await pruneThread(database, twin.threadId);
    const { messages } = after.get(forked[0]) as ReturnType<typeof seenIn>;
    const state = seenIn(await graphOn().getState(configOf(twin, forked[0])));
    assert.deepEqual(state.messages, messages);
    other.close();
  });

  it('does not put together what is no array of messages', async () => {
    const twin = makeTwin();
    await longTurn(twin, 12);
    const saver = twin.graph().checkpointer as CheckpointSaver;
    const odd = database.all(
      `SELECT checkpoint_id AS id FROM checkpoints WHERE thread_id = ? ORDER BY rowid DESC LIMIT 3 OFFSET 4`,
      twin.threadId,
    );
    const values = [new Overwrite([said('o', 'o')]), said('single', 'one'), ['raw']];
    for (const [index, { id = null }] of odd.entries()) {
      await saver.putWrites(
        configOf(twin, String(id)),
        [['messages', values[index]]],
        `zz${index}`,
      );
    }
    const before = await historyOf(twin);
    assert.ok((await pruneThread(database, twin.threadId)).removed > 0);
    await assertSame(twin, before);
    for (const { id } of odd) assert.ok((await historyOf(twin)).has(id));
  });

  it("LangGraph's own SQLite saver reads a pruned thread, and what is asked in it", async () => {
    const say = (id: string) => () => ({ messages: [said(id, id)] });
    const build = (saver: BaseCheckpointSaver) =>
      new StateGraph(AgentState)
        .addNode('a', say('a'))
        .addNode('b', say('b'))
        .addNode('c', say('c'))
        .addNode('ask', ({ value }: { value: string }) => ({
          messages: [said(value, interrupt<string, string>(value))],
        }))
        .addEdge(START, 'a')
        .addEdge('a', 'b')
        .addEdge('b', 'c')
        .addConditionalEdges('c', () => ['x', 'y'].map((value) => new Send('ask', { value })))
        .compile({ checkpointer: saver });
    const twin = makeTwin();
    const graph = build(new CheckpointSaver(database));
    await graph.invoke({ messages: [said('hi', 'hi')] }, configOf(twin));
    assert.ok((await pruneThread(database, twin.threadId)).removed > 0);
    const own = seenIn(await graph.getState(configOf(twin)));
    assert.deepEqual(
      own.messages.map(([id]) => id),
      ['hi', 'a', 'b', 'c'],
    );
    assert.deepEqual(own.asked.flat(), ['x', 'y']);
    const stock = SqliteSaver.fromConnString(database.path);
    assert.deepEqual(seenIn(await build(stock).getState(configOf(twin))), own);
    (stock as unknown as { db: { close(): void } }).db.close();
  });
});
