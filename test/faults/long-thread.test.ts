import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sizeOf } from '../bench/support/files.ts';
import { callId, wrongFiles, writeFiles } from '../bench/script.ts';
import { type Bench, makeFolder, openBench } from '../support/core.ts';
import { type Part, SCRIPT, repliesFor } from './long-thread.ts';

const CHILD = join(import.meta.dirname, 'long-thread-child.ts');
const MEGABYTES = 512;

describe('a thread of 1,000 steps', () => {
  let folder: string;
  let storage: string;

  /** In a process that has little memory. Answers the thread. */
  async function work(part: Pick<Part, 'threadId' | 'from' | 'to'>): Promise<string> {
    const config = JSON.stringify({ folder, storage, ...part } satisfies Part);
    const memory = `--max-old-space-size=${MEGABYTES}`;
    const { stdout } = await promisify(execFile)(process.execPath, [memory, CHILD, config]);
    return stdout.trim();
  }

  beforeEach(() => {
    folder = makeFolder();
    storage = makeFolder();
    writeFiles(SCRIPT, folder);
  });
  afterEach(() => {
    for (const path of [folder, storage]) rmSync(path, { recursive: true, force: true });
  });

  it('SC-04, SC-07: is all there, stays as small as it should, and goes on', async () => {
    const threadId = await work({ threadId: null, from: 1, to: 200 });
    const bytes = sizeOf(storage);
    await work({ threadId, from: 201, to: 1000 });
    const later = sizeOf(storage);
    assert.ok(later <= 1.3 * 5 * bytes, `${bytes} bytes for 200 steps, ${later} for 1,000`);
    assert.deepEqual(wrongFiles(SCRIPT, 1000, folder), []);

    const bench = openBench(folder, storage, repliesFor({ from: 1001, to: 1002 }));
    assert.deepEqual(await toolsOf(bench, threadId), ended(1000));
    await bench.core.threads.send(threadId, 'Two more.');
    await bench.reaches(threadId, 'waiting');
    const [item] = await bench.pendingItems(threadId);
    await bench.decide(threadId, item!, { kind: 'approve' });
    await bench.reaches(threadId, 'idle');
    assert.deepEqual(await toolsOf(bench, threadId), ended(1002));
    const asked = bench.model.requests.at(-1) ?? [];
    assert.equal(asked.filter((message) => message.type === 'tool').length, 1002);
    assert.deepEqual(wrongFiles(SCRIPT, 1002, folder), []);
    assert.deepEqual(bench.logged, []);
    await bench.core.close();
  }).timeout(300_000);
});

/** Each call with what became of it. */
async function toolsOf(bench: Bench, threadId: string): Promise<readonly string[]> {
  const { items } = await bench.view(threadId);
  return items.flatMap((item) => (item.kind === 'tool' ? [`${item.id} ${item.state}`] : []));
}

function ended(steps: number): string[] {
  return Array.from(
    { length: steps },
    (_, index) => `${callId(index + 1)} ${index % 2 === 0 ? 'done' : 'applied'}`,
  );
}
