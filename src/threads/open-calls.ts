import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import { type Agent, CALL_MODEL, TOOL_CALL } from '../agent/graph.ts';
import { outcomeText } from '../agent/outcome-text.ts';
import { toolMessage } from '../agent/tool-task.ts';
import type { Executor } from '../approval/executor.ts';
import type { Ledger } from '../approval/ledger.ts';
import { type Standing, threadConfig } from './standing.ts';

export interface OpenCallsDeps {
  readonly agent: Agent;
  readonly ledger: Ledger;
  readonly executor: Executor;
}

/** Why: a new message follows, or nothing does. */
export type Closing = 'newMessage' | 'ended';

const UNPROPOSED: Readonly<Record<Closing, string>> = {
  newMessage: 'Cancelled: the user wrote a new message. Nothing was done.',
  ended: 'Cancelled: the user ended the run. Nothing was done.',
};

/**
 * Answers every tool call that has no answer yet, so that the history stays one that model servers
 * accept, and withdraws the proposals that still wait. To be done before a new user message, which
 * would silently drop the open tasks, and to end a run for good.
 */
export async function closeOpenCalls(
  deps: OpenCallsDeps,
  threadId: string,
  { messages, unread }: Standing,
  closing: Closing,
): Promise<void> {
  const last = messages.findLastIndex((message) => AIMessage.isInstance(message));
  const calls = (messages[last] as AIMessage | undefined)?.tool_calls ?? [];
  const results = messages.slice(last + 1).filter((message) => ToolMessage.isInstance(message));
  const answered = new Set(results.map((message) => message.tool_call_id));
  const open = calls.filter((call) => call.id !== undefined && !answered.has(call.id));
  if (open.length === 0 && closing === 'newMessage') return;
  const answers: BaseMessage[] = [];
  for (const { id: toolCallId = '', name } of open) {
    const text = (await withdraw(deps, threadId, toolCallId)) ?? UNPROPOSED[closing];
    answers.push(toolMessage({ toolCallId, name, text, failed: true, detail: '' }));
  }
  // Results that waited for their siblings are written again; the same id replaces, never doubles.
  const [before, node] = closing === 'ended' ? [unread, CALL_MODEL] : [[], TOOL_CALL];
  await deps.agent.updateState(
    threadConfig(threadId),
    { messages: [...before, ...results, ...answers] },
    // After the model without calls, there is nothing left to do.
    node,
  );
}

/** Ends what waits and answers how it ended; null if nothing was proposed. An effect that is under way is waited for. */
export async function withdraw(
  { ledger, executor }: Pick<OpenCallsDeps, 'ledger' | 'executor'>,
  threadId: string,
  toolCallId: string,
): Promise<string | null> {
  const found = ledger.ofCall({ threadId, toolCallId });
  if (found === null) return null;
  const proposal = await executor.settle(found.proposalId);
  const { state, reason, settles } = proposal;
  const isOnItsWay = state === 'proposed' || state === 'approved';
  // The files stay as they are; what is known of them is said.
  if (state === 'partial' || state === 'unknown' || (isOnItsWay && settles !== null)) {
    await ledger.finish(proposal, 'kept', reason, 'user');
  } else if (isOnItsWay) await ledger.finish(proposal, 'cancelled', '', 'user');
  return outcomeText(ledger.find(proposal.proposalId) ?? proposal, ledger);
}
