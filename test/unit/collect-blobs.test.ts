import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createBlobStore, sha256 } from '../../src/checkpoint/blobs.ts';
import { collectBlobs } from '../../src/checkpoint/collect-blobs.ts';
import { purgeThread } from '../../src/checkpoint/purge.ts';
import type { Steps } from '../../src/checkpoint/steps.ts';
import { stepsOf } from './support/fill.ts';
import { type Parts, bytesOf, makeParts } from './support/parts.ts';

let calls = 0;

/** Freezes one file with these texts, before and after, in a thread of that name. */
async function freeze(parts: Parts, threadId: string, base: string, next: string): Promise<void> {
  const change = { realPath: '/a', displayPath: 'a', base: bytesOf(base), next: bytesOf(next) };
  await parts.ledger.freeze({ threadId, toolCallId: `call ${calls++}` }, 'edit', [change]);
}

function stored({ database }: Parts): string[] {
  return database.all('SELECT sha256 FROM blobs').map((row) => String(row['sha256']));
}

/** What operations name, found in another way than by the collection. */
function named({ database }: Parts): Set<string> {
  const hashes = database
    .all('SELECT * FROM operations')
    .flatMap((row) => Object.entries(row))
    .filter(([column, value]) => column.endsWith('_sha256') && value !== null);
  return new Set(hashes.map(([, value]) => String(value)));
}

describe('blobs that nobody names', () => {
  let parts: Parts;

  beforeEach(() => {
    parts = makeParts({ 'a.txt': 'old' });
  });
  afterEach(() => {
    parts.close();
  });

  it('go, and those that any operation names stay as they are, whatever was done', async () => {
    const text = fc.constantFrom('', 'one', 'two', 'three', 'a long one '.repeat(100));
    const step = fc.oneof(
      fc.record({ do: fc.constant('freeze'), thread: fc.nat({ max: 3 }), base: text, next: text }),
      fc.record({ do: fc.constant('purge'), thread: fc.nat({ max: 3 }), base: text, next: text }),
      fc.record({ do: fc.constant('collect'), thread: fc.nat(), base: text, next: text }),
    );
    const history = fc.array(step, { maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(history, async (work) => {
        parts.close();
        parts = makeParts({});
        const { database } = parts;
        const steps = stepsOf(database);
        for (const { do: what, thread, base, next } of work) {
          if (what === 'freeze') await freeze(parts, String(thread), base, next);
          if (what === 'purge') await purgeThread(database, String(thread), steps);
          if (what === 'collect') await collectBlobs(database, steps);
        }
        const before = stored(parts).length;
        const removed = await collectBlobs(database, steps);
        assert.deepEqual(new Set(stored(parts)), named(parts));
        assert.equal(stored(parts).length, before - removed);
        const blobs = createBlobStore(database);
        for (const hash of named(parts)) assert.equal(sha256(blobs.get(hash)), hash);
      }),
      { numRuns: 40 },
    );
  });

  it('keep a preimage and what a user typed in, until their thread goes', async () => {
    const proposalId = await parts.approved({ 'a.txt': 'new' });
    assert.equal((await parts.executor.apply(proposalId)).state, 'applied');
    const steps = stepsOf(parts.database);
    assert.equal(await collectBlobs(parts.database, steps), 0);
    assert.deepEqual(parts.ledger.bytes(sha256(bytesOf('old'))), bytesOf('old'));
    await purgeThread(parts.database, 't', steps);
    assert.equal(await collectBlobs(parts.database, steps), 2);
    assert.deepEqual(stored(parts), []);
  });

  it('stay if another process names them after the look', async () => {
    await freeze(parts, 'gone', 'was', 'named once');
    await freeze(parts, 'gone', 'x', 'y');
    const { database, storage, folder } = parts;
    const steps = stepsOf(database);
    await purgeThread(database, 'gone', steps);
    const other = makeParts({}, { storage, folder });
    let written = 0;
    const late: Steps = {
      ...steps,
      async repeat(work) {
        if (written++ === 0) await freeze(other, 'new', 'was', 'named again');
        await steps.repeat(work);
      },
    };
    assert.equal(await collectBlobs(database, late), 3);
    assert.ok(written > 1, 'it looked once more');
    assert.deepEqual(new Set(stored(parts)), named(parts));
    assert.deepEqual(other.ledger.bytes(sha256(bytesOf('was'))), bytesOf('was'));
    other.database.close();
  });

  it('are left for the next time if others write without end', async () => {
    await freeze(parts, 'gone', 'was', 'named once');
    const { database, storage, folder } = parts;
    const steps = stepsOf(database);
    await purgeThread(database, 'gone', steps);
    const other = makeParts({}, { storage, folder });
    const busy: Steps = {
      ...steps,
      async repeat(work) {
        await freeze(other, 'new', 'was', 'and is');
        await steps.repeat(work);
      },
    };
    assert.equal(await collectBlobs(database, busy), 0);
    other.database.close();
    assert.equal(await collectBlobs(database, steps), 1);
    assert.deepEqual(new Set(stored(parts)), named(parts));
  });
});
