import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import { t } from '@vscode/l10n';
import type { Mode } from '../shared/mode.ts';
import type { PlanComment, PlanUse } from '../shared/plan.ts';

/** `additional_kwargs` field of an answer that is a plan. */
const PLAN = 'plan';

/** Marks the answer that ends a turn in the mode `plan`; false if it is none. */
export function markPlan(message: AIMessage, mode: Mode): boolean {
  const calls = message.tool_calls ?? [];
  if (mode !== 'plan' || calls.length > 0 || message.text.trim() === '') return false;
  message.additional_kwargs = { ...message.additional_kwargs, [PLAN]: 'true' };
  return true;
}

export function isPlan(message: BaseMessage): message is AIMessage {
  return AIMessage.isInstance(message) && message.additional_kwargs[PLAN] === 'true';
}

/** As an editor has it: one kind of line ending, and nothing that is no text. */
export function planText(text: string): string {
  return text.replaceAll(/\r\n?/gu, '\n').replaceAll('\0', '\uFFFD').toWellFormed();
}

/** What the user says to the agent with a plan, which is in it to the byte. */
export function planWords(
  use: PlanUse,
  text: string,
  comments: readonly PlanComment[],
  words = '',
): string {
  const order =
    use === 'carryOut'
      ? t('Carry out this plan, as it stands here.')
      : t('Revise this plan, and answer with the whole new one.');
  const said = comments.map(({ range, quote, comment }) => ({ range, quote, comment }));
  return [
    words === '' ? order : `${order}\n\n${words}`,
    `<plan>\n${text}\n</plan>`,
    ...(said.length === 0
      ? []
      : [`${t('My comments, by the lines of the plan:')}\n${JSON.stringify(said, null, 1)}`]),
  ].join('\n\n');
}
