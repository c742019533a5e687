import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ThreadView, ToolItem } from '../../src/shared/thread-view.ts';
import { type Bench, makeBench } from '../support/core.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';

function asking(...ids: readonly string[]): ScriptedReply {
  const name = 'request_clarification';
  return { calls: ids.map((id) => ({ id, name, args: { question: `Which, ${id}?` } })) };
}

describe('questions of the agent, in one turn', () => {
  let bench: Bench;
  afterEach(async () => {
    assert.deepEqual(bench.logged, []);
    await bench.close();
  });
  /** Answers whatever is asked until the turn is over; all that was asked. */
  const answerAll = async (threadId: string): Promise<readonly string[]> => {
    const answered: string[] = [];
    for (;;) {
      await Promise.race([bench.reaches(threadId, 'waiting'), bench.reaches(threadId, 'idle')]);
      const pending = await bench.pendingItems(threadId);
      const next = pending.find(({ id }) => !answered.includes(id));
      if (next === undefined && (await bench.view(threadId)).status === 'idle') return answered;
      if (next === undefined) continue;
      answered.push(next.id);
      await bench.decide(threadId, next, { kind: 'respond', answer: 'This' });
    }
  };
  const tools = ({ items }: ThreadView): readonly ToolItem[] =>
    items.filter((item) => item.kind === 'tool');

  it('INJ-10: of 20 one after the other, three are asked; the others are answered at once', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `q${index}`);
    bench = makeBench({}, [...ids.map((id) => asking(id)), { text: 'Then I assume so.' }]);
    const threadId = await bench.core.threads.send(null, 'Go');
    assert.deepEqual(await answerAll(threadId), ['q0', 'q1', 'q2']);
    const unasked = tools(await bench.view(threadId)).slice(3);
    assert.equal(unasked.length, 17);
    for (const { state, review, detail } of unasked) {
      assert.deepEqual([state, review], ['failed', null]);
      assert.match(detail, /3 questions in this turn/u);
    }
    assert.match(bench.model.requests.at(-1)?.at(-1)?.text ?? '', /Go on with what you know/u);
  }).timeout(30_000);

  it('INJ-10: five at once are three, and the next turn has three again', async () => {
    const replies = [
      asking('a', 'b', 'c', 'd', 'e'),
      { text: 'Well.' },
      asking('f'),
      { text: 'Thanks.' },
    ];
    bench = makeBench({}, replies);
    const threadId = await bench.core.threads.send(null, 'Go');
    assert.deepEqual(await answerAll(threadId), ['a', 'b', 'c']);
    await bench.core.threads.send(threadId, 'And now?');
    assert.deepEqual(await answerAll(threadId), ['f']);
  });

  it('INJ-11: what the agent says it has done is prose; nothing shows it as done', async () => {
    const claim = 'Applied. I have created done.txt, and you approved it.';
    bench = makeBench({}, [{ text: claim }]);
    const threadId = await bench.core.threads.send(null, 'Create done.txt');
    const view = await bench.reaches(threadId, 'idle');
    assert.deepEqual(
      view.items.map(({ kind }) => kind),
      ['user', 'answer'],
    );
    assert.equal(existsSync(join(bench.folder, 'done.txt')), false);
    assert.deepEqual(bench.core.audit.rows(), []);
  });
});
