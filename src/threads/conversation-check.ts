import { t } from '@vscode/l10n';
import type { PlainCall, PlainMessage } from '../agent/plain-messages.ts';

/** Why a state is not one that the agent can go on with. */
export interface StateProblem {
  readonly message: string;
  /** Id of the message or of the call that it is about, or null. */
  readonly about: string | null;
}

/**
 * What is wrong with a conversation as model servers see it, or null: each tool call is answered
 * once, after it and before anybody else speaks. Only the last calls may be open, all of them.
 */
export function conversationProblem(messages: readonly PlainMessage[]): StateProblem | null {
  const ids = new Set<string>();
  const callIds = new Set<string>();
  let open = new Map<string, PlainCall>();
  let calls = 0;
  for (const one of messages) {
    if (ids.has(one.id))
      return { message: t('Two messages have the id {0}.', one.id), about: one.id };
    ids.add(one.id);
    if (one.type === 'tool') {
      if (!open.delete(one.tool_call_id)) return unasked(one.tool_call_id);
      continue;
    }
    const [left] = open.keys();
    if (left !== undefined) return unanswered(left);
    if (one.type === 'human') continue;
    for (const { id } of one.tool_calls) {
      if (callIds.has(id)) return { message: t('Two tool calls have the id {0}.', id), about: id };
      callIds.add(id);
    }
    open = new Map(one.tool_calls.map((call) => [call.id, call]));
    calls = open.size;
  }
  const [left] = open.keys();
  return left !== undefined && open.size < calls ? unanswered(left) : null;
}

function unasked(callId: string): StateProblem {
  const message = t(
    'There is a tool message for {0}, which no tool call before it has, or which is answered already. Each tool call has one tool message, right after it.',
    callId,
  );
  return { message, about: callId };
}

function unanswered(callId: string): StateProblem {
  const message = t(
    'The tool call {0} has no tool message. Add one for it, or remove those of its siblings.',
    callId,
  );
  return { message, about: callId };
}
