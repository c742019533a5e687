import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { Flow, edit } from './support/flow.ts';

const NAMES = ['a.txt', 'b.txt', 'c.txt'];
const EVENTS = 10_000;

describe('a storm of file events', () => {
  it('FS-29: 10,000 at once: what is shown and written is decided by the bytes alone', async () => {
    const flow = await Flow.start(
      Object.fromEntries(NAMES.map((name) => [name, `${name}\n\n\nend\n`])),
      { calls: NAMES.map((name) => edit(name, name, `${name}\n`, `${name}!\n`)) },
    );
    const { threads } = flow.bench.core;
    const hashes = async (): Promise<(string | undefined)[]> =>
      Promise.all(NAMES.map(async (name) => (await flow.review(name)).effectHash));
    const [first, second, third] = await hashes();
    const storm = (): Promise<unknown> =>
      Promise.all(
        Array.from({ length: EVENTS }, (_, at) =>
          threads.filesChanged(new Set([flow.at(NAMES[at % 3] ?? ''), flow.at(`${at}.txt`)])),
        ),
      );

    await threads.filesChanged(new Set(NAMES.map((name) => flow.at(name))));
    assert.deepEqual(await hashes(), [first, second, third], 'no byte is another one');
    const storming = storm();
    writeFileSync(flow.at('b.txt'), 'b.txt\n\n\nend\nmine\n');
    await flow.takes({ kind: 'approve' }, 'a.txt');
    await storming;
    assert.equal(flow.onDisk('a.txt'), 'a.txt!\n\n\nend\n');
    const after = await hashes();
    assert.equal(after[2], third);
    const rebased = await flow.proposal('b.txt');
    assert.deepEqual([rebased.origin, rebased.revision], ['rebased', 1], 'it is rebased once');
    await flow.takes({ kind: 'approve' }, 'b.txt');
    await flow.takes({ kind: 'approve' }, 'c.txt');
    assert.equal(flow.onDisk('b.txt'), 'b.txt!\n\n\nend\nmine\n');
    assert.equal(flow.onDisk('c.txt'), 'c.txt!\n\n\nend\n');
    assert.deepEqual(
      flow.events().filter((event) => event === 'applied'),
      ['applied', 'applied', 'applied'],
    );
    await flow.close();
  });
});
