import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, makeBench, shownOf } from '../support/core.ts';
import type { ScriptedCall, ScriptedReply } from '../support/scripted-model.ts';
import { until } from '../support/until.ts';

const edit = (id: string, path: string, from: string, to: string): ScriptedCall => ({
  id,
  name: 'replace_in_file',
  args: { path, old_text: from, new_text: to },
});

const GREET = 'export const greeting = "Hello";\n';

describe('approval flow', () => {
  let bench: Bench;
  const start = (files: Record<string, string>, replies: readonly ScriptedReply[]): Bench =>
    (bench = makeBench(files, replies));
  const onDisk = (path: string): string => readFileSync(join(bench.folder, path), 'utf8');
  const toolMessages = (messages: readonly BaseMessage[]): ToolMessage[] =>
    messages.filter((message) => ToolMessage.isInstance(message));

  afterEach(async () => {
    assert.deepEqual(bench.logged, []);
    await bench.close();
  });

  it('asks before it writes, writes exactly the proposal, and tells the model', async () => {
    start({ 'greet.ts': GREET }, [
      { text: 'I will. ', calls: [edit('call_1', 'greet.ts', 'Hello', 'Goodbye')] },
      { text: 'It is done.' },
    ]);
    const id = await bench.core.threads.send(null, 'Say goodbye');
    await bench.reaches(id, 'waiting');
    assert.equal(onDisk('greet.ts'), GREET);
    const [item] = await bench.pendingItems(id);
    assert.equal(item?.review?.added, 1);
    assert.equal(item.review.removed, 1);

    await bench.decide(id, item, { kind: 'approve' });
    const view = await bench.reaches(id, 'idle');
    assert.equal(onDisk('greet.ts'), GREET.replace('Hello', 'Goodbye'));
    assert.deepEqual(readdirSync(bench.folder), ['greet.ts']);
    const told = toolMessages(bench.model.requests[1] ?? []);
    assert.equal(told.length, 1);
    assert.match(told[0]!.text, /^Applied/);
    assert.equal(told[0]!.tool_call_id, 'call_1');
    assert.deepEqual(
      view.items.map((shown) => (shown.kind === 'tool' ? shown.state : shown.text)),
      ['Say goodbye', 'I will. ', 'applied', 'It is done.'],
    );
  });

  it('a rejection changes nothing and its reason reaches the model', async () => {
    start({}, [
      { calls: [{ id: 'c', name: 'write_file', args: { path: 'new/dir/a.md', content: 'x' } }] },
      { text: 'All right.' },
    ]);
    const id = await bench.core.threads.send(null, 'Write it');
    await bench.reaches(id, 'waiting');
    const [item] = await bench.pendingItems(id);
    await bench.decide(id, item!, { kind: 'reject', reason: 'Use docs/ instead' });
    await bench.reaches(id, 'idle');
    assert.deepEqual(readdirSync(bench.folder), []);
    assert.match(toolMessages(bench.model.requests[1] ?? [])[0]!.text, /^Rejected.*Use docs\//su);
  });

  it('a pending approval survives a restart and is applied exactly once', async () => {
    const first = start({ 'greet.ts': GREET }, [
      { calls: [edit('c', 'greet.ts', 'Hello', 'Hello, hello')] },
    ]);
    const id = await first.core.threads.send(null, 'Edit');
    await first.reaches(id, 'waiting');
    const before = await first.view(id);
    await first.core.close();

    bench = first.restart([{ text: 'Done.' }]);
    const asked: string[] = [];
    bench.core.threads.onAsked(({ item }) => asked.push(item.id));
    const [waiting] = await bench.core.threads.pending();
    assert.deepEqual(await bench.view(id), before);
    assert.deepEqual(asked, ['c']);
    await bench.decide(id, waiting!.item, { kind: 'approve' });
    await bench.reaches(id, 'idle');
    assert.equal(onDisk('greet.ts'), 'export const greeting = "Hello, hello";\n');
    assert.equal(toolMessages(bench.model.requests[0] ?? []).length, 1);
  });

  it('APR-01, FS-08: what changed on disk after the preview is refused, and shown anew on top of it', async () => {
    start({ 'greet.ts': `// one\n// two\n// three\n${GREET}` }, [
      { calls: [edit('c', 'greet.ts', 'Hello', 'Goodbye')] },
      { text: 'I see.' },
    ]);
    const id = await bench.core.threads.send(null, 'Edit');
    await bench.reaches(id, 'waiting');
    const theirs = `// mine\n// two\n// three\n${GREET}`;
    writeFileSync(join(bench.folder, 'greet.ts'), theirs);
    const [item] = await bench.pendingItems(id);
    await bench.decide(id, item!, { kind: 'approve' });
    await bench.reaches(id, 'running');
    await bench.reaches(id, 'waiting');
    assert.equal(onDisk('greet.ts'), theirs);
    const [anew] = await bench.pendingItems(id);
    assert.equal(anew?.review?.notice?.kind, 'rebased');
    assert.notEqual(anew.review.effectHash, item!.review!.effectHash);
    await bench.decide(id, anew, { kind: 'approve' });
    await bench.reaches(id, 'idle');
    assert.equal(onDisk('greet.ts'), theirs.replace('Hello', 'Goodbye'));
    assert.match(toolMessages(bench.model.requests[1] ?? [])[0]!.text, /^Applied/);
  });

  it('APR-02, FS-14: what is typed after the preview is kept, and the proposal shown on top of it', async () => {
    start({ 'greet.ts': `// one\n// two\n// three\n${GREET}` }, [
      { calls: [edit('c', 'greet.ts', 'Hello', 'Goodbye')] },
      { text: 'I see.' },
    ]);
    const path = join(bench.folder, 'greet.ts');
    const id = await bench.core.threads.send(null, 'Edit');
    await bench.reaches(id, 'waiting');
    bench.editor.open(path);
    const typed = `// typed\n// two\n// three\n${GREET}`;
    bench.editor.type(path, typed);
    const before = onDisk('greet.ts');
    const [item] = await bench.pendingItems(id);
    await bench.decide(id, item!, { kind: 'approve' });
    await bench.reaches(id, 'running');
    await bench.reaches(id, 'waiting');
    assert.equal(onDisk('greet.ts'), before);
    assert.equal(bench.editor.textOf(path), typed);
    const [anew] = await bench.pendingItems(id);
    await bench.decide(id, anew!, { kind: 'approve' });
    await bench.reaches(id, 'idle');
    assert.equal(onDisk('greet.ts'), typed.replace('Hello', 'Goodbye'));
    bench.editor.undo(path);
    assert.equal(bench.editor.textOf(path), typed);
  });

  it('decides siblings in the opposite order; an approved one is applied at once', async () => {
    start({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, [
      { calls: [edit('one', 'a.txt', 'a', 'A'), edit('two', 'b.txt', 'b', 'B')] },
      { text: 'Both.' },
    ]);
    const id = await bench.core.threads.send(null, 'Edit both');
    await bench.reaches(id, 'waiting');
    const [one, two] = await bench.pendingItems(id);
    await bench.decide(id, two!, { kind: 'approve' });
    await bench.reaches(id, 'running');
    await bench.reaches(id, 'waiting');
    assert.equal(onDisk('b.txt'), 'B\n');
    assert.equal(onDisk('a.txt'), 'a\n');
    await bench.decide(id, one!, { kind: 'reject', reason: 'keep it' });
    await bench.reaches(id, 'idle');
    assert.equal(onDisk('a.txt'), 'a\n');
    const told = toolMessages(bench.model.requests[1] ?? []);
    assert.deepEqual(
      told.map((message) => [message.tool_call_id, message.text.split(/[ .]/u)[0]]),
      [
        ['one', 'Rejected'],
        ['two', 'Applied'],
      ],
    );
  });

  it('a second change of one file is made on top of the first', async () => {
    start({ 'a.txt': 'one two\n' }, [
      { calls: [edit('1', 'a.txt', 'one', 'ONE'), edit('2', 'a.txt', 'ONE two', 'ONE TWO')] },
      { text: 'I see.' },
    ]);
    const id = await bench.core.threads.send(null, 'Edit both');
    await bench.reaches(id, 'waiting');
    const [one, two] = await bench.pendingItems(id);
    assert.equal(two?.review?.notice?.kind, 'stacked');
    await Promise.all([
      bench.decide(id, one!, { kind: 'approve' }),
      bench.decide(id, two, { kind: 'approve' }),
    ]);
    await bench.reaches(id, 'idle');
    assert.equal(onDisk('a.txt'), 'ONE TWO\n');
  });

  it('without the first, the second is shown anew without it', async () => {
    start({ 'a.txt': 'one\n\n\n\n\ntwo\n' }, [
      { calls: [edit('1', 'a.txt', 'one', 'ONE'), edit('2', 'a.txt', 'two', 'TWO')] },
      { text: 'I see.' },
    ]);
    const id = await bench.core.threads.send(null, 'Edit both');
    await bench.reaches(id, 'waiting');
    const [one] = await bench.pendingItems(id);
    await bench.decide(id, one!, { kind: 'reject', reason: 'no' });
    await bench.reaches(id, 'running');
    await bench.reaches(id, 'waiting');
    const [two] = await bench.pendingItems(id);
    assert.equal(two?.review?.notice?.kind, 'rebased');
    await bench.decide(id, two, { kind: 'approve' });
    await bench.reaches(id, 'idle');
    assert.equal(onDisk('a.txt'), 'one\n\n\n\n\nTWO\n');
  });

  it('takes the first of two answers and says so to the second', async () => {
    start({ 'a.txt': 'a\n' }, [{ calls: [edit('c', 'a.txt', 'a', 'A')] }, { text: 'Done.' }]);
    const id = await bench.core.threads.send(null, 'Edit');
    await bench.reaches(id, 'waiting');
    const [item] = await bench.pendingItems(id);
    const shown = shownOf(item!);
    const outcomes = await Promise.all([
      bench.core.threads.decide(id, shown, { kind: 'approve' }),
      bench.core.threads.decide(id, shown, { kind: 'reject', reason: 'no' }),
      bench.core.threads.decide(id, shown, { kind: 'approve' }),
    ]);
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['taken', 'tooLate', 'tooLate'],
    );
    await bench.reaches(id, 'idle');
    assert.equal(onDisk('a.txt'), 'A\n');
  });

  it('a new message withdraws what waits, and every call is answered once', async () => {
    start({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, [
      { calls: [edit('one', 'a.txt', 'a', 'A'), edit('two', 'b.txt', 'b', 'B')] },
      { text: 'As you like.' },
    ]);
    const id = await bench.core.threads.send(null, 'Edit both');
    await bench.reaches(id, 'waiting');
    const [one, two] = await bench.pendingItems(id);
    await bench.decide(id, one!, { kind: 'approve' });
    await bench.reaches(id, 'running');
    await bench.reaches(id, 'waiting');
    await bench.core.threads.send(id, 'Never mind the other');
    await bench.reaches(id, 'idle');
    assert.equal(onDisk('b.txt'), 'b\n');
    const request = bench.model.requests.at(-1) ?? [];
    assert.deepEqual(
      request.map((message) => message.type),
      ['system', 'human', 'ai', 'tool', 'tool', 'human'],
    );
    assert.match(toolMessages(request)[0]!.text, /^Applied/);
    assert.match(toolMessages(request)[1]!.text, /^Cancelled/);
    const late = await bench.core.threads.decide(id, shownOf(two!), { kind: 'approve' });
    assert.deepEqual(late, { kind: 'tooLate', state: 'cancelled' });
  });

  it('the same tool call id in a later reply is a call of its own', async () => {
    start({ 'a.txt': 'a\n' }, [
      { calls: [edit('call_0', 'a.txt', 'a', 'b')] },
      { calls: [edit('call_0', 'a.txt', 'b', 'c')] },
      { text: 'Done.' },
    ]);
    const id = await bench.core.threads.send(null, 'Twice');
    for (const expected of ['b\n', 'c\n']) {
      await bench.reaches(id, 'waiting');
      const [item] = await bench.pendingItems(id);
      await bench.decide(id, item!, { kind: 'approve' });
      await bench.reaches(id, 'running');
      await bench.reaches(id, expected === 'c\n' ? 'idle' : 'waiting');
      assert.equal(onDisk('a.txt'), expected);
    }
    const request = bench.model.requests.at(-1) ?? [];
    const ids = request.flatMap((message) =>
      AIMessage.isInstance(message) ? message.tool_calls!.map((call) => call.id) : [],
    );
    assert.equal(new Set(ids).size, 2);
    assert.deepEqual(
      toolMessages(request).map((message) => message.tool_call_id),
      ids,
    );
  });

  it('stop leaves the thread resumable from the same point', async () => {
    const never = new Promise<void>(() => undefined);
    start({}, [{ text: 'I am about to ', until: never }, { text: 'Here I am.' }]);
    const id = await bench.core.threads.send(null, 'Go');
    await until('the model to be asked', () => bench.model.requests.length === 1);
    await bench.core.threads.stop(id);
    const { status, items } = await bench.view(id);
    assert.deepEqual([status, ...items.map(({ kind }) => kind)], ['unfinished', 'user']);
    await bench.core.threads.resume(id);
    const view = await bench.reaches(id, 'idle');
    assert.deepEqual(
      view.items.map(({ kind }) => kind),
      ['user', 'answer'],
    );
  });

  it('a path that leads out of the workspace is refused and never shown as a proposal', async () => {
    start({}, [
      { calls: [{ id: 'c', name: 'write_file', args: { path: '../out.txt', content: 'x' } }] },
      { text: 'I may not.' },
    ]);
    const id = await bench.core.threads.send(null, 'Escape');
    const view = await bench.reaches(id, 'idle');
    assert.equal(existsSync(join(bench.folder, '../out.txt')), false);
    assert.match(toolMessages(bench.model.requests[1] ?? [])[0]!.text, /outside the workspace/);
    assert.equal(view.items.find((item) => item.kind === 'tool')?.state, 'failed');
  });
});
