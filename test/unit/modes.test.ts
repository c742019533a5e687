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
