import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserFacingError } from '../../src/shared/errors.ts';
import type { ThreadView } from '../../src/shared/thread-view.ts';
import { type Bench, makeBench, shownOf } from '../support/core.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';
import { until } from '../support/until.ts';

const write = (path: string): ScriptedReply => ({
  calls: [{ id: `call-${path}`, name: 'write_file', args: { path, content: 'new\n' } }],
});

describe('two windows on one folder', () => {
  let one: Bench;
  let two: Bench;
  const start = (
    replies: readonly ScriptedReply[],
    others: readonly ScriptedReply[] = [],
  ): void => {
    one = makeBench({ 'a.txt': 'old\n' }, replies);
    two = one.window(others);
  };
  const onDisk = (): string => readFileSync(join(one.folder, 'a.txt'), 'utf8');
  const sees = (bench: Bench, id: string, what: (view: ThreadView) => boolean) =>
    until('the thread to look so', async () => {
      const view = await bench.view(id);
      return what(view) ? view : null;
    });
  const isElsewhere = (error: unknown): boolean =>
    error instanceof UserFacingError && error.reason === 'elsewhere' && error.action === 'takeOver';

  afterEach(async () => {
    await two.close();
    await one.close();
  });

  it('SC-05: the other one watches live, and can do nothing to it', async () => {
    start([write('a.txt'), { text: 'Done.' }]);
    const id = await one.core.threads.send(null, 'write it');
    await one.reaches(id, 'waiting');
    const seen = await sees(two, id, ({ status }) => status === 'waiting');
    assert.equal(seen.elsewhere, true);
    assert.equal((await one.view(id)).elsewhere, false);
    const [item] = await two.pendingItems(id);
    const { threads } = two.core;
    const { proposalId = '' } = item?.review ?? {};
    for (const attempt of [
      () => threads.decide(id, shownOf(item!), { kind: 'approve' }),
      () => threads.send(id, 'something else'),
      () => threads.resume(id),
      () => threads.undo(id, proposalId, 'undo'),
      () => threads.remove(id),
    ]) {
      await assert.rejects(attempt, isElsewhere);
    }
    assert.deepEqual(await threads.pending(), []);
    assert.equal(onDisk(), 'old\n');

    const [mine] = await one.pendingItems(id);
    await one.decide(id, mine!, { kind: 'approve' });
    await one.reaches(id, 'idle');
    const after = await sees(two, id, ({ status }) => status === 'idle');
    assert.deepEqual(
      after.items.map(({ kind }) => kind),
      ['user', 'tool', 'answer'],
    );
    assert.equal(onDisk(), 'new\n');
    assert.equal(two.model.requests.length, 0);
  });

  it('a thread is taken over with what waits in it, and is lost to the first', async () => {
    start([write('a.txt')], [{ text: 'Done here.' }]);
    const id = await one.core.threads.send(null, 'write it');
    await one.reaches(id, 'waiting');
    const asked: string[] = [];
    two.core.threads.onAsked(({ item }) => asked.push(item.id));
    await two.view(id);
    assert.deepEqual(asked, []);
    await two.core.threads.takeOver(id);
    await until('the approval to be announced', () => asked.length === 1);
    await sees(one, id, ({ elsewhere }) => elsewhere);
    const [item] = await one.pendingItems(id);
    await assert.rejects(
      one.core.threads.decide(id, shownOf(item!), { kind: 'approve' }),
      isElsewhere,
    );
    const [here] = await two.pendingItems(id);
    await two.decide(id, here!, { kind: 'approve' });
    await two.reaches(id, 'idle');
    assert.equal(onDisk(), 'new\n');
    assert.equal(one.model.requests.length, 1);
    assert.equal(two.model.requests.length, 1);
  });

  it('a run is ended by a take-over, and nothing of it is stored after that', async () => {
    const gate = Promise.withResolvers<undefined>();
    start(
      [{ text: 'First half', until: gate.promise.then(() => undefined) }],
      [{ text: 'From the other window.' }],
    );
    const id = await one.core.threads.send(null, 'talk');
    await sees(two, id, ({ status }) => status === 'running');
    await two.core.threads.takeOver(id);
    assert.equal((await two.view(id)).status, 'unfinished');
    gate.resolve(undefined);
    await sees(one, id, ({ elsewhere }) => elsewhere);
    await two.core.threads.resume(id);
    await two.reaches(id, 'idle');
    const texts = (await two.view(id)).items.flatMap((one) => ('text' in one ? [one.text] : []));
    assert.deepEqual(texts, ['talk', 'From the other window.']);
    const seen = await sees(one, id, ({ items }) => items.length === 2);
    assert.deepEqual(seen.items, (await two.view(id)).items);
  });

  it('a thread of a window that died is taken by the one that shows it', async () => {
    start([write('a.txt')], [{ text: 'Done.' }]);
    const id = await one.core.threads.send(null, 'write it');
    await one.reaches(id, 'waiting');
    assert.equal((await two.view(id)).elsewhere, true);
    one.die();
    await sees(two, id, ({ elsewhere }) => !elsewhere);
    const [item] = await two.pendingItems(id);
    await two.decide(id, item!, { kind: 'approve' });
    await two.reaches(id, 'idle');
    assert.equal(onDisk(), 'new\n');
  });
});
