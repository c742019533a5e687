import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Decision } from '../../src/shared/decision.ts';
import type { Disposable } from '../../src/shared/lifecycle.ts';
import type { ToolItem } from '../../src/shared/thread-view.ts';
import { type Bench, makeBench, shownOf } from '../support/core.ts';
import type { ScriptedCall, ScriptedReply } from '../support/scripted-model.ts';

const FILES = { 'a.txt': '1\n2\n3\n4\n5\n', 'b.txt': 'b\n', 'c.txt': 'c\n' };

/** Calls of every kind; some are wrong, and some are about the same file. */
const CALLS: readonly Omit<ScriptedCall, 'id'>[] = [
  { name: 'read_file', args: { path: 'a.txt' } },
  { name: 'replace_in_file', args: { path: 'a.txt', old_text: '1', new_text: 'one' } },
  { name: 'replace_in_file', args: { path: 'a.txt', old_text: '5', new_text: 'five' } },
  { name: 'write_file', args: { path: 'a.txt', content: 'all new\n' } },
  { name: 'write_file', args: { path: 'new/d.txt', content: 'd\n' } },
  { name: 'write_file', args: { path: '../out.txt', content: 'x' } },
  { name: 'delete_file', args: { path: 'b.txt' } },
  { name: 'move_file', args: { from: 'c.txt', to: 'moved/c.txt' } },
  {
    name: 'apply_patch',
    args: {
      patch:
        '--- a/a.txt\n+++ b/a.txt\n@@ -2,2 +2,2 @@\n 2\n-3\n+three\n--- /dev/null\n+++ b/e.txt\n@@ -0,0 +1 @@\n+e\n',
    },
  },
  { name: 'request_clarification', args: { question: 'Which?' } },
  { name: 'write_file', args: '{"path": "a.txt", "content": "cut o' },
  { name: 'no_such_tool', args: {} },
];

/** What the user does next; `new` writes a message instead of deciding. */
type Step = Decision | { readonly kind: 'new' } | { readonly kind: 'restart' };

const STEPS: readonly Step[] = [
  { kind: 'approve' },
  { kind: 'approve', note: 'well done' },
  { kind: 'reject', reason: '' },
  { kind: 'reject', reason: 'not this' },
  { kind: 'edit', files: [{ operation: 0, text: 'typed\n' }] },
  { kind: 'partial', files: [{ operation: 0, changes: 'all' }], reason: 'enough' },
  { kind: 'redirect', instruction: 'Do something else' },
  { kind: 'respond', answer: 'yes, approve all' },
  { kind: 'doneByHand' },
  { kind: 'settle', way: 'keep' },
  { kind: 'editArguments', arguments: '{"path": "f.txt", "content": "mine"}' },
  { kind: 'new' },
  { kind: 'restart' },
];

describe('whatever is asked and decided', () => {
  it('every call has one tool message, in a history that a chat-completions API takes', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.log(`      SEED=${seed}`);
    const replies = fc.array(fc.array(fc.nat(CALLS.length - 1), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 3,
    });
    const steps = fc.array(fc.tuple(fc.nat(3), fc.nat(STEPS.length - 1)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(replies, steps, async (calls, decisions) => {
        await play(calls, decisions);
      }),
      { numRuns: 100, seed, endOnFailure: true },
    );
  }).timeout(300_000);
});

