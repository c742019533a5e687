import assert from 'node:assert/strict';
import { atFailpoints } from '../../src/shared/failpoint.ts';
import { type Bench, openBench } from '../support/core.ts';
import { scenarioOf } from './kill/scenario.ts';
import { Site, buildChild } from './kill/site.ts';

describe('a message whose process was killed while the guard looked at it', () => {
  let child: Awaited<ReturnType<typeof buildChild>>;
  let site: Site;
  let bench: Bench;
  before(async () => {
    child = await buildChild();
    site = new Site(child.path, scenarioOf({ 'a.txt': 'a\n' }, []));
  });
  after(async () => {
    atFailpoints(null);
    await bench.close();
    site.remove();
    child.remove();
  });

  it('K-04: the agent did not run, the message is kept, and the guard looks again', async () => {
    const { lines } = await site.killAt({ name: 'guard.wait', callId: null, pass: 1 });
    assert.equal(lines.at(-1)?.kind, 'at');
    assert.deepEqual(
      lines.filter(({ kind }) => kind === 'asked'),
      [],
    );
    bench = openBench(site.folder, site.storage, [{ text: 'Yes.' }]);
    const passed: string[] = [];
    atFailpoints((name) => passed.push(name));
    const [entry] = bench.core.threads.list();
    const view = await bench.view(entry?.threadId ?? '');
    assert.deepEqual(
      [view.status, view.items.map((item) => item.kind !== 'tool' && item.text)],
      ['unfinished', ['Is that all?']],
    );
    await bench.core.threads.resume(view.threadId);
    const ended = await bench.reaches(view.threadId, 'idle');
    assert.equal(passed.filter((name) => name === 'guard.wait').length, 1);
    assert.deepEqual(
      ended.items.map(({ kind }) => kind),
      ['user', 'answer'],
    );
    assert.equal(bench.model.requests.length, 1);
    assert.deepEqual(bench.logged, []);
  }).timeout(30_000);
});
