import { MemorySaver } from '@langchain/langgraph';
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { pruneThread } from '../../src/checkpoint/prune.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { makeFolder } from '../support/core.ts';
import { type FuzzGraph, deltaGraph, plainGraph } from './fuzz/graphs.ts';
import { type Twin, compare, compareHistory, deeds, act } from './fuzz/sequence.ts';

/** All of them where time is no matter; `SEED=… RUNS=…` repeats what failed. */
const { CI, SEED, RUNS = CI === undefined ? 300 : 2000 } = process.env;

describe('the saver against others', () => {
  let folder: string;
  let database: Database;
  let stored: FuzzGraph;
  const remembered = deltaGraph(new MemorySaver());
  const plain = plainGraph(new MemorySaver());
  const reopen = (fully: boolean): void => {
    if (fully) {
      database.close();
      database = openDatabase(folder);
    }
    stored = deltaGraph(new CheckpointSaver(database));
  };
  let threads = 0;
  let removed = 0;
  /** The same thread in memory, in memory with the messages as a whole, and in the database. */
  const makeTwins = (): Twin[] => {
    const threadId = `t${threads++}`;
    return [
      { name: 'memory', threadId, graph: () => remembered, points: [] },
      {
        name: 'database',
        threadId,
        graph: () => stored,
        points: [],
        async prune() {
          removed += (await pruneThread(database, threadId)).removed;
        },
        reopen,
      },
      // Slower, so for some.
      ...(threads % 4 === 0 ? [{ name: 'plain', threadId, graph: () => plain, points: [] }] : []),
    ];
  };

  before(() => {
    folder = makeFolder();
    database = openDatabase(folder);
    reopen(false);
  });
  after(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  it(`${RUNS} random threads look the same in all`, async function () {
    this.timeout(600_000);
    await fc.assert(
      fc.asyncProperty(deeds, async (sequence) => {
        const twins = makeTwins();
        for (const [number, deed] of sequence.entries()) {
          for (const twin of twins) await act(twin, deed, number);
          compare(twins);
        }
        await compareHistory(twins);
      }),
      { numRuns: Number(RUNS), ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
    );
    assert.ok(removed > threads / 4, `${removed} checkpoints were pruned`);
  });
});
