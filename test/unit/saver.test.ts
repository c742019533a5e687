import { type BaseMessage, HumanMessage } from '@langchain/core/messages';
import {
  type BaseCheckpointSaver,
  Command,
  END,
  MemorySaver,
  START,
  Send,
  StateGraph,
  interrupt,
} from '@langchain/langgraph';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { AgentState, type AgentStateValue } from '../../src/agent/state.ts';
import type { Database } from '../../src/checkpoint/database.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { useDatabase } from '../support/database.ts';

/** Turns of the event loop that each of several parallel tasks takes: they end in any order. */
type Delays = readonly number[];

interface Task {
  readonly round: number;
  readonly index: number;
}

/** Every round: a message, then parallel tasks that add one each. */
function fanOut(saver: BaseCheckpointSaver, rounds: readonly Delays[]) {
  const roundOf = (state: AgentStateValue): number =>
    state.messages.filter(({ id }) => id?.startsWith('plan')).length;
  return new StateGraph(AgentState)
    .addNode('plan', (state) => {
      const id = `plan${roundOf(state)}`;
      return { messages: [new HumanMessage({ id, content: id })] };
    })
    .addNode('work', async ({ round, index }: Task) => {
      for (let turn = rounds[round]?.[index] ?? 0; turn > 0; turn--) await setImmediate();
      const id = `${round}-${index}`;
      return { messages: [new HumanMessage({ id, content: id })] };
    })
    .addEdge(START, 'plan')
    .addConditionalEdges(
      'plan',
      (state) => {
        const round = roundOf(state) - 1;
        const delays = rounds[round];
        if (delays === undefined) return END;
        return delays.map((_, index) => new Send('work', { round, index } satisfies Task));
      },
      ['work', END],
    )
    .addEdge('work', 'plan')
    .compile({ checkpointer: saver });
}

const idsOf = (values: unknown): (string | undefined)[] =>
  (values as { messages: BaseMessage[] }).messages.map(({ id }) => id);

