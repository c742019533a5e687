import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { refusalIn } from '../agent/guard/guard.ts';
import { wordsOf } from '../agent/user-message.ts';
import type { Ledger } from '../approval/ledger.ts';
import { toReviewView } from '../approval/review.ts';
import { titleOf } from '../approval/title.ts';
import { awaitsPerson } from '../shared/decision.ts';
import type {
  Refusal,
  RefusalItem,
  ReviewView,
  ThreadItem,
  ToolItem,
} from '../shared/thread-view.ts';
import { findTool } from '../tools/registry.ts';

interface Call {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
}

/** The items of a thread, from what was said and what the ledger knows. */
export function itemsOf(
  messages: readonly BaseMessage[],
  threadId: string,
  ledger: Ledger,
): readonly ThreadItem[] {
  const results = new Map(
    messages
      .filter((message) => ToolMessage.isInstance(message))
      .map((message) => [message.tool_call_id, message]),
  );
  return messages.flatMap((message): ThreadItem[] => {
    const id = message.id ?? '';
    if (HumanMessage.isInstance(message)) return [{ kind: 'user', id, text: wordsOf(message) }];
    if (!AIMessage.isInstance(message)) return [];
    const refusal = refusalIn(message);
    if (refusal !== null) return [refusalItem(refusal)];
    const calls = (message.tool_calls ?? []).map(({ id: callId = '', name, args }) =>
      toolItem({ id: callId, name, args }, results.get(callId) ?? null, threadId, ledger),
    );
    const { text } = message;
    return text === '' ? calls : [{ kind: 'answer', id, text, streaming: false }, ...calls];
  });
}

export function refusalItem({ refusalId: id, messageId, text, unclear }: Refusal): RefusalItem {
  return { kind: 'refusal', id, messageId, text, unclear };
}

function toolItem(
  call: Call,
  result: ToolMessage | null,
  threadId: string,
  ledger: Ledger,
): ToolItem {
  const tool = findTool(call.name);
  const prepared = tool?.prepare(call.args);
  const ended = result?.status === 'error' ? 'failed' : 'done';
  const item: ToolItem = {
    kind: 'tool',
    id: call.id,
    toolName: call.name,
    toolKind: tool?.kind ?? 'other',
    title: typeof prepared === 'object' ? prepared.title : call.name,
    state: result === null ? 'next' : ended,
    detail: typeof result?.artifact === 'string' ? result.artifact : '',
    review: null,
  };
  return withProposal(item, threadId, ledger);
}

/** The item with the proposal of its call as it stands in the ledger, if there is one. */
export function withProposal(item: ToolItem, threadId: string, ledger: Ledger): ToolItem {
  const proposal = ledger.ofCall({ threadId, toolCallId: item.id });
  if (proposal === null) return item;
  const review = toReviewView(proposal, ledger);
  return {
    ...item,
    title: titleOf(proposal),
    toolKind: proposal.command === null ? item.toolKind : proposal.kind,
    state: review.undo === 'redo' ? 'undone' : proposal.state,
    // While it waits, the review says why.
    detail: awaitsPerson(proposal.state) ? '' : proposal.reason || commentWords(review),
    review,
  };
}

/** Without a reason, what was said to single changes says why. */
function commentWords({ comments }: ReviewView): string {
  return comments.map(({ comment }) => comment).join(' · ');
}
