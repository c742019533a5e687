import { type Step, callId, callOf, stepAt } from '../script.ts';
import type { ServerScript } from './messages.ts';

/** Prose for the requests after the last step: each resumed turn takes one. */
const PROSE_AFTER = 50;

/** All answers of a script, ready to be sent. */
export function answersOf({ proseFirst, steps, prose }: ServerScript): Buffer[] {
  const answers: Buffer[] = [];
  const add = (deltas: readonly unknown[], finish: string): void => {
    answers.push(stream(`chatcmpl-${answers.length + 1}`, deltas, finish));
  };
  const talk = [{ role: 'assistant', content: '' }, ...pieces(prose, (content) => ({ content }))];
  for (let count = 0; count < proseFirst; count++) add(talk, 'stop');
  for (let step = 1; step <= steps.steps; step++) {
    add(callDeltas(step, stepAt(steps, step)), 'tool_calls');
  }
  for (let count = 0; count < PROSE_AFTER; count++) add(talk, 'stop');
  return answers;
}

function callDeltas(step: number, action: Step): unknown[] {
  const { name, args } = callOf(action);
  const id = callId(step);
  return [
    { role: 'assistant', content: null },
    { tool_calls: [{ index: 0, id, type: 'function', function: { name, arguments: '' } }] },
    ...pieces(JSON.stringify(args), (part) => ({
      tool_calls: [{ index: 0, function: { arguments: part } }],
    })),
  ];
}

function stream(id: string, deltas: readonly unknown[], finish: string): Buffer {
  const envelope = { id, object: 'chat.completion.chunk', created: 0, model: 'scripted' };
  const choice = (delta: unknown, finish_reason: string | null): unknown => ({
    ...envelope,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
  const events = [
    ...deltas.map((delta) => choice(delta, null)),
    choice({}, finish),
    { ...envelope, choices: [], usage },
  ];
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  return Buffer.from(`${text}data: [DONE]\n\n`);
}

/** As a model sends it: some twenty characters at a time. */
function pieces<T>(text: string, wrap: (piece: string) => T): T[] {
  return (text.match(/.{1,20}/gsu) ?? []).map(wrap);
}
