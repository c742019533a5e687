import { type StepScript, callId, replay } from '../script.ts';
import type { Expected } from './messages.ts';

interface Message {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly { readonly id: string }[];
}

/** What the messages of a request lack, have twice or have wrong, given what must be in them. */
export function transcriptProblems(
  body: Buffer | null,
  script: StepScript,
  { results, userMessages }: Expected,
): string[] {
  if (body === null) return ['no request came'];
  const { messages } = JSON.parse(body.toString()) as { messages: readonly Message[] };
  const answers = messages.filter(({ role }) => role === 'tool');
  const asked = messages.flatMap(({ tool_calls: calls = [] }) => calls.map(({ id }) => id));
  const answered = answers.map(({ tool_call_id: id }) => id);
  const wanted = Array.from({ length: results }, (_, index) => callId(index + 1));
  const problems: string[] = [];
  const users = messages.filter(({ role }) => role === 'user').length;
  if (users !== userMessages) problems.push(`${users} user messages, not ${userMessages}`);
  if (asked.join() !== wanted.join()) problems.push('the tool calls are not those of the script');
  if (answered.join() !== wanted.join()) {
    problems.push(`not one result for each call: ${answered.length} for ${wanted.length}`);
  }
  replay(script, results, (step, action, content) => {
    const shown = textOf(answers[step - 1]?.content);
    if (action.kind === 'read' && !shown.includes(content.trimEnd())) {
      problems.push(`step ${step} did not read what was in the file`);
    }
  });
  return problems;
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { text?: string }) => part.text ?? '').join('');
}
