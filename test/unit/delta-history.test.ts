import { HumanMessage } from '@langchain/core/messages';
import {
  BaseCheckpointSaver,
  DeltaValue,
  END,
  Send,
  START,
  StateGraph,
  StateSchema,
  messagesDeltaReducer,
} from '@langchain/langgraph';
import type { BaseMessage } from '@langchain/core/messages';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { z } from 'zod';
import { openDatabase } from '../../src/checkpoint/database.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { makeFolder } from '../support/core.ts';

const State = new StateSchema({
  messages: new DeltaValue(
    z.custom<BaseMessage[]>().default(() => []),
    { reducer: messagesDeltaReducer, snapshotFrequency: 7 },
  ),
});

/** Each turn forks into two parallel tasks, which both speak. */
function talk(saver: CheckpointSaver) {
  return new StateGraph(State)
    .addNode('fork', () => ({ messages: [new HumanMessage({ content: 'fork' })] }))
    .addNode('speak', ({ word }: { word: string }) => ({ messages: [new HumanMessage(word)] }))
    .addEdge(START, 'fork')
    .addConditionalEdges(
      'fork',
      () => ['left', 'right'].map((word) => new Send('speak', { word })),
      ['speak'],
    )
    .addEdge('speak', END)
    .compile({ checkpointer: saver });
}

describe('the history of delta channels', () => {
  it('is what a walk over all ancestors finds, at every checkpoint and in any order of asking', async () => {
    const database = openDatabase(join(makeFolder(), 'storage'));
    const saver = new CheckpointSaver(database);
    const graph = talk(saver);
    const config = { configurable: { thread_id: 't' }, durability: 'sync' as const };
    for (let turn = 0; turn < 8; turn++) {
      await graph.invoke({ messages: [new HumanMessage(`turn ${turn}`)] }, config);
    }
    const checkpoints = [];
    for await (const tuple of saver.list({ configurable: { thread_id: 't', checkpoint_ns: '' } })) {
      checkpoints.push(tuple.config);
    }
    assert.ok(checkpoints.length > 20);
    const walk = BaseCheckpointSaver.prototype.getDeltaChannelHistory.bind(saver);
    const orders = [
      checkpoints,
      checkpoints.toReversed(),
      checkpoints.filter((_, i) => i % 3 === 0),
    ];
    for (const asked of orders.flat()) {
      const options = { config: asked, channels: ['messages'] };
      const expected = await walk(options);
      assert.deepEqual(await saver.getDeltaChannelHistory(options), expected);
      assert.deepEqual(await saver.getDeltaChannelHistory(options), expected);
    }
    database.close();
  });

  it('is read no further back than it was before', async () => {
    const database = openDatabase(join(makeFolder(), 'storage'));
    let read = 0;
    const saver = new CheckpointSaver({
      ...database,
      all(sql, ...values) {
        const rows = database.all(sql, ...values);
        read += rows.length;
        return rows;
      },
    });
    const graph = talk(saver);
    const config = { configurable: { thread_id: 't' }, durability: 'sync' as const };
    const perTurn: number[] = [];
    for (let turn = 0; turn < 12; turn++) {
      read = 0;
      await graph.invoke({ messages: [new HumanMessage(`turn ${turn}`)] }, config);
      perTurn.push(read);
    }
    assert.equal(perTurn.at(-1), perTurn[2]);
    database.close();
  });
});
