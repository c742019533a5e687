import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages';
import { findTool } from '../tools/registry.ts';

/** Questions that the agent may ask in one turn; whoever is asked more stops reading them. */
export const MAX_QUESTIONS = 3;

export const UNASKED = 'Go on with what you know, and say what you have assumed.';

/** Why a question is not asked, counting all that came before it in the turn; null if it may be. */
export function tooManyQuestions(
  messages: readonly BaseMessage[],
  toolCallId: string,
): string | null {
  const turn = messages.slice(messages.findLastIndex((one) => HumanMessage.isInstance(one)) + 1);
  const asked = turn
    .flatMap((message) => (AIMessage.isInstance(message) ? (message.tool_calls ?? []) : []))
    .filter(({ name }) => findTool(name)?.does === 'asks');
  const before = asked.findIndex(({ id }) => id === toolCallId);
  return before < MAX_QUESTIONS
    ? null
    : `You have asked the user ${MAX_QUESTIONS} questions in this turn, which is the most.`;
}
