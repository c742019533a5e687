import { type BaseMessage, HumanMessage } from '@langchain/core/messages';
import { MemorySaver } from '@langchain/langgraph';
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PostgresCheckpoints } from '../../src/checkpoint/postgres/saver.ts';
import { prepare } from '../../src/checkpoint/postgres/schema.ts';
import { type Server, createServer } from '../../src/checkpoint/postgres/server.ts';
import { isUserFacing } from '../../src/shared/errors.ts';
import { deltaGraph } from '../faults/fuzz/graphs.ts';
import { act, compare, compareHistory, deeds } from '../faults/fuzz/sequence.ts';
import { type PostgresServer, ask, startPostgres } from '../support/postgres.ts';

const isElsewhere = (error: unknown): boolean =>
  isUserFacing(error) && error.reason === 'elsewhere';

const { CI, RUNS = CI === undefined ? 30 : 150 } = process.env;

describe('the saver of PostgreSQL', () => {
  let postgres: PostgresServer;
  let url: string;
  let server: Server;
  let saver: PostgresCheckpoints;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.close());
  beforeEach(async () => {
    url = await postgres.createDatabase();
    server = createServer(url, { patience: () => 5000, log: () => undefined });
    await prepare(server);
    saver = new PostgresCheckpoints({ server, holdOf: () => null, noticeOf: () => ['x', ''] });
  });
  afterEach(() => server.close());

  it(`${RUNS} random threads look the same as in memory`, async function () {
    this.timeout(300_000);
    const [remembered, stored] = [deltaGraph(new MemorySaver()), deltaGraph(saver)];
    let threads = 0;
    await fc.assert(
      fc.asyncProperty(deeds, async (sequence) => {
        const threadId = `t${threads++}`;
        const twins = [
          { name: 'memory', threadId, graph: () => remembered, points: [] },
          { name: 'PostgreSQL', threadId, graph: () => stored, points: [] },
        ];
        for (const [number, deed] of sequence.entries()) {
          for (const twin of twins) await act(twin, deed, number);
          compare(twins);
        }
        await compareHistory(twins);
      }),
      { numRuns: Number(RUNS) },
    );
  });

  it('gives checkpoints in the order in which they were made, whatever their clocks say', async () => {
    const config = { configurable: { thread_id: 't', checkpoint_ns: '' } };
    for (const id of ['3', '1', '2']) {
      await saver.put(
        config,
        { ...emptyCheckpoint(), id },
        { source: 'loop', step: 0, parents: {} },
      );
    }
    assert.equal((await saver.getTuple(config))?.checkpoint.id, '2');
    const ids = [];
    const before = { configurable: { checkpoint_id: '2' } };
    for await (const { checkpoint } of saver.list(config, { before })) ids.push(checkpoint.id);
    assert.deepEqual(ids, ['1', '3']);
  });

  it('keeps the branches of a conversation apart', async () => {
    const graph = deltaGraph(saver);
    const config = { configurable: { thread_id: 't' } };
    await graph.updateState(config, { messages: [new HumanMessage({ id: 'a', content: 'a' })] });
    const { config: at } = await graph.getState(config);
    const left = await graph.updateState(at, { messages: [said('left')] });
    const right = await graph.updateState(at, { messages: [said('right')] });
    for (const [branch, id] of [
      [left, 'left'],
      [right, 'right'],
    ] as const) {
      const { messages } = (await graph.getState(branch)).values as { messages: BaseMessage[] };
      assert.deepEqual(
        messages.map((message) => message.id),
        ['a', id],
      );
    }
  });

  it('writes nothing to a thread that another host has taken, whether it was told or not', async () => {
    const held = new PostgresCheckpoints({
      server,
      holdOf: () => ({ owner: 'one', fence: '1' }),
      noticeOf: () => ['x', ''],
    });
    const config = { configurable: { thread_id: 't', checkpoint_ns: '' } };
    const at = { configurable: { ...config.configurable, checkpoint_id: 'c' } };
    const made = { ...emptyCheckpoint(), id: 'c' };
    const put = () => held.put(config, made, { source: 'loop', step: 0, parents: {} });
    const write = () => held.putWrites(at, [['messages', 'said']], 'task');
    await assert.rejects(put, isElsewhere);
    await ask(
      url,
      `INSERT INTO countersign.leases (thread_id, owner, fence) VALUES ('t', 'one', 1)`,
    );
    await put();
    await write();
    for (const taken of [`owner = 'two', fence = 2`, `owner = 'one', fence = 3`]) {
      await ask(url, `UPDATE countersign.leases SET ${taken}`);
      await assert.rejects(put, isElsewhere);
      await assert.rejects(write, isElsewhere);
    }
    const rows = await ask(url, 'SELECT checkpoint_id FROM countersign.checkpoint_writes');
    assert.equal(rows.length, 1);
  });

  it('refuses a checkpoint when a part of what led to it is missing', async () => {
    const graph = deltaGraph(saver);
    const config = { configurable: { thread_id: 't' } };
    for (const id of ['a', 'b', 'c']) await graph.updateState(config, { messages: [said(id)] });
    await ask(
      url,
      `DELETE FROM countersign.checkpoints WHERE place = (SELECT min(place) FROM countersign.checkpoints)`,
    );
    await assert.rejects(() => graph.getState(config), /is missing/u);
  });
});

function said(id: string): HumanMessage {
  return new HumanMessage({ id, content: id });
}
