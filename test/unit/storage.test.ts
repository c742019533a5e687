import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createMaintenance } from '../../src/checkpoint/maintenance-worker.ts';
import { type Bench, makeBench } from '../support/core.ts';

const maintenance = {
  path: resolve(import.meta.dirname, '../../src/checkpoint/maintenance.ts'),
  retention: () => ({ keepDays: 0, maxBytes: 0 }),
  onTidied: () => undefined,
};

describe('what is stored', () => {
  let bench: Bench;

  afterEach(async () => {
    await bench.close();
  });

  it('is told for each thread and in total', async () => {
    bench = makeBench({}, [{ text: 'Short.' }, { text: 'Long. '.repeat(2000) }], { maintenance });
    const { threads, storage } = bench.core;
    const short = await threads.send(null, 'short');
    await bench.reaches(short, 'idle');
    const long = await threads.send(null, 'long');
    await bench.reaches(long, 'idle');
    const use = await storage.use();
    assert.deepEqual(
      use.threads.map(({ threadId, title }) => [threadId, title]),
      [
        [long, 'long'],
        [short, 'short'],
      ],
    );
    assert.ok(use.stored > 12_000 && use.onDisk > use.stored);
    assert.ok(existsSync(storage.path));
    assert.deepEqual(bench.logged, []);
  });

  it('in the middle of turns goes, and the thread reads as before', async () => {
    const read = (id: string) => ({ calls: [{ id, name: 'list_files', args: {} }] });
    bench = makeBench({ 'a.txt': 'a' }, [
      read('1'),
      read('2'),
      read('3'),
      { text: 'Done.' },
      { text: 'Yes.' },
    ]);
    const threadId = await bench.core.threads.send(null, 'look');
    await bench.reaches(threadId, 'idle');
    await bench.core.threads.send(threadId, 'and?');
    const { items } = await bench.reaches(threadId, 'idle');
    const worker = createMaintenance(maintenance.path, bench.storage);
    assert.ok((await worker.run('prune', { threadId })).removed > 0);
    await worker.close();
    await bench.core.close();
    bench = bench.restart([]);
    assert.deepEqual((await bench.view(threadId)).items, items);
  });

  it('of a pinned thread is listed first, and the pin is there after a restart', async () => {
    bench = makeBench({}, [{ text: 'One.' }, { text: 'Two.' }]);
    const ids: string[] = [];
    for (const text of ['one', 'two']) {
      ids.push(await bench.core.threads.send(null, text));
      await bench.reaches(ids.at(-1) ?? '', 'idle');
    }
    const [one = '', two = ''] = ids;
    const listed = (): unknown =>
      bench.core.threads.list().map(({ threadId, pinned }) => [threadId, pinned]);
    let changes = 0;
    bench.core.threads.onListChanged(() => changes++);
    await bench.core.threads.pin(one, true);
    assert.equal(changes, 1);
    assert.deepEqual(listed(), [
      [one, true],
      [two, false],
    ]);
    await bench.core.close();
    bench = bench.restart([]);
    assert.deepEqual(listed(), [
      [one, true],
      [two, false],
    ]);
    await bench.core.threads.pin(one, false);
    assert.deepEqual(listed(), [
      [two, false],
      [one, false],
    ]);
    assert.deepEqual(bench.core.threads.loadedIds(), []);
    await assert.rejects(bench.core.storage.use(), /not known/u);
  });
});
