import assert from 'node:assert/strict';
import { Pausing, both, done, write } from './support/pausing.ts';

describe('a paused run and what is done to it', () => {
  let run: Pausing;
  beforeEach(() => {
    run = new Pausing();
  });
  afterEach(() => run.close());

  for (const node of ['guard', 'callModel', 'toolCall']) {
    it(`before ${node}, gives way to a new message, with one answer for each call`, async () => {
      await run.start([both, done, done], { before: [node] });
      await run.pausesAt(node);
      await run.bench.core.threads.setBreakpoints(run.id, { before: [], after: [] });
      run.bench.model.requests.length = 0;
      await run.bench.core.threads.send(run.id, 'Something else');
      const view = await run.bench.reaches(run.id, node === 'toolCall' ? 'idle' : 'waiting');
      assert.deepEqual(view.items.filter(({ kind }) => kind === 'user').length, 2);
      const told = await run.outline();
      if (node === 'toolCall') {
        assert.deepEqual(told, ['human', 'ai', 'r: Cancelled', 'w: Cancelled', 'human', 'ai']);
      } else {
        assert.deepEqual(told.slice(0, 3), ['human', 'human', 'ai']);
      }
      assert.equal(run.onDisk(), 'old\n');
    });

    it(`before ${node}, is ended for good, and the next message is a turn like any other`, async () => {
      await run.start([both, done], { before: [node] });
      await run.pausesAt(node);
      await run.bench.core.threads.cancel(run.id);
      const { status, at } = await run.bench.view(run.id);
      assert.deepEqual([status, at], ['idle', []]);
      await run.restart('close', done);
      assert.equal((await run.bench.view(run.id)).status, 'idle');
      const calls = node === 'toolCall' ? ['ai', 'r: Cancelled', 'w: Cancelled'] : [];
      assert.deepEqual(await run.outline(), ['human', ...calls]);
      await run.bench.core.threads.setBreakpoints(run.id, { before: [], after: [] });
      await run.bench.core.threads.send(run.id, 'Again');
      await run.bench.reaches(run.id, 'idle');
      assert.deepEqual((await run.outline()).slice(-2), ['human', 'ai']);
      assert.equal(run.onDisk(), 'old\n');
    });
  }

  it('is ended while an approval waits: what waited is withdrawn', async () => {
    await run.start([both, done], {});
    await run.bench.reaches(run.id, 'waiting');
    await run.bench.core.threads.cancel(run.id);
    assert.equal((await run.bench.view(run.id)).status, 'idle');
    assert.deepEqual(await run.bench.core.threads.pending(), []);
    assert.deepEqual(await run.outline(), [
      'human',
      'ai',
      'r: old',
      'w: Cancelled before it was decided',
    ]);
    assert.equal(run.onDisk(), 'old\n');
  });

  it('is ended while the model speaks', async () => {
    const never = new Promise<undefined>(() => undefined);
    await run.start([{ ...write, until: never }], {});
    await run.bench.core.threads.cancel(run.id);
    assert.equal((await run.bench.view(run.id)).status, 'idle');
    assert.deepEqual(await run.outline(), ['human']);
  });

  it('is deleted and brought back as it was', async () => {
    await run.start([write, done], { before: ['toolCall'] });
    await run.pausesAt('toolCall');
    const { threads } = run.bench.core;
    await threads.remove(run.id);
    assert.deepEqual(threads.list(), []);
    await threads.restore(run.id);
    assert.equal(threads.list()[0]?.status, 'paused');
    await run.pausesAt('toolCall');
    await threads.resume(run.id);
    await run.answer();
    await run.bench.reaches(run.id, 'idle');
  });

  it('lets an earlier effect be taken back, and stays', async () => {
    await run.start([write, done, write, done], {});
    await run.answer();
    await run.bench.reaches(run.id, 'idle');
    const { threads } = run.bench.core;
    await threads.setBreakpoints(run.id, { before: ['toolCall'], after: [] });
    await threads.send(run.id, 'Once more');
    await run.pausesAt('toolCall');
    const { items } = await run.bench.view(run.id);
    const applied = items.find((item) => item.kind === 'tool' && item.state === 'applied');
    assert.ok(applied?.kind === 'tool' && applied.review !== null);
    const undone = await threads.undo(run.id, applied.review.proposalId, 'undo');
    assert.deepEqual(undone, { kind: 'done' });
    assert.equal(run.onDisk(), 'old\n');
    await run.pausesAt('toolCall');
  });

  it('is seen as paused by another window, taken over by it, and goes on there', async () => {
    await run.start([write], { before: ['toolCall'] });
    await run.pausesAt('toolCall');
    const other = run.bench.window([done]);
    const { threads } = other.core;
    const seen = await other.view(run.id);
    assert.deepEqual([seen.status, seen.elsewhere, seen.at], ['paused', true, ['toolCall']]);
    for (const attempt of [
      () => threads.resume(run.id),
      () => threads.cancel(run.id),
      () => threads.updateState(run.id, { values: {} }),
    ]) {
      await assert.rejects(attempt, { reason: 'elsewhere' });
    }
    await threads.takeOver(run.id);
    assert.equal((await other.view(run.id)).status, 'paused');
    await threads.resume(run.id);
    await other.reaches(run.id, 'waiting');
    const [item] = await other.pendingItems(run.id);
    await other.decide(run.id, item!, { kind: 'approve' });
    await other.reaches(run.id, 'idle');
    assert.equal(run.onDisk(), 'new\n');
    await other.core.close();
  });
});
