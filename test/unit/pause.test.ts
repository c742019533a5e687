import assert from 'node:assert/strict';
import { UserFacingError } from '../../src/shared/errors.ts';
import { until } from '../support/until.ts';
import { Pausing, done, write } from './support/pausing.ts';

describe('a paused run', () => {
  let run: Pausing;
  beforeEach(() => {
    run = new Pausing();
  });
  afterEach(() => run.close());

  it('has stopped before a node, waits for nobody, and goes on from there', async () => {
    await run.start([write, done], { before: ['toolCall'] });
    await run.pausesAt('toolCall');
    const { threads } = run.bench.core;
    assert.equal(threads.list()[0]?.status, 'paused');
    assert.deepEqual(await threads.pending(), []);
    await threads.resume(run.id);
    await run.answer();
    assert.deepEqual((await run.bench.reaches(run.id, 'idle')).at, []);
    assert.equal(run.onDisk(), 'new\n');
    assert.deepEqual(await run.outline(), ['human', 'ai', 'w: Applied', 'ai']);
  });

  it('has stopped after a node, but not after the last', async () => {
    await run.start([write, done], { after: ['callModel', 'toolCall'] });
    await run.pausesAt('toolCall');
    await run.bench.core.threads.resume(run.id);
    await run.answer();
    await run.pausesAt('callModel');
    await run.bench.core.threads.resume(run.id);
    await run.bench.reaches(run.id, 'idle');
    assert.equal(run.bench.model.requests.length, 2);
  });

  it('stops once where it would for two reasons', async () => {
    await run.start([write, done], { before: ['toolCall'], after: ['callModel'] });
    await run.pausesAt('toolCall');
    await run.bench.core.threads.resume(run.id);
    await run.bench.reaches(run.id, 'waiting');
  });

  it('steps through a run, an approval included, whatever is restarted', async () => {
    await run.start([write, done], {}, { step: true });
    await run.pausesAt('guard');
    await run.restart('close', write, done);
    await run.pausesAt('guard');
    await run.bench.core.threads.resume(run.id, true);
    await run.pausesAt('callModel');
    await run.bench.core.threads.resume(run.id, true);
    await run.pausesAt('toolCall');
    await run.restart('die', done);
    assert.equal(run.bench.core.threads.list()[0]?.status, 'paused');
    await run.pausesAt('toolCall');
    await run.bench.core.threads.resume(run.id, true);
    await run.bench.reaches(run.id, 'waiting');
    await run.restart('die', done);
    await run.answer();
    await run.pausesAt('callModel');
    assert.equal(run.onDisk(), 'new\n');
    await run.bench.core.threads.resume(run.id, true);
    await run.bench.reaches(run.id, 'idle');
  });

  it('that fails after it went on has failed, and is not paused', async () => {
    await run.start([{ ...done, finishReason: 'length' }, done], { before: ['callModel'] });
    await run.pausesAt('callModel');
    await run.bench.core.threads.resume(run.id);
    const failed = await run.bench.reaches(run.id, 'unfinished');
    assert.match(failed.failure?.message ?? '', /cut off at its length limit/u);
    assert.deepEqual(failed.at, ['callModel']);
    await run.restart('die', done);
    await run.bench.reaches(run.id, 'unfinished');
    await run.bench.core.threads.resume(run.id);
    await run.bench.reaches(run.id, 'idle');
  });

  it('goes on to the end after the last step', async () => {
    await run.start([write, done], {}, { step: true });
    await run.pausesAt('guard');
    await run.bench.core.threads.resume(run.id);
    await run.answer();
    await run.bench.reaches(run.id, 'idle');
    assert.equal(run.onDisk(), 'new\n');
  });

  it('knows breakpoints of every thread, of one, and of one run, and keeps those of a thread', async () => {
    await run.start(
      [write, done],
      {},
      {
        breakpoints: () => ({ before: ['guard'], after: [] }),
      },
    );
    const { threads } = run.bench.core;
    await run.pausesAt('guard');
    await threads.setBreakpoints(run.id, { before: ['toolCall'], after: [] });
    assert.deepEqual(threads.breakpoints(run.id), {
      everywhere: { before: ['guard'], after: [] },
      own: { before: ['toolCall'], after: [] },
    });
    await run.restart('die', write, done);
    await run.bench.core.threads.resume(run.id);
    await run.pausesAt('toolCall');
    await run.bench.core.threads.setBreakpoints(run.id, { before: [], after: [] });
    await run.pausesAt('toolCall');
    await run.restart('close', done);
    await run.pausesAt('toolCall');
  });

  it('refuses a breakpoint at what is no node of the graph', async () => {
    await run.start([done], {});
    await run.bench.reaches(run.id, 'idle');
    const { threads } = run.bench.core;
    assert.deepEqual(threads.nodes(), ['guard', 'callModel', 'toolCall']);
    const wrong = { before: ['tools'], after: [] };
    const isRefused = (error: unknown): boolean =>
      error instanceof UserFacingError &&
      /no node “tools”.*guard, callModel, toolCall/u.test(error.message);
    await assert.rejects(threads.setBreakpoints(run.id, wrong), isRefused);
    await assert.rejects(threads.send(null, 'Go', 'act', { breakpoints: wrong }), isRefused);
    assert.equal(threads.list().length, 1);
  });

  for (const how of ['a breakpoint that is set', 'a pause that is asked for']) {
    it(`heeds ${how} while it goes`, async () => {
      const going = Promise.withResolvers<undefined>();
      await run.start([{ ...write, until: going.promise }, done], {});
      await until('the model to be asked', () => run.bench.model.requests.length > 0 || null);
      const { threads } = run.bench.core;
      if (how.startsWith('a pause')) await threads.pause(run.id);
      else await threads.setBreakpoints(run.id, { before: ['toolCall'], after: [] });
      going.resolve(undefined);
      await run.pausesAt('toolCall');
      await run.restart('die', done);
      await run.pausesAt('toolCall');
      await run.bench.core.threads.resume(run.id);
      await run.bench.reaches(run.id, 'waiting');
    });
  }

  it('that was killed in the middle of a node is cut off, not paused', async () => {
    const never = new Promise<undefined>(() => undefined);
    await run.start([{ ...write, until: never }], { before: ['callModel', 'toolCall'] });
    await run.pausesAt('callModel');
    await run.bench.core.threads.resume(run.id);
    await run.bench.reaches(run.id, 'running');
    await run.restart('die', write);
    assert.deepEqual((await run.bench.reaches(run.id, 'unfinished')).at, ['callModel']);
    await run.bench.core.threads.resume(run.id);
    await run.pausesAt('toolCall');
  });
});