describe('the saver', () => {
  let database: Database;
  const stored = useDatabase((opened) => (database = opened));
  const reopen = (): CheckpointSaver => {
    stored.reopen();
    return new CheckpointSaver(database);
  };

  it('messages of parallel tasks come back in the order in which they were applied', async () => {
    let thread = 0;
    const delays = fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(delays, { minLength: 1, maxLength: 3 }), async (rounds) => {
        const config = {
          configurable: { thread_id: `t${thread++}` },
          durability: 'sync' as const,
        };
        const memory = new MemorySaver();
        const oracle = idsOf(await fanOut(memory, rounds).invoke({ messages: [] }, config));
        const live = await fanOut(new CheckpointSaver(database), rounds).invoke(
          { messages: [] },
          config,
        );
        assert.deepEqual(idsOf(live), oracle);
        const remembered = await fanOut(memory, rounds).getState(config);
        assert.deepEqual(idsOf(remembered.values), oracle);
        const stored = await fanOut(reopen(), rounds).getState(config);
        assert.deepEqual(idsOf(stored.values), oracle);
      }),
      { numRuns: 15 },
    );
  });

  it('tasks that were answered in any order come back in the order of their calls', async () => {
    const build = (saver: BaseCheckpointSaver) =>
      new StateGraph(AgentState)
        .addNode('plan', () => ({ messages: [new HumanMessage({ id: 'plan', content: '' })] }))
        .addNode('ask', ({ index }: { index: number }) => {
          const content: string = interrupt(index);
          return { messages: [new HumanMessage({ id: `a${index}`, content })] };
        })
        .addEdge(START, 'plan')
        .addConditionalEdges('plan', () => [0, 1, 2, 3].map((index) => new Send('ask', { index })))
        .compile({ checkpointer: saver });
    let thread = 0;
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(order, async (answers) => {
        const config = {
          configurable: { thread_id: `asked${thread++}` },
          durability: 'sync' as const,
        };
        let graph = build(new CheckpointSaver(database));
        await graph.invoke({ messages: [] }, config);
        for (const index of answers) {
          const { tasks } = await graph.getState(config);
          const asked = tasks
            .flatMap(({ interrupts }) => interrupts)
            .find(({ value }) => value === index);
          await graph.invoke(new Command({ resume: { [asked!.id!]: `answer ${index}` } }), config);
          graph = build(reopen());
        }
        const values: unknown = (await graph.getState(config)).values;
        assert.deepEqual(idsOf(values), ['plan', 'a0', 'a1', 'a2', 'a3']);
        assert.deepEqual(
          (values as AgentStateValue).messages.slice(1).map(({ text }) => text),
          [0, 1, 2, 3].map((index) => `answer ${index}`),
        );
      }),
      { numRuns: 8 },
    );
  });

  it('raw bytes that a task wrote come back as bytes', async () => {
    const saver = new CheckpointSaver(database);
    const config = { configurable: { thread_id: 't', checkpoint_ns: '', checkpoint_id: '1' } };
    const checkpoint = {
      v: 4,
      id: '1',
      ts: '',
      channel_values: {},
      channel_versions: {},
      versions_seen: {},
    };
    await saver.put(config, checkpoint, { source: 'loop', step: 0, parents: {} });
    const bytes = Uint8Array.of(0, 200, 255, 10);
    await saver.putWrites(config, [['channel', bytes]], 'task');
    const tuple = await reopen().getTuple(config);
    assert.deepEqual(tuple?.pendingWrites, [['task', 'channel', bytes]]);
  });

  describe('list', () => {
    const config = { configurable: { thread_id: 'list' } };
    const rounds = [[0, 0], [0], [0, 0, 0]];
    const idsIn = async (
      saver: BaseCheckpointSaver,
      ...args: Parameters<BaseCheckpointSaver['list']>
    ): Promise<unknown[]> => {
      const found: unknown[] = [];
      for await (const { config: address } of saver.list(...args)) {
        found.push(address.configurable?.['checkpoint_id']);
      }
      return found;
    };
    let saver: CheckpointSaver;
    let all: unknown[];

    beforeEach(async () => {
      saver = new CheckpointSaver(database);
      const graph = fanOut(saver, rounds);
      await graph.invoke({ messages: [] }, { ...config, durability: 'sync' });
      await graph.invoke(
        { messages: [] },
        { configurable: { thread_id: 'other' }, durability: 'sync' },
      );
      all = await idsIn(saver, config);
    });

    it('answers the newest first, of this thread only', () => {
      assert.equal(all.length, 9);
      assert.deepEqual(all, all.toSorted().toReversed());
    });

    it('takes a limit, of any size', async () => {
      assert.deepEqual(await idsIn(saver, config, { limit: 2 }), all.slice(0, 2));
      assert.deepEqual(await idsIn(saver, config, { limit: 0 }), []);
      assert.deepEqual(await idsIn(saver, config, { limit: 1000 }), all);
    });

    it('takes only what is before a checkpoint', async () => {
      const before = { configurable: { thread_id: 'list', checkpoint_id: all[3] } };
      assert.deepEqual(await idsIn(saver, config, { before }), all.slice(4));
      assert.deepEqual(await idsIn(saver, config, { before, limit: 1 }), all.slice(4, 5));
    });

    it('filters by metadata before it counts', async () => {
      const inputs = await idsIn(saver, config, { filter: { source: 'input' } });
      assert.deepEqual(inputs, all.slice(-1));
      assert.deepEqual(
        await idsIn(saver, config, { filter: { source: 'loop', step: 1 }, limit: 1 }),
        all.slice(-3, -2),
      );
      assert.deepEqual(await idsIn(saver, config, { filter: { source: 'none' } }), []);
    });

    it('answers what getTuple answers', async () => {
      for await (const tuple of saver.list(config)) {
        assert.deepEqual(await saver.getTuple(tuple.config), tuple);
      }
    });

    it('a deleted thread is gone, and no other', async () => {
      await saver.deleteThread('list');
      assert.deepEqual(await idsIn(saver, config), []);
      assert.equal(await saver.getTuple(config), undefined);
      assert.equal((await idsIn(saver, { configurable: { thread_id: 'other' } })).length, 9);
    });
  });

  it("LangGraph's own SQLite saver can read the database", async () => {
    const config = { configurable: { thread_id: 't' }, durability: 'sync' as const };
    const rounds = [[0], [0]];
    const live = await fanOut(new CheckpointSaver(database), rounds).invoke(
      { messages: [] },
      config,
    );
    const stock = SqliteSaver.fromConnString(database.path);
    const values: unknown = (await fanOut(stock, rounds).getState(config)).values;
    assert.deepEqual(idsOf(values), idsOf(live));
    assert.ok((values as AgentStateValue).messages.every((one) => HumanMessage.isInstance(one)));
    (stock as unknown as { db: { close(): void } }).db.close();
  });
});
