import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { Database } from '../../src/checkpoint/database.ts';
import type { Retention } from '../../src/checkpoint/retention.ts';
import { usedBytes } from '../../src/checkpoint/space.ts';
import { createThreadIndex } from '../../src/checkpoint/thread-index.ts';
import { type TidyResult, tidy } from '../../src/checkpoint/tidy.ts';
import { useDatabase } from '../support/database.ts';
import { type StoredThread, fill, stepsOf, tablesWith, threadIds } from './support/fill.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = 1000 * DAY;
const KEEP_ALL: Retention = { keepDays: 0, maxBytes: 0 };

describe('retention', () => {
  let database: Database;
  const { reopen } = useDatabase((opened) => (database = opened));
  const tidied = (
    retention: Partial<Retention> = {},
    loaded: readonly string[] = [],
  ): Promise<TidyResult> =>
    tidy(database, { ...KEEP_ALL, ...retention, now: NOW, loaded }, stepsOf(database));

  it('keeps everything as long as nothing is set, however old and large it is', async () => {
    await fill(database, 'a', { content: Buffer.alloc(300_000, 'a'), checkpoints: 300 });
    await fill(database, 'b');
    const before = usedBytes(database);
    const { tooOld, tooMuch, deleted, blobs } = await tidied();
    assert.deepEqual(
      { tooOld, tooMuch, deleted, blobs },
      {
        tooOld: [],
        tooMuch: [],
        deleted: 0,
        blobs: 0,
      },
    );
    assert.equal(usedBytes(database), before);
  });

  it('removes what was not used for too long, all of it, and what only it had', async () => {
    const old = { lastUsed: NOW - 31 * DAY, checkpoints: 25, owner: '' };
    await fill(database, 'old', { ...old, content: Buffer.from('its own') });
    await fill(database, 'alike', { ...old, content: Buffer.from('shared') });
    await fill(database, 'recent', { lastUsed: NOW - 29 * DAY, content: Buffer.from('shared') });
    const result = await tidied({ keepDays: 30 });
    assert.deepEqual(result.tooOld, ['Title of old', 'Title of alike']);
    assert.equal(result.blobs, 1);
    assert.deepEqual(threadIds(database), ['recent']);
    for (const threadId of ['old', 'alike']) assert.deepEqual(tablesWith(database, threadId), []);
    assert.deepEqual(tablesWith(database, 'recent').length, 7);
  });

  it('above a size, removes what was not used for longest until the rest fits, and no more', async () => {
    for (const [index, threadId] of ['c', 'a', 'd', 'b', 'e'].entries()) {
      const content = randomBytes(60_000);
      await fill(database, threadId, { lastUsed: NOW - index, content, checkpoints: 50 });
    }
    const fits = usedBytes(database) - 150_000;
    const { tooMuch } = await tidied({ maxBytes: fits });
    assert.deepEqual(tooMuch, ['Title of e', 'Title of b']);
    assert.deepEqual(threadIds(database), ['c', 'a', 'd']);
    assert.ok(usedBytes(database) <= fits);
  });

  it('above a size, lets go first of what was deleted more than a day ago', async () => {
    const content = randomBytes(200_000);
    await fill(database, 'deleted', { deletedAt: NOW - 2 * DAY, content });
    await fill(database, 'just deleted', { deletedAt: NOW - 1000 });
    await fill(database, 'old', { lastUsed: 1 });
    await fill(database, 'new', { lastUsed: 2 });
    const result = await tidied({ maxBytes: usedBytes(database) - 100_000 });
    assert.deepEqual([result.deleted, result.tooMuch], [1, []]);
    assert.deepEqual(threadIds(database), ['just deleted', 'old', 'new']);
  });

  it('removes a deleted thread for good after a week, and only then', async () => {
    await fill(database, 'gone', { deletedAt: NOW - 7 * DAY - 1, state: 'proposed' });
    await fill(database, 'deleted', { deletedAt: NOW - 7 * DAY + 1 });
    await fill(database, 'there');
    assert.equal((await tidied()).deleted, 1);
    assert.deepEqual(threadIds(database), ['deleted', 'there']);
    assert.deepEqual(tablesWith(database, 'gone'), []);
  });

  it('brings to its end what was cut off, and nothing brings back a part', async () => {
    await fill(database, 'half', { lastUsed: 1, checkpoints: 40 });
    await fill(database, 'newest', { lastUsed: 2 });
    const steps = stepsOf(database);
    let passes = 0;
    const cutOff = tidy(
      database,
      { ...KEEP_ALL, keepDays: 1, now: NOW, loaded: [] },
      {
        ...steps,
        async repeat(work) {
          let times = 0;
          await database.transaction(() => {
            while (times++ < 3 && work());
          });
          passes++;
          throw new Error('cut off');
        },
      },
    );
    await assert.rejects(cutOff, /cut off/u);
    assert.equal(passes, 1);
    const index = createThreadIndex(database, () => NOW);
    assert.deepEqual(tablesWith(database, 'half'), ['threads', 'checkpoints', 'writes']);
    await index.markDeleted('half', false);
    assert.deepEqual(
      index.list().map(({ threadId }) => threadId),
      ['newest'],
    );
    assert.equal((await tidied()).deleted, 1);
    assert.deepEqual(tablesWith(database, 'half'), []);
  });

  it('whatever the threads are, what is protected stays', async () => {
    const thread = fc.record({
      lastUsed: fc.integer({ min: 0, max: 3 }).map((days) => NOW - days * 10 * DAY),
      pinned: fc.boolean(),
      state: fc.constantFrom('proposed', 'approved', 'claimed', 'partial', 'unknown', 'applied'),
      owner: fc.constantFrom('', 'a-window'),
      loaded: fc.boolean(),
    });
    const settings = fc.record({
      keepDays: fc.constantFrom(0, 1, 15),
      maxBytes: fc.constantFrom(0, 1, 200_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(thread, { maxLength: 7 }), settings, async (threads, retention) => {
        reopen('anew');
        const calm = threads.map((one, index) => (index % 2 === 0 ? one : { ...one, ...IDLE }));
        for (const [index, one] of calm.entries()) await fill(database, String(index), one);
        const loaded = calm.flatMap((one, index) => (one.loaded ? [String(index)] : []));
        const newest = Math.max(...calm.map(({ lastUsed }) => lastUsed));
        const last = calm.findLastIndex(({ lastUsed }) => lastUsed === newest);
        const result = await tidied(retention, loaded);
        const left = new Set(threadIds(database));
        for (const [index, one] of calm.entries()) {
          const open = one.state !== 'applied';
          const isProtected =
            one.pinned || open || one.owner !== '' || one.loaded || index === last;
          const isOld = retention.keepDays > 0 && one.lastUsed < NOW - retention.keepDays * DAY;
          const isLeft = left.has(String(index));
          if (isProtected) assert.ok(isLeft, `${index} was removed`);
          else if (retention.maxBytes === 0) assert.equal(isLeft, !isOld);
          else if (retention.maxBytes === 1 || isOld) assert.ok(!isLeft, `${index} was kept`);
          assert.equal(tablesWith(database, String(index)).length > 0, isLeft);
        }
        assert.equal(result.tooOld.length + result.tooMuch.length, calm.length - left.size);
      }),
      { numRuns: 60 },
    );
  });
});

/** Of every second thread nothing but the pin and its place protects it. */
const IDLE: StoredThread & { readonly loaded: boolean; readonly state: 'applied' } = {
  state: 'applied',
  owner: '',
  loaded: false,
};
