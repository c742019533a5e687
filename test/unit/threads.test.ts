import { type BaseMessage, ToolMessage } from '@langchain/core/messages';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_FILE } from '../../src/checkpoint/database.ts';
import type { ToolItem } from '../../src/shared/thread-view.ts';
import { type Bench, type BenchOptions, makeBench } from '../support/core.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';
import { until } from '../support/until.ts';

const edit: ScriptedReply = {
  calls: [
    { id: 'c', name: 'replace_in_file', args: { path: 'a.txt', old_text: 'a', new_text: 'b' } },
  ],
};
const remove: ScriptedReply = {
  calls: [{ id: 'c', name: 'delete_file', args: { path: 'a.txt' } }],
};

describe('threads', () => {
  let bench: Bench;
  const start = (replies: readonly ScriptedReply[], options?: BenchOptions): Bench =>
    (bench = makeBench({ 'a.txt': 'a\n' }, replies, options));
  const path = (): string => join(bench.folder, 'a.txt');
  const toolItem = async (id: string): Promise<ToolItem> => {
    const item = (await bench.view(id)).items.find(({ kind }) => kind === 'tool');
    assert.equal(item?.kind, 'tool');
    return item;
  };
  const approved = async (reply: ScriptedReply): Promise<{ id: string; proposalId: string }> => {
    const id = await bench.core.threads.send(null, 'Do it');
    await bench.reaches(id, 'waiting');
    const [item] = await bench.pendingItems(id);
    await bench.decide(id, item!, { kind: 'approve' });
    await bench.reaches(id, 'idle');
    assert.ok(reply);
    return { id, proposalId: item!.review!.proposalId };
  };

  afterEach(async () => {
    assert.deepEqual(bench.logged, []);
    await bench.close();
  });

  it('an applied change is undone, redone and undone, byte for byte', async () => {
    start([edit, { text: 'Done.' }]);
    const { id, proposalId } = await approved(edit);
    for (const [kind, content, state] of [
      ['undo', 'a\n', 'undone'],
      ['redo', 'b\n', 'applied'],
      ['undo', 'a\n', 'undone'],
    ] as const) {
      assert.deepEqual(await bench.core.threads.undo(id, proposalId, kind), { kind: 'done' });
      assert.equal(readFileSync(path(), 'utf8'), content);
      assert.equal((await toolItem(id)).state, state);
    }
    assert.deepEqual(await bench.core.threads.pending(), []);
  });

  it('an undo is refused as stale once the user changed the file, and keeps their bytes', async () => {
    start([edit, { text: 'Done.' }]);
    const { id, proposalId } = await approved(edit);
    writeFileSync(path(), 'mine\n');
    const outcome = await bench.core.threads.undo(id, proposalId, 'undo');
    assert.equal(outcome.kind, 'refused');
    assert.equal(readFileSync(path(), 'utf8'), 'mine\n');
    assert.equal((await toolItem(id)).review?.undo, 'undo');
  });

  it('two clicks on Undo undo once', async () => {
    start([edit, { text: 'Done.' }]);
    const { id, proposalId } = await approved(edit);
    const outcomes = await Promise.all([
      bench.core.threads.undo(id, proposalId, 'undo'),
      bench.core.threads.undo(id, proposalId, 'undo'),
    ]);
    assert.deepEqual(outcomes.map(({ kind }) => kind).sort(), ['done', 'refused']);
    assert.equal(readFileSync(path(), 'utf8'), 'a\n');
  });

  it('a deletion is proposed, done after approval, and undone', async () => {
    start([remove, { text: 'Gone.' }]);
    const { id, proposalId } = await approved(remove);
    assert.equal(existsSync(path()), false);
    assert.deepEqual(await bench.core.threads.undo(id, proposalId, 'undo'), { kind: 'done' });
    assert.equal(readFileSync(path(), 'utf8'), 'a\n');
  });

  it('the model is told of an undo with the next message, the user sees only their words', async () => {
    start([edit, { text: 'Done.' }, { text: 'I see.' }]);
    const { id, proposalId } = await approved(edit);
    await bench.core.threads.undo(id, proposalId, 'undo');
    await bench.core.threads.send(id, 'Look again');
    const view = await bench.reaches(id, 'idle');
    const request: readonly BaseMessage[] = bench.model.requests.at(-1) ?? [];
    assert.match(request.at(-1)!.text, /undone or redone your change.*a\.txt[^]*Look again$/u);
    assert.equal(request.filter((message) => ToolMessage.isInstance(message)).length, 1);
    assert.ok(view.items.some((item) => item.kind === 'user' && item.text === 'Look again'));
  });

  it('are listed last used first, renamed, deleted and brought back with what waits in them', async () => {
    start([{ text: 'One.' }, edit]);
    const { threads } = bench.core;
    const first = await threads.send(null, 'First');
    await bench.reaches(first, 'idle');
    const second = await threads.send(null, 'Second');
    await bench.reaches(second, 'waiting');
    assert.deepEqual(
      threads.list().map(({ title, status }) => [title, status]),
      [
        ['Second', 'waiting'],
        ['First', 'idle'],
      ],
    );
    await threads.rename(first, '  The first  ');
    assert.equal((await bench.view(first)).title, 'The first');
    await threads.remove(second);
    assert.deepEqual(
      threads.list().map(({ title }) => title),
      ['The first'],
    );
    assert.deepEqual(await threads.pending(), []);
    await assert.rejects(threads.open(second), /does not exist/u);
    await threads.restore(second);
    const [waiting] = await threads.pending();
    assert.equal(waiting?.threadTitle, 'Second');
    assert.equal((await bench.view(second)).status, 'waiting');
  });

  it('a message that could not be kept is refused, so that its text stays where it was typed', async () => {
    start([{ text: 'One.' }, { text: 'Two.' }], { patience: 50 });
    const { threads } = bench.core;
    const id = await threads.send(null, 'First');
    await bench.reaches(id, 'idle');
    const lock = new DatabaseSync(join(bench.storage, DATABASE_FILE));
    lock.exec('BEGIN IMMEDIATE');
    await assert.rejects(threads.send(id, 'Second'));
    lock.exec('ROLLBACK');
    lock.close();
    const texts = (await bench.view(id)).items.filter(({ kind }) => kind === 'user');
    assert.equal(texts.length, 1);
    bench.logged.length = 0;
    await threads.send(id, 'Second, again');
    await bench.reaches(id, 'idle');
    assert.equal(bench.model.requests.length, 2);
  });

  it('a message shows anew only what was open, however much was decided before', async () => {
    const other = { ...edit, calls: edit.calls?.map((call) => ({ ...call, id: 'd' })) ?? [] };
    start([edit, { text: 'Not, then.' }, other, { text: 'Done.' }]);
    const id = await bench.core.threads.send(null, 'Do it');
    await bench.reaches(id, 'waiting');
    const [first] = await bench.pendingItems(id);
    assert.ok(first !== undefined);
    await bench.decide(id, first, { kind: 'reject', reason: '' });
    await bench.reaches(id, 'idle');
    await bench.core.threads.send(id, 'Again');
    await bench.reaches(id, 'waiting');
    const shown: string[] = [];
    bench.core.threads.onEvent(({ event }) => {
      if (event.kind === 'item' && event.item.kind === 'tool') shown.push(event.item.id);
    });
    await bench.core.threads.send(id, 'Something else');
    await bench.reaches(id, 'idle');
    assert.ok(shown.includes('d') && !shown.includes('c'), shown.join());
  });

  it('of two messages sent at once the second is refused', async () => {
    start([{ text: 'One.' }, { text: 'Two.' }, { text: 'Three.' }]);
    const { threads } = bench.core;
    const id = await threads.send(null, 'First');
    await bench.reaches(id, 'idle');
    const sent = await Promise.allSettled([threads.send(id, 'Second'), threads.send(id, 'Third')]);
    assert.deepEqual(
      sent.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    await bench.reaches(id, 'idle');
    assert.equal(bench.model.requests.length, 2);
  });

  it('a message sent the moment a thread is idle is taken', async () => {
    start([{ text: 'One.' }, { text: 'Two.' }]);
    const { threads } = bench.core;
    const second = Promise.withResolvers<string>();
    const id = await threads.send(null, 'First');
    const subscription = threads.onEvent(({ event }) => {
      if (event.kind !== 'status' || event.status !== 'idle') return;
      subscription.dispose();
      threads.send(id, 'Second').then(second.resolve, second.reject);
    });
    await second.promise;
    await bench.reaches(id, 'idle');
    assert.equal(bench.model.requests.length, 2);
  });

  it('goes on when it is asked to the moment a run was cut off, and does nothing when none was', async () => {
    const never = new Promise<void>(() => undefined);
    start([{ text: 'I am', until: never }, { text: 'Here I am.' }]);
    const { threads } = bench.core;
    const id = await threads.send(null, 'Go');
    const subscription = threads.onEvent(({ event }) => {
      if (event.kind !== 'status' || event.status !== 'unfinished') return;
      subscription.dispose();
      void threads.resume(id);
    });
    await until('the model to be asked', () => bench.model.requests.length === 1);
    await threads.stop(id);
    await bench.reaches(id, 'idle');
    await threads.resume(id);
    await threads.stop(id);
    assert.equal(bench.model.requests.length, 2);
  });

  it('a card is named by the path that would change, not by the words for it', async () => {
    const words = { path: './x/../a.txt', old_text: 'a', new_text: 'b' };
    start([{ calls: [{ id: 'c', name: 'replace_in_file', args: words }] }]);
    const id = await bench.core.threads.send(null, 'Do it');
    await bench.reaches(id, 'waiting');
    assert.equal((await toolItem(id)).title, 'Edit a.txt');
  });

  it('several run at once, each for itself', async () => {
    const gate = Promise.withResolvers<undefined>();
    const until = gate.promise.then(() => undefined);
    start([
      { text: 'One.', until },
      { text: 'Two.', until },
    ]);
    const { threads } = bench.core;
    const ids = [await threads.send(null, 'First'), await threads.send(null, 'Second')];
    assert.deepEqual(
      threads.list().map(({ status }) => status),
      ['running', 'running'],
    );
    gate.resolve(undefined);
    for (const id of ids) await bench.reaches(id, 'idle');
    assert.equal(bench.model.requests.length, 2);
  });

  it('an answer that the graph never learnt of is carried on after a restart, without a second effect', async () => {
    start([edit]);
    const id = await bench.core.threads.send(null, 'Do it');
    await bench.reaches(id, 'waiting');
    const [item] = await bench.pendingItems(id);
    await bench.core.threads.close();
    const again = bench.restart([{ text: 'Done.' }]);
    const { threads } = again.core;
    await threads.open(id);
    await again.decide(id, item!, { kind: 'approve' });
    await again.reaches(id, 'idle');
    assert.equal(readFileSync(path(), 'utf8'), 'b\n');
    await bench.core.close();
    bench = again;
  });
});
