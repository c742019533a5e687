import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Breakpoints } from '../../src/shared/breakpoints.ts';
import { UserFacingError } from '../../src/shared/errors.ts';
import { type Bench, type BenchOptions, makeBench } from '../support/core.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';
import { until } from '../support/until.ts';

const write: ScriptedReply = {
  calls: [{ id: 'w', name: 'write_file', args: { path: 'a.txt', content: 'new\n' } }],
};
const both: ScriptedReply = {
  calls: [
    { id: 'r', name: 'read_file', args: { path: 'a.txt' } },
    { id: 'w', name: 'write_file', args: { path: 'a.txt', content: 'new\n' } },
  ],
};
const done: ScriptedReply = { text: 'Done.' };

describe('a paused run', () => {
  let bench: Bench;
  let id: string;
  const start = async (
    replies: readonly ScriptedReply[],
    stops: Partial<Breakpoints>,
    step = false,
  ): Promise<void> => {
    bench = makeBench({ 'a.txt': 'old\n' }, replies);
    const breakpoints = { before: [], after: [], ...stops };
    id = await bench.core.threads.send(null, 'Go', 'act', { step, breakpoints });
  };
  const onDisk = (): string => readFileSync(join(bench.folder, 'a.txt'), 'utf8');
  const pausesAt = async (...nodes: readonly string[]): Promise<void> => {
    const { at } = await bench.reaches(id, 'paused');
    assert.deepEqual(at, nodes);
  };
  const approve = async (): Promise<void> => {
    await bench.reaches(id, 'waiting');
    const [item] = await bench.pendingItems(id);
    await bench.decide(id, item!, { kind: 'approve' });
  };
  const outline = async (): Promise<string[]> => {
    const { values } = await bench.core.threads.state(id);
    return values.messages.map((message) =>
      message.type === 'tool'
        ? `${message.tool_call_id}: ${message.content.split(/[:.\n]/u)[0]}`
        : message.type,
    );
  };
  const restart = async (
    kind: 'close' | 'die',
    replies: readonly ScriptedReply[],
    options?: BenchOptions,
  ): Promise<void> => {
    assert.deepEqual(bench.logged, []);
    if (kind === 'close') await bench.core.close();
    bench = bench.restart(replies, options);
  };
  afterEach(async () => {
    assert.deepEqual(bench.logged, []);
    await bench.close();
  });

  it('has stopped before a node, waits for nobody, and goes on from there', async () => {
    await start([write, done], { before: ['toolCall'] });
    await pausesAt('toolCall');
    const { threads } = bench.core;
    assert.equal(threads.list()[0]?.status, 'paused');
    assert.deepEqual(await threads.pending(), []);
    await threads.resume(id);
    await approve();
    assert.deepEqual((await bench.reaches(id, 'idle')).at, []);
    assert.equal(onDisk(), 'new\n');
    assert.deepEqual(await outline(), ['human', 'ai', 'w: Applied', 'ai']);
  });

  it('has stopped after a node, but not after the last', async () => {
    await start([write, done], { after: ['callModel', 'toolCall'] });
    await pausesAt('toolCall');
    await bench.core.threads.resume(id);
    await approve();
    await pausesAt('callModel');
    await bench.core.threads.resume(id);
    await bench.reaches(id, 'idle');
    assert.equal(bench.model.requests.length, 2);
  });

  it('stops once where it would for two reasons', async () => {
    await start([write, done], { before: ['toolCall'], after: ['callModel'] });
    await pausesAt('toolCall');
    await bench.core.threads.resume(id);
    await bench.reaches(id, 'waiting');
  });

  it('steps through a run, an approval included, whatever is restarted', async () => {
    await start([write, done], {}, true);
    await pausesAt('guard');
    await restart('close', [write, done]);
    await pausesAt('guard');
    await bench.core.threads.resume(id, true);
    await pausesAt('callModel');
    await bench.core.threads.resume(id, true);
    await pausesAt('toolCall');
    await restart('die', [done]);
    assert.equal(bench.core.threads.list()[0]?.status, 'paused');
    await pausesAt('toolCall');
    await bench.core.threads.resume(id, true);
    await bench.reaches(id, 'waiting');
    await restart('die', [done]);
    await approve();
    await pausesAt('callModel');
    assert.equal(onDisk(), 'new\n');
    await bench.core.threads.resume(id, true);
    await bench.reaches(id, 'idle');
  });

  it('that fails after it went on has failed, and is not paused', async () => {
    await start([{ ...done, finishReason: 'length' }, done], { before: ['callModel'] });
    await pausesAt('callModel');
    await bench.core.threads.resume(id);
    const failed = await bench.reaches(id, 'unfinished');
    assert.match(failed.failure?.message ?? '', /cut off at its length limit/u);
    assert.deepEqual(failed.at, ['callModel']);
    await restart('die', [done]);
    await bench.reaches(id, 'unfinished');
    await bench.core.threads.resume(id);
    await bench.reaches(id, 'idle');
  });

  it('goes on to the end after the last step', async () => {
    await start([write, done], {}, true);
    await pausesAt('guard');
    await bench.core.threads.resume(id);
    await approve();
    await bench.reaches(id, 'idle');
    assert.equal(onDisk(), 'new\n');
  });

  it('knows breakpoints of every thread, of one, and of one run, and keeps those of a thread', async () => {
    bench = makeBench({ 'a.txt': 'old\n' }, [write, done], {
      breakpoints: () => ({ before: ['guard'], after: [] }),
    });
    const { threads } = bench.core;
    id = await threads.send(null, 'Go');
    await pausesAt('guard');
    await threads.setBreakpoints(id, { before: ['toolCall'], after: [] });
    assert.deepEqual(threads.breakpoints(id), {
      everywhere: { before: ['guard'], after: [] },
      own: { before: ['toolCall'], after: [] },
    });
    await restart('die', [write, done]);
    await bench.core.threads.resume(id);
    await pausesAt('toolCall');
    await bench.core.threads.setBreakpoints(id, { before: [], after: [] });
    await pausesAt('toolCall');
    await restart('close', [done]);
    await pausesAt('toolCall');
  });

  it('refuses a breakpoint at what is no node of the graph', async () => {
    await start([done], {});
    await bench.reaches(id, 'idle');
    const { threads } = bench.core;
    assert.deepEqual(threads.nodes(), ['guard', 'callModel', 'toolCall']);
    const wrong = { before: ['tools'], after: [] };
    const isRefused = (error: unknown): boolean =>
      error instanceof UserFacingError && /no node “tools”.*guard, callModel, toolCall/u.test(error.message);
    await assert.rejects(threads.setBreakpoints(id, wrong), isRefused);
    await assert.rejects(threads.send(null, 'Go', 'act', { breakpoints: wrong }), isRefused);
    assert.equal(threads.list().length, 1);
  });

  for (const how of ['a breakpoint that is set', 'a pause that is asked for']) {
    it(`heeds ${how} while it goes`, async () => {
      const going = Promise.withResolvers<undefined>();
      await start([{ ...write, until: going.promise }, done], {});
      await until('the model to be asked', () => bench.model.requests.length > 0 || null);
      const { threads } = bench.core;
      if (how.startsWith('a pause')) await threads.pause(id);
      else await threads.setBreakpoints(id, { before: ['toolCall'], after: [] });
      going.resolve(undefined);
      await pausesAt('toolCall');
      await restart('die', [done]);
      await pausesAt('toolCall');
      await bench.core.threads.resume(id);
      await bench.reaches(id, 'waiting');
    });
  }

  it('that was killed in the middle of a node is cut off, not paused', async () => {
    const never = new Promise<undefined>(() => undefined);
    await start([{ ...write, until: never }], { before: ['callModel', 'toolCall'] });
    await pausesAt('callModel');
    await bench.core.threads.resume(id);
    await bench.reaches(id, 'running');
    await restart('die', [write]);
    assert.deepEqual((await bench.reaches(id, 'unfinished')).at, ['callModel']);
    await bench.core.threads.resume(id);
    await pausesAt('toolCall');
  });

  for (const node of ['guard', 'callModel', 'toolCall']) {
    it(`before ${node}, gives way to a new message, with one answer for each call`, async () => {
      await start([both, done, done], { before: [node] });
      await pausesAt(node);
      await bench.core.threads.setBreakpoints(id, { before: [], after: [] });
      bench.model.requests.length = 0;
      await bench.core.threads.send(id, 'Something else');
      const view = await bench.reaches(id, node === 'toolCall' ? 'idle' : 'waiting');
      assert.deepEqual(view.items.filter(({ kind }) => kind === 'user').length, 2);
      const told = await outline();
      if (node === 'toolCall') {
        assert.deepEqual(told, ['human', 'ai', 'r: Cancelled', 'w: Cancelled', 'human', 'ai']);
      } else {
        assert.deepEqual(told.slice(0, 3), ['human', 'human', 'ai']);
      }
      assert.equal(onDisk(), 'old\n');
    });

    it(`before ${node}, is ended for good, and the next message is a turn like any other`, async () => {
      await start([both, done], { before: [node] });
      await pausesAt(node);
      await bench.core.threads.cancel(id);
      const { status, at } = await bench.view(id);
      assert.deepEqual([status, at], ['idle', []]);
      await restart('close', [done]);
      assert.equal((await bench.view(id)).status, 'idle');
      const calls = node === 'toolCall' ? ['ai', 'r: Cancelled', 'w: Cancelled'] : [];
      assert.deepEqual(await outline(), ['human', ...calls]);
      await bench.core.threads.setBreakpoints(id, { before: [], after: [] });
      await bench.core.threads.send(id, 'Again');
      await bench.reaches(id, 'idle');
      assert.deepEqual((await outline()).slice(-2), ['human', 'ai']);
      assert.equal(onDisk(), 'old\n');
    });
  }

  it('is ended while an approval waits: what waited is withdrawn', async () => {
    await start([both, done], {});
    await bench.reaches(id, 'waiting');
    await bench.core.threads.cancel(id);
    assert.equal((await bench.view(id)).status, 'idle');
    assert.deepEqual(await bench.core.threads.pending(), []);
    assert.deepEqual(await outline(), ['human', 'ai', 'r: old', 'w: Cancelled before it was decided']);
    assert.equal(onDisk(), 'old\n');
  });

  it('is ended while the model speaks', async () => {
    const never = new Promise<undefined>(() => undefined);
    await start([{ ...write, until: never }], {});
    await bench.core.threads.cancel(id);
    assert.equal((await bench.view(id)).status, 'idle');
    assert.deepEqual(await outline(), ['human']);
  });

  it('is deleted and brought back as it was', async () => {
    await start([write, done], { before: ['toolCall'] });
    await pausesAt('toolCall');
    const { threads } = bench.core;
    await threads.remove(id);
    assert.deepEqual(threads.list(), []);
    await threads.restore(id);
    assert.equal(threads.list()[0]?.status, 'paused');
    await pausesAt('toolCall');
    await threads.resume(id);
    await approve();
    await bench.reaches(id, 'idle');
  });

  it('lets an earlier effect be taken back, and stays', async () => {
    await start([write, done, write, done], {});
    await approve();
    await bench.reaches(id, 'idle');
    const { threads } = bench.core;
    await threads.setBreakpoints(id, { before: ['toolCall'], after: [] });
    await threads.send(id, 'Once more');
    await pausesAt('toolCall');
    const { items } = await bench.view(id);
    const applied = items.find((item) => item.kind === 'tool' && item.state === 'applied');
    assert.ok(applied?.kind === 'tool' && applied.review !== null);
    const undone = await threads.undo(id, applied.review.proposalId, 'undo');
    assert.deepEqual(undone, { kind: 'done' });
    assert.equal(onDisk(), 'old\n');
    await pausesAt('toolCall');
  });

  it('is seen as paused by another window, taken over by it, and goes on there', async () => {
    await start([write], { before: ['toolCall'] });
    await pausesAt('toolCall');
    const other = bench.window([done]);
    const { threads } = other.core;
    const seen = await other.view(id);
    assert.deepEqual([seen.status, seen.elsewhere, seen.at], ['paused', true, ['toolCall']]);
    for (const attempt of [
      () => threads.resume(id),
      () => threads.cancel(id),
      () => threads.updateState(id, { values: {} }),
    ]) {
      await assert.rejects(attempt, { reason: 'elsewhere' });
    }
    await threads.takeOver(id);
    assert.equal((await other.view(id)).status, 'paused');
    await threads.resume(id);
    await other.reaches(id, 'waiting');
    const [item] = await other.pendingItems(id);
    await other.decide(id, item!, { kind: 'approve' });
    await other.reaches(id, 'idle');
    assert.equal(onDisk(), 'new\n');
    await other.core.close();
  });
});
