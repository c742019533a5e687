import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { DATABASE_FILE } from '../../src/checkpoint/database.ts';
import { type Bench, makeBench } from '../support/core.ts';

/** How long another program keeps the database locked, in milliseconds. */
const HELD = 10_000;

interface Delays {
  readonly p99: number;
  readonly max: number;
}

/** How late the event loop was, in milliseconds, until something is done. */
async function delaysDuring(done: Promise<unknown>): Promise<Delays> {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  await done;
  delays.disable();
  return { p99: delays.percentile(99) / 1e6, max: delays.max / 1e6 };
}

describe('a write lock that another program holds', () => {
  let bench: Bench;

  afterEach(async () => {
    await bench.close();
  });

  it('SQL-08, SC-08: for ten seconds holds up nobody; what was to be stored is, in the end', async () => {
    const write = { path: 'a.txt', content: 'new\n' };
    bench = makeBench({ 'a.txt': 'old\n' }, [
      { calls: [{ id: 'read', name: 'read_file', args: { path: 'a.txt' } }] },
      { calls: [{ id: 'write', name: 'write_file', args: write }] },
      { text: 'Done.' },
    ]);
    const { threads } = bench.core;
    const first = await threads.send(null, 'write it');
    await bench.reaches(first, 'waiting');
    const [item] = await bench.pendingItems(first);

    const lock = new DatabaseSync(join(bench.storage, DATABASE_FILE));
    lock.exec('BEGIN IMMEDIATE');
    const usual = await delaysDuring(setTimeout(1000));
    const decided = bench.decide(first, item!, { kind: 'approve' });
    const held = setTimeout(HELD);
    const stalls = delaysDuring(held);
    assert.equal(
      await Promise.race([held.then(() => 'held'), decided.then(() => 'decided')]),
      'held',
    );
    // What is there can be read all the time.
    assert.equal((await bench.view(first)).status, 'waiting');
    assert.equal(readFileSync(join(bench.folder, 'a.txt'), 'utf8'), 'old\n');
    const { p99, max } = await stalls;
    lock.close();
    await decided;
    await bench.reaches(first, 'idle');
    assert.equal(readFileSync(join(bench.folder, 'a.txt'), 'utf8'), 'new\n');
    // A machine that is busy with other things stalls everybody.
    assert.ok(p99 < Math.max(50, 2 * usual.p99), `p99 ${p99} ms, else ${usual.p99} ms`);
    assert.ok(max < Math.max(500, 2 * usual.max), `max ${max} ms, else ${usual.max} ms`);
    assert.deepEqual(bench.logged, []);
  });
});
