import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, type BenchOptions, makeBench } from '../support/core.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';

const write: ScriptedReply = {
  calls: [{ id: 'w', name: 'write_file', args: { path: 'a.txt', content: 'new\n' } }],
};
const done: ScriptedReply = { text: 'Done.' };

describe('a paused run', () => {
  let bench: Bench;
  const start = (replies: readonly ScriptedReply[], options: BenchOptions = {}): void => {
    bench = makeBench({ 'a.txt': 'old\n' }, replies, options);
  };
  const onDisk = (): string => readFileSync(join(bench.folder, 'a.txt'), 'utf8');
  const before = (...nodes: string[]): BenchOptions => ({
    breakpoints: () => ({ before: nodes, after: [] }),
  });
  afterEach(async () => {
    assert.deepEqual(bench.logged, []);
    await bench.close();
  });

  it('stops before a node, and goes on from there', async () => {
    start([write, done], before('toolCall'));
    const id = await bench.core.threads.send(null, 'Go');
    assert.deepEqual((await bench.reaches(id, 'paused')).at, ['toolCall']);
    assert.equal(bench.core.threads.list()[0]?.status, 'paused');
    assert.deepEqual(await bench.core.threads.pending(), []);
    await bench.core.threads.resume(id);
    assert.deepEqual((await bench.reaches(id, 'waiting')).at, ['toolCall']);
    const [item] = await bench.pendingItems(id);
    await bench.decide(id, item!, { kind: 'approve' });
    assert.deepEqual((await bench.reaches(id, 'idle')).at, []);
    assert.equal(onDisk(), 'new\n');
  });

  it('step through', async () => {
    start([write, done]);
    const { threads } = bench.core;
    const id = await threads.send(null, 'Go', undefined, { step: true });
    const stops: string[] = [];
    for (;;) {
      const view = await bench.reaches(id, 'paused');
      stops.push(view.at.join());
      await threads.resume(id, true);
      if (stops.length === 3) break;
    }
    await bench.reaches(id, 'waiting');
    const [item] = await bench.pendingItems(id);
    await bench.decide(id, item!, { kind: 'approve' });
    await bench.reaches(id, 'paused');
    console.log(stops);
  });
});
