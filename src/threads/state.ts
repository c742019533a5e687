import type { BaseMessage, ToolMessage } from '@langchain/core/messages';
import { type PlainCall, type PlainMessage, allPlain, callsOf } from '../agent/plain-messages.ts';
import type { Ledger } from '../approval/ledger.ts';
import type { Mode } from '../shared/mode.ts';
import { type StandingDeps, readStanding } from './standing.ts';

/** A task that is left to do at a checkpoint. */
export interface StateTask {
  readonly node: string;
  /** The call that it is about, if it is about one. */
  readonly toolCallId: string | null;
  /** The interrupt that it has stopped at. */
  readonly interruptId: string | null;
  /** Its result is stored, and waits for its siblings. */
  readonly done: boolean;
}

/** The state of a thread at a checkpoint, as plain data. */
export interface ThreadState {
  /** Null for a thread that has said nothing yet. */
  readonly checkpointId: string | null;
  readonly values: { readonly messages: readonly PlainMessage[]; readonly mode: Mode };
  /** The nodes that come next; none if the run is done. */
  readonly next: readonly string[];
  readonly tasks: readonly StateTask[];
  /** Calls that have no answer yet. */
  readonly pendingToolCalls: readonly PlainCall[];
}

export interface StateDeps extends StandingDeps {
  readonly ledger: Ledger;
}

/** @param checkpointId the newest if not given */
export async function readState(
  deps: StateDeps,
  threadId: string,
  checkpointId?: string,
): Promise<ThreadState> {
  const standing = await readStanding(deps, threadId, checkpointId);
  const { messages, mode, next, results, interrupts, sent } = standing;
  const asking = new Map(
    interrupts.map(({ interruptId, proposalId }) => {
      const call = deps.ledger.find(proposalId)?.toolCallId ?? '';
      return [call, interruptId] as const;
    }),
  );
  const done = new Set(results.map((message: ToolMessage) => message.tool_call_id));
  const called = sent.map(({ node, args }): StateTask => {
    const { toolCallId } = args as { readonly toolCallId: string };
    const interruptId = asking.get(toolCallId) ?? null;
    return { node, toolCallId, interruptId, done: done.has(toolCallId) };
  });
  const others = next.filter((node) => sent.every((task) => task.node !== node));
  return {
    checkpointId: standing.checkpointId,
    values: { messages: allPlain(messages), mode },
    next,
    tasks: [
      ...called,
      ...others.map((node) => ({ node, toolCallId: null, interruptId: null, done: false })),
    ],
    pendingToolCalls: openCalls(messages),
  };
}

function openCalls(messages: readonly BaseMessage[]): readonly PlainCall[] {
  const answered = new Set(messages.map(({ id }) => id));
  return messages.flatMap(callsOf).filter(({ id }) => !answered.has(`result-${id}`));
}
