import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode } from '../../src/shared/mode.ts';
import type { ThreadView } from '../../src/shared/thread-view.ts';
import { type Bench, makeBench } from '../support/core.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';

const write: ScriptedReply = {
  calls: [{ id: 'w', name: 'write_file', args: { path: 'a.txt', content: 'b\n' } }],
};
const read: ScriptedReply = { calls: [{ id: 'r', name: 'read_file', args: { path: 'a.txt' } }] };
const ask: ScriptedReply = {
  calls: [{ id: 'q', name: 'request_clarification', args: { question: 'Which?' } }],
};

describe('modes', () => {
  let bench: Bench;
  const start = (...replies: readonly ScriptedReply[]): void => {
    bench = makeBench({ 'a.txt': 'a\n' }, replies);
  };
  afterEach(async () => {
    assert.equal(readFileSync(join(bench.folder, 'a.txt'), 'utf8'), 'a\n');
    assert.deepEqual(bench.logged, []);
    await bench.close();
  });
  const say = async (mode?: Mode, threadId: string | null = null): Promise<ThreadView> => {
    const id = await bench.core.threads.send(threadId, 'Go', mode);
    return bench.reaches(id, 'idle');
  };
  const texts = (request: number): string[] =>
    (bench.model.requests[request] ?? []).map(({ text }) => text);
  const results = (request: number): string[] =>
    (bench.model.requests[request] ?? [])
      .filter((message) => message.type === 'tool')
      .map(({ text }) => text);

  it('ask has the reading tools, plan also the question, act all', async () => {
    start({ text: 'A.' }, { text: 'B.' }, { text: 'C.' }, { text: 'D.' });
    const { threadId } = await say();
    assert.equal((await bench.view(threadId)).mode, 'act');
    await say('ask', threadId);
    await say('plan', threadId);
    assert.equal((await say(undefined, threadId)).mode, 'plan');
    const reading = ['read_file', 'list_files', 'search_text'];
    const [act = [], ...others] = bench.model.bound;
    const planning = [...reading, 'request_clarification'];
    assert.deepEqual(others, [reading, planning, planning]);
    assert.ok(act.includes('write_file') && act.includes('delete_file'));
  });

  it('a change of mode rewrites nothing that was said before', async () => {
    start({ text: 'A.' }, { text: 'B.' }, { text: 'C.' });
    const { threadId } = await say('plan');
    await say('act', threadId);
    await say('act', threadId);
    for (const request of [1, 2]) {
      const before = texts(request - 1);
      assert.deepEqual(texts(request).slice(0, before.length), before);
    }
    const [, planned = '', , acted = '', , again = ''] = texts(2);
    assert.match(planned, /^\[Mode: plan\. .*\n\nGo$/u);
    assert.match(acted, /^\[Mode: act\. .*\n\nGo$/u);
    assert.equal(again, 'Go');
    assert.deepEqual(
      (await bench.view(threadId)).items.map((item) => item.kind === 'user' && item.text),
      ['Go', false, 'Go', false, 'Go', false],
    );
  });

  for (const [mode, calls] of [
    ['ask', [write, ask]],
    ['plan', [write]],
  ] as const) {
    for (const call of calls) {
      const name = call.calls?.[0]?.name ?? '';
      it(`in ${mode}, a call of ${name} is answered honestly, and proposes nothing`, async () => {
        start(call, { text: 'I see.' });
        const view = await say(mode);
        assert.match(results(1)[0] ?? '', new RegExp(`${name} is not there in the mode "${mode}"`));
        assert.match(results(1)[0] ?? '', /Nothing was done/u);
        const [item] = view.items.filter(({ kind }) => kind === 'tool');
        assert.ok(item?.kind === 'tool' && item.state === 'failed' && item.review === null);
        assert.deepEqual(await bench.core.threads.pending(), []);
      });
    }
  }

  it('reading works in each, and a restart keeps the mode', async () => {
    start(read, { text: 'It is a.' });
    const { threadId } = await say('ask');
    assert.match(results(1)[0] ?? '', /a/u);
    await bench.core.close();
    bench = bench.restart([{ text: 'B.' }]);
    assert.equal((await bench.view(threadId)).mode, 'ask');
    await say(undefined, threadId);
    assert.equal(bench.model.bound[0]?.includes('write_file'), false);
  });

  it('one that is picked is kept at once, with its thread and no other, over a restart', async () => {
    start({ text: 'A.' }, { text: 'B.' });
    const one = await say();
    const other = await say();
    const { threads } = bench.core;
    await threads.pickMode(one.threadId, 'plan');
    assert.equal((await bench.view(one.threadId)).mode, 'plan');
    bench.die();
    bench = bench.restart([{ text: '# Plan' }, { text: 'D.' }]);
    assert.equal((await bench.view(one.threadId)).mode, 'plan');
    assert.equal((await bench.view(other.threadId)).mode, 'act');
    assert.deepEqual(
      bench.core.threads.list().map(({ mode }) => mode),
      ['act', 'plan'],
    );
    await say(undefined, one.threadId);
    assert.match(texts(0).at(-1) ?? '', /^\[Mode: plan\./u);
    await say('ask', one.threadId);
    assert.equal(bench.core.threads.list()[0]?.mode, 'ask');
  });

  it('one that is picked while a run goes is that of the next turn', async () => {
    const gate = Promise.withResolvers<undefined>();
    start({ text: 'A.', until: gate.promise }, { text: 'B.' });
    const id = await bench.core.threads.send(null, 'Go');
    await bench.core.threads.pickMode(id, 'ask');
    gate.resolve(undefined);
    await bench.reaches(id, 'idle');
    await say(undefined, id);
    const [first = [], second = []] = bench.model.bound;
    assert.ok(first.includes('write_file') && !second.includes('write_file'));
    assert.match(texts(1).at(-1) ?? '', /^\[Mode: ask\./u);
  });

  it('one that is picked is not changed in what is open for reading only', async () => {
    start({ text: 'A.' });
    const { threadId } = await say('plan');
    await bench.core.close();
    bench = bench.restart([], { storageMode: 'readOnly' });
    const { threads } = bench.core;
    assert.equal((await bench.view(threadId)).mode, 'plan');
    await assert.rejects(threads.pickMode(threadId, 'act'), /reading only/u);
    const [plan] = await threads.plans(threadId);
    await assert.rejects(threads.savePlan(threadId, plan?.planId ?? '', ''), /reading only/u);
  });

  for (const route of [undefined, 'ask', 'plan', 'act'] as const) {
    it(`a redirect leads to the mode that it says, or leaves it: ${route ?? 'none'}`, async () => {
      start(write, { text: 'Very well.' });
      const id = await bench.core.threads.send(null, 'Go');
      await bench.reaches(id, 'waiting');
      const [item] = await bench.pendingItems(id);
      const mode = route === undefined ? {} : { mode: route };
      await bench.decide(id, item!, { kind: 'redirect', instruction: 'Else', ...mode });
      const view = await bench.reaches(id, 'idle');
      assert.equal(view.mode, route ?? 'act');
      assert.equal(bench.model.bound[1]?.includes('write_file'), view.mode === 'act');
      assert.equal(view.plan !== null, route === 'plan');
    });
  }

  it('a redirect may choose another mode: what waits is withdrawn, and the next call sees it', async () => {
    start(write, write, { text: 'Very well.' });
    const id = await bench.core.threads.send(null, 'Go');
    await bench.reaches(id, 'waiting');
    const [item] = await bench.pendingItems(id);
    await bench.decide(id, item!, { kind: 'redirect', instruction: 'Plan it', mode: 'plan' });
    const view = await bench.reaches(id, 'idle');
    assert.equal(view.mode, 'plan');
    assert.match(results(2)[0] ?? '', /^Cancelled/u);
    assert.match(results(2)[1] ?? '', /not there in the mode "plan"/u);
    assert.equal(bench.model.bound[1]?.includes('write_file'), false);
    assert.deepEqual(await bench.core.threads.pending(), []);
  });
});