async function play(
  replies: readonly (readonly number[])[],
  decisions: readonly (readonly [which: number, step: number])[],
): Promise<void> {
  const script = scriptOf(replies);
  let bench = makeBench(FILES, script);
  const asked: BaseMessage[][] = [];
  try {
    const id = await bench.core.threads.send(null, 'Begin');
    await atRest(bench, id);
    for (const [which, step] of decisions) {
      const todo = STEPS[step];
      if (todo === undefined) continue;
      if (todo.kind === 'restart') {
        await bench.core.close();
        asked.push(...bench.model.requests);
        bench = bench.restart(script.slice(asked.length));
        await bench.core.threads.pending();
      } else await act(bench, id, which, todo);
      await atRest(bench, id);
    }
    // As many messages as there are replies with calls: then all of them were made and answered.
    for (let left = replies.length; left >= 0; left--) {
      await act(bench, id, 0, { kind: 'new' });
      await atRest(bench, id);
    }
    for (const request of [...asked, ...bench.model.requests]) checkHistory(request);
    const last = [...asked, ...bench.model.requests].at(-1) ?? [];
    assert.equal(last.at(-1)?.type, 'human');
    assert.deepEqual(bench.logged, []);
    assert.equal(bench.core.audit.verify().problem, null);
  } finally {
    await bench.close();
  }
}

function scriptOf(replies: readonly (readonly number[])[]): ScriptedReply[] {
  const called = replies.map((calls, reply) => ({
    calls: calls.map((call, index) => ({ id: `call-${reply}-${index}`, ...CALLS[call]! })),
  }));
  // Enough for every message that a user may write.
  return [...called, ...Array.from({ length: 30 }, () => ({ text: 'I see.' }))];
}

/** Waits until nothing runs; goes on with what was cut off. */
async function atRest(bench: Bench, id: string): Promise<void> {
  const { threads } = bench.core;
  const changed = (): Promise<null> =>
    new Promise((resolve) => {
      const subscription = threads.onEvent(() => {
        subscription.dispose();
        resolve(null);
      });
    });
  for (;;) {
    const next = changed();
    const { status, failure } = await bench.view(id);
    assert.equal(failure, null);
    if (status === 'idle' || status === 'waiting') return;
    if (status === 'unfinished') await threads.resume(id);
    await next;
  }
}

async function act(
  bench: Bench,
  id: string,
  which: number,
  step: Exclude<Step, { kind: 'restart' }>,
): Promise<void> {
  const { threads } = bench.core;
  const waiting = await bench.pendingItems(id);
  const item: ToolItem | undefined = waiting[which % Math.max(1, waiting.length)];
  if (step.kind === 'new') {
    await threads.send(id, 'Something new');
    return;
  }
  if (item === undefined) return;
  const before = (await bench.view(id)).status;
  const running = awaitRun(bench, id);
  const outcome = await threads.decide(id, shownOf(item), step);
  const resumes = outcome.kind === 'taken' && step.kind !== 'editArguments';
  assert.equal(before, 'waiting');
  if (resumes) await running.started;
  running.subscription.dispose();
}

/** The run that a decision brings about begins a moment after the decision is taken. */
function awaitRun(
  bench: Bench,
  id: string,
): {
  started: Promise<null>;
  subscription: Disposable;
} {
  const started = Promise.withResolvers<null>();
  const subscription = bench.core.threads.onEvent(({ threadId, event }) => {
    if (threadId !== id || event.kind !== 'status') return;
    if (event.status === 'running') started.resolve(null);
  });
  return { started: started.promise, subscription };
}

/** What a chat-completions API refuses: calls without answers, answers without calls, doubles. */
function checkHistory(messages: readonly BaseMessage[]): void {
  const seen = new Set<string>();
  let open: string[] = [];
  for (const message of messages) {
    if (ToolMessage.isInstance(message)) {
      assert.ok(open.includes(message.tool_call_id), `${message.tool_call_id} answers nothing`);
      assert.notEqual(message.text, '');
      open = open.filter((call) => call !== message.tool_call_id);
      continue;
    }
    assert.deepEqual(open, [], 'calls without an answer');
    if (!AIMessage.isInstance(message)) continue;
    open = (message.tool_calls ?? []).map(({ id = '' }) => id);
    for (const call of open) {
      assert.ok(!seen.has(call), `${call} is called twice`);
      seen.add(call);
    }
  }
  assert.deepEqual(open, [], 'calls without an answer');
}
