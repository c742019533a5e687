import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUserFacing } from '../../src/shared/errors.ts';
import { makeBench, openBench, shownOf } from '../support/core.ts';
import { ask } from '../support/postgres.ts';
import { approve, listed, sees, textOf, useSharingHosts, write } from '../support/sharing-hosts.ts';
import { until } from '../support/until.ts';

const isElsewhere = (error: unknown): boolean =>
  isUserFacing(error) && error.reason === 'elsewhere';

describe('threads that several hosts share', () => {
  const hosts = useSharingHosts();

  it('are started on one, continued on another, and on the first again', async () => {
    const one = await hosts().open([write('one\n'), { text: 'Done on one.' }]);
    const id = await one.core.threads.send(null, 'write it');
    await approve(one, id);
    await one.reaches(id, 'idle');
    await hosts().leave(one);

    const two = await hosts().open([write('two\n'), { text: 'Done on two.' }]);
    assert.equal((await listed(two, id)).title, 'write it');
    const seen = await two.view(id);
    assert.equal(seen.elsewhere, false);
    assert.deepEqual(
      seen.items.map(({ kind }) => kind),
      ['user', 'tool', 'answer'],
    );
    await two.core.threads.send(id, 'once more');
    await approve(two, id);
    await two.reaches(id, 'idle');
    assert.deepEqual([textOf(one), textOf(two)], ['one\n', 'two\n']);
    assert.equal(two.model.requests[0]?.length, 6, 'the model was told what happened before');
    await hosts().leave(two);

    const back = await hosts().again(one, [{ text: 'And back.' }]);
    await back.core.threads.send(id, 'and here');
    const { items } = await back.reaches(id, 'idle');
    assert.deepEqual(
      items.filter(({ kind }) => kind === 'answer').map((item) => 'text' in item && item.text),
      ['Done on one.', 'Done on two.', 'And back.'],
    );
    assert.equal(textOf(back), 'one\n');
  });

  it('are watched by the others, which can do nothing to them, and taken over at rest', async () => {
    const one = await hosts().open([write(), { text: 'Done.' }, { text: 'never said' }]);
    const two = await hosts().open([{ text: 'Here now.' }]);
    const id = await one.core.threads.send(null, 'write it');
    await one.reaches(id, 'waiting');
    await listed(two, id);
    const seen = await sees(two, id, ({ status }) => status === 'waiting');
    assert.equal(seen.elsewhere, true);
    const { threads } = two.core;
    const [mine] = await one.pendingItems(id);
    for (const attempt of [
      () => threads.decide(id, shownOf(mine!), { kind: 'approve' }),
      () => threads.send(id, 'something else'),
      () => threads.resume(id),
      () => threads.cancel(id),
      () => threads.remove(id),
    ]) {
      await assert.rejects(attempt, isElsewhere);
    }
    // Its files and its ledger are on the other host.
    await assert.rejects(() => threads.takeOver(id), /in the middle of a turn on .*countersign-/u);
    assert.deepEqual(await threads.pending(), []);

    await one.decide(id, mine!, { kind: 'approve' });
    await one.reaches(id, 'idle');
    await sees(two, id, ({ status }) => status === 'idle');
    await assert.rejects(() => threads.send(id, 'while it is theirs'), isElsewhere);
    await threads.takeOver(id);
    await threads.send(id, 'go on');
    await two.reaches(id, 'idle');
    await sees(one, id, ({ elsewhere }) => elsewhere);
    await assert.rejects(() => one.core.threads.send(id, 'too late'), isElsewhere);
    assert.deepEqual([textOf(one), textOf(two)], ['new\n', 'old\n']);
  });

  it('wait for the host whose files they are about, however it ended', async () => {
    const one = await hosts().open([write()]);
    const id = await one.core.threads.send(null, 'write it');
    await one.reaches(id, 'waiting');
    await hosts().leave(one);

    const two = await hosts().open([]);
    assert.equal((await two.view(id)).elsewhere, true);
    await assert.rejects(() => two.core.threads.takeOver(id), /in the middle of a turn/u);

    const back = await hosts().again(one, [{ text: 'Done.' }]);
    await approve(back, id);
    await back.reaches(id, 'idle');
    assert.equal(textOf(back), 'new\n');
    assert.equal(textOf(two), 'old\n');
    const { items } = await sees(
      two,
      id,
      ({ status, elsewhere }) => elsewhere && status === 'idle',
    );
    assert.equal(items.filter(({ kind }) => kind === 'tool').length, 1);
  });

  it('go on elsewhere as a fork, in which everything is proposed anew', async () => {
    const one = await hosts().open([write()]);
    const id = await one.core.threads.send(null, 'write it');
    await one.reaches(id, 'waiting');
    await hosts().leave(one);

    const two = await hosts().open([{ text: 'Done.' }]);
    const [place] = (await two.core.threads.history(id, { limit: 1 })).entries;
    const fork = await two.core.threads.fork(id, place!.checkpointId);
    await two.core.threads.resume(fork);
    await approve(two, fork);
    await two.reaches(fork, 'idle');
    assert.deepEqual([textOf(one), textOf(two)], ['old\n', 'new\n']);
  });

  it('that are taken by two at the same time are those of one', async () => {
    const one = await hosts().open([{ text: 'First.' }]);
    const id = await one.core.threads.send(null, 'hello');
    await one.reaches(id, 'idle');
    await hosts().leave(one);
    const both = await Promise.all([
      hosts().open([{ text: 'Here.' }]),
      hosts().open([{ text: 'Here.' }]),
    ]);
    const sent = await Promise.allSettled(
      both.map((each) => each.core.threads.send(id, 'who has it?')),
    );
    assert.deepEqual(sent.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    await Promise.all(both.map(async (each) => sees(each, id, ({ status }) => status === 'idle')));
    const views = await Promise.all(
      both.map((each) => sees(each, id, ({ items }) => items.length === 4)),
    );
    assert.equal(views.filter(({ elsewhere }) => elsewhere).length, 1);
  });

  it('that were taken while nobody could be told are let go of, and come back when they are free', async () => {
    const one = await hosts().open([{ text: 'First.' }, { text: 'Again.' }]);
    const id = await one.core.threads.send(null, 'hello');
    await one.reaches(id, 'idle');
    await ask(hosts().url, `UPDATE countersign.leases SET owner = 'gone', fence = fence + 1`);
    await assert.rejects(() => one.core.threads.send(id, 'too late'), /another window or on/u);
    await sees(one, id, ({ elsewhere }) => !elsewhere);
    await until('the message to be taken', async () => {
      await one.core.threads.send(id, 'once more');
      return true;
    });
    const { items } = await one.reaches(id, 'idle');
    assert.equal(items.filter(({ kind }) => kind === 'answer').length, 2);
  });

  it('that were begun on one machine alone stay there, and go on', async () => {
    const alone = hosts().add(makeBench({ 'a.txt': 'old\n' }, [{ text: 'Before.' }]));
    const id = await alone.core.threads.send(null, 'hello');
    await alone.reaches(id, 'idle');
    await hosts().leave(alone);
    const shared = await hosts().again(alone, [{ text: 'After.' }, { text: 'Shared.' }]);
    await shared.core.threads.send(id, 'and now');
    assert.equal((await shared.reaches(id, 'idle')).items.length, 4);
    const next = await shared.core.threads.send(null, 'for all');
    await shared.reaches(next, 'idle');
    const stored = await ask(hosts().url, 'SELECT DISTINCT thread_id FROM countersign.checkpoints');
    assert.deepEqual(stored, [{ thread_id: next }]);
    await hosts().leave(shared);

    // Without the server, the shared one is away, not empty.
    const back = hosts().add(openBench(alone.folder, alone.storage, []));
    assert.deepEqual(
      back.core.threads.list().map(({ threadId }) => threadId),
      [id],
    );
    await assert.rejects(() => back.core.threads.send(next, 'lost?'), /does not exist/u);
    assert.deepEqual(await back.core.threads.pending(), []);
  });

  it('are renamed, pinned, deleted and restored for all', async () => {
    const one = await hosts().open([{ text: 'Hello.' }]);
    const two = await hosts().open([]);
    const id = await one.core.threads.send(null, 'hello \0 there');
    await one.reaches(id, 'idle');
    await listed(two, id);
    await one.core.threads.rename(id, 'Another\0name');
    await one.core.threads.pin(id, true);
    const entry = await until('the new name', () =>
      two.core.threads.list().find(({ title, pinned }) => pinned && title === 'Another name'),
    );
    assert.equal(entry.threadId, id);
    await one.core.threads.remove(id);
    await until('it to be gone', () => two.core.threads.list().length === 0);
    await one.core.threads.restore(id);
    await listed(two, id);
  });

  it('deleted long ago are taken away for good, the others are not', async () => {
    const one = await hosts().open([{ text: 'One.' }, { text: 'Two.' }]);
    const old = await one.core.threads.send(null, 'old');
    await one.reaches(old, 'idle');
    const kept = await one.core.threads.send(null, 'kept');
    await one.reaches(kept, 'idle');
    for (const id of [old, kept]) await one.core.threads.remove(id);
    await hosts().leave(one);
    await ask(
      hosts().url,
      `UPDATE countersign.threads SET deleted_at = 1 WHERE thread_id = '${old}'`,
    );
    const next = await hosts().again(one, []);
    await until('the old one to be gone', async () => {
      const tables = ['threads', 'checkpoints', 'checkpoint_writes', 'checkpoint_blobs', 'leases'];
      const left = tables.map((table) => `SELECT thread_id FROM countersign.${table}`);
      const rows = await ask(hosts().url, left.join(' UNION '));
      return rows.length === 1 && rows[0]?.['thread_id'] === kept;
    });
    await next.core.threads.restore(kept);
    assert.equal((await next.view(kept)).items.length, 2);
  });

  it('keep nothing of files, which stay where they are', async () => {
    const one = await hosts().open([write('a secret of this machine\n'), { text: 'Done.' }]);
    writeFileSync(join(one.folder, 'a.txt'), 'what was there before\n');
    const id = await one.core.threads.send(null, 'write it');
    await approve(one, id);
    await one.reaches(id, 'idle');
    const tables = await ask(
      hosts().url,
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'countersign'`,
    );
    for (const { name } of tables) {
      const rows = await ask(hosts().url, `SELECT * FROM countersign.${String(name)}`);
      const stored = rows.flatMap((row) =>
        Object.values(row).map((value) =>
          Buffer.isBuffer(value) ? value.toString() : JSON.stringify(value),
        ),
      );
      assert.ok(!stored.some((value) => value.includes('what was there before')), String(name));
    }
  });
});
