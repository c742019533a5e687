import assert from 'node:assert/strict';
import type { Asked, Line } from './lines.ts';
import type { Stored } from './stored.ts';

/** How the model is told of each end. */
const TOLD: Readonly<Record<string, RegExp>> = {
  applied: /^Applied/u,
  rejected: /^Rejected/u,
  stale: /^Refused as stale/u,
  failed: /^Failed/u,
  cancelled: /^Cancelled/u,
  rolledBack: /^Rolled back/u,
  kept: /^Unclear outcome/u,
};

/**
 * What the model server was sent, the longest of it being the whole conversation: every tool call
 * is answered once, right after it was made, and by what became of it.
 */
export function checkConversation(lines: readonly Line[], { proposals }: Stored): void {
  const requests = lines.flatMap((line) => (line.kind === 'asked' ? [line.messages] : []));
  for (const messages of requests) checkAnswered(messages);
  const whole = requests.toSorted((a, b) => a.length - b.length).at(-1) ?? [];
  for (const { answers, text } of whole) {
    if (answers === null) continue;
    const state = proposals.find(({ callId }) => callId === answers)?.state ?? '';
    assert.match(text, TOLD[state] ?? /^(?!Applied)/u, `${answers} is ${state}`);
  }
  const told = new Set(whole.map(({ answers }) => answers));
  for (const { callId, undoes } of proposals) {
    if (undoes === null) assert.ok(told.has(callId), `the model was not told of ${callId}`);
  }
}

function checkAnswered(messages: readonly Asked[]): void {
  const given = messages.filter(({ answers }) => answers !== null).length;
  let expected = 0;
  for (const [index, { calls }] of messages.entries()) {
    if (calls.length === 0) continue;
    expected += calls.length;
    const answers = messages.slice(index + 1, index + 1 + calls.length);
    assert.deepEqual(
      answers.map((one) => one.answers),
      calls,
      'every tool call has one tool message, right after it',
    );
  }
  assert.equal(given, expected, 'a tool message answers nothing');
}
