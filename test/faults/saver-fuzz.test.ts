import { MemorySaver } from '@langchain/langgraph';
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { pruneThread } from '../../src/checkpoint/prune.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { makeFolder } from '../support/core.ts';
import { type FuzzGraph, deltaGraph, plainGraph } from './fuzz/graphs.ts';
import { type Twin, compare, deeds, perform } from './fuzz/sequence.ts';

const RUNS = Number(process.env['RUNS'] ?? 2000);
const { SEED } = process.env;

describe('the saver against others', () => {
  let folder: string;
  let database: Database;
  let stored: FuzzGraph;
  const remembered = deltaGraph(new MemorySaver());
  const plain = plainGraph(new MemorySaver()) as unknown as FuzzGraph;
  const open = (): void => {
    database = openDatabase(folder);
    stored = deltaGraph(new CheckpointSaver(database));
  };
  let threads = 0;
  /** The same thread in memory, in memory with the messages as a whole, and in the database. */
  const makeTwins = (): Twin[] => {
    const threadId = `t${threads++}`;
    return [
      { name: 'memory', threadId, graph: () => remembered, points: [] },
      { name: 'plain', threadId, graph: () => plain, points: [] },
      {
        name: 'database',
        threadId,
        graph: () => stored,
        points: [],
        async prune() {
          await pruneThread(database, threadId);
        },
        reopen() {
          database.close();
          open();
        },
      },
    ];
  };

  before(() => {
    folder = makeFolder();
    open();
  });
  after(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  it(`${RUNS} random threads look the same in all (SEED=… RUNS=… repeats)`, async function () {
    this.timeout(600_000);
    await fc.assert(
      fc.asyncProperty(deeds, async (sequence) => {
        const twins = makeTwins();
        for (const [number, deed] of sequence.entries()) {
          for (const twin of twins) await perform(twin, deed, number);
          await compare(twins, deed.kind === 'prune');
        }
      }),
      { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
    );
  });
});
