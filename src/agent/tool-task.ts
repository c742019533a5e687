import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import { interrupt } from '@langchain/langgraph';
import { z } from 'zod';
import type { Executor } from '../approval/executor.ts';
import type { Ledger, ToolCallAddress } from '../approval/ledger.ts';
import { refuseUnrecorded } from '../approval/policy.ts';
import type { Proposal } from '../approval/proposal.ts';
import { toReviewRequest } from '../approval/review.ts';
import { stageWorkspace } from '../approval/staged.ts';
import { type ProposalState, awaitsPerson } from '../shared/decision.ts';
import { ToolError } from '../shared/errors.ts';
import type { Mode } from '../shared/mode.ts';
import type { Queue } from '../shared/queue.ts';
import { findTool } from '../tools/registry.ts';
import type { PreparedCall } from '../tools/tool.ts';
import type { Workspace } from '../workspace/port.ts';
import type { EmitEvent } from './events.ts';
import { byHandText } from './by-hand.ts';
import { UNASKED, tooManyQuestions } from './questions.ts';
import { isBound, unboundText } from './modes.ts';
import { outcomeText } from './outcome-text.ts';
import { voidReason } from './stream-gate.ts';

export interface ToolTaskDeps {
  readonly workspace: Workspace;
  readonly ledger: Ledger;
  readonly executor: Executor;
  /** In which calls make their proposals, one after the other. */
  readonly proposing: Queue;
  /** False if nothing that is approved would be kept. */
  readonly recorded: boolean;
}

export interface ToolTaskRun {
  readonly threadId: string;
  readonly toolCallId: string;
  readonly messages: readonly BaseMessage[];
  readonly mode: Mode;
  readonly signal: AbortSignal;
  readonly emit: EmitEvent;
}

/**
 * An answer to an interrupt only wakes the task: what was decided is in the ledger, written there
 * before. So a resume value by itself approves nothing.
 */
export const wakeUp = z.strictObject({ proposalId: z.string() });

/**
 * One tool call from its arguments to its one tool message. Runs again from its first line whenever
 * it or a sibling is answered; the frozen proposal in the ledger makes that harmless.
 */
export async function runToolCall(deps: ToolTaskDeps, run: ToolTaskRun): Promise<ToolMessage> {
  const { toolCallId, emit, signal } = run;
  const { name, prepared, advice = AGAIN } = prepare(run);
  const answer = (text: string, failed: boolean, detail: string): ToolMessage => {
    emit({ kind: 'toolEnded', toolCallId, toolName: name, failed, detail });
    return toolMessage({ toolCallId, name, text, failed, detail });
  };
  if (typeof prepared === 'string') {
    return answer(`${prepared}\nNothing was done. ${advice}`, true, prepared);
  }
  const { title } = prepared;
  emit({ kind: 'toolStarted', toolCallId, toolName: name, toolKind: prepared.kind, title });
  let proposal: Proposal;
  try {
    if ('run' in prepared) {
      const { text, detail } = await prepared.run({ workspace: deps.workspace, signal });
      return answer(text, false, detail);
    }
    proposal = await freeze(deps, run, prepared);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return answer(error.message, true, error.message);
  }
  emit({ kind: 'proposal', toolCallId });
  const request = toReviewRequest(proposal, name);
  let outcome = standing(deps.ledger, proposal);
  while (!hasEnded(outcome.state)) {
    if (awaitsPerson(outcome.state)) interrupt(request, { responseSchema: wakeUp });
    outcome = standing(deps.ledger, proposal);
    if (awaitsPerson(outcome.state)) continue;
    signal.throwIfAborted();
    // What it leads to may have to be shown first: then the question is open again.
    outcome = await deps.executor.apply(proposal.proposalId);
    emit({ kind: 'proposal', toolCallId });
  }
  emit({ kind: 'proposal', toolCallId });
  const text = await tellOutcome(deps, outcome);
  const failed = outcome.state !== 'applied' && outcome.state !== 'answered';
  return toolMessage({ toolCallId, name, text, failed, detail: outcome.reason });
}

interface ToolMessageParts {
  readonly toolCallId: string;
  readonly name: string;
  readonly text: string;
  readonly failed: boolean;
  readonly detail: string;
}

/** The one answer to a tool call. Its id is the call's, so that a second one would replace it. */
export function toolMessage(parts: ToolMessageParts): ToolMessage {
  return new ToolMessage({
    id: `result-${parts.toolCallId}`,
    tool_call_id: parts.toolCallId,
    name: parts.name,
    content: parts.text,
    status: parts.failed ? 'error' : 'success',
    artifact: parts.detail,
  });
}

const AGAIN = 'Call the tool again, corrected.';
const IN_WORDS = 'Say in words what you would do; the user can choose another mode.';

function prepare({ messages, toolCallId, mode }: ToolTaskRun): {
  name: string;
  prepared: PreparedCall | string;
  advice?: string;
} {
  for (const message of messages.toReversed()) {
    if (!AIMessage.isInstance(message)) continue;
    const call = message.tool_calls?.find((candidate) => candidate.id === toolCallId);
    if (call === undefined) continue;
    const { name } = call;
    const wrong = voidReason(message, toolCallId);
    if (wrong !== null) return { name, prepared: wrong };
    const tool = findTool(name);
    if (tool === null) {
      return { name, prepared: `There is no tool named ${JSON.stringify(name)}.` };
    }
    // What is open keeps its mode: a turn in another one closes it first.
    if (!isBound(tool, mode)) {
      return { name, prepared: unboundText(name, mode), advice: IN_WORDS };
    }
    const tooMany = tool.does === 'asks' ? tooManyQuestions(messages, toolCallId) : null;
    if (tooMany !== null) return { name, prepared: tooMany, advice: UNASKED };
    return { name, prepared: tool.prepare(call.args) };
  }
  throw new Error(`No message has the tool call ${toolCallId}`);
}

/** The proposal of this call: the one frozen earlier, else a new one of the files as they are now. */
async function freeze(
  { ledger, workspace, proposing, recorded }: ToolTaskDeps,
  { threadId, toolCallId, signal }: ToolTaskRun,
  prepared: Exclude<PreparedCall, { run: unknown }>,
): Promise<Proposal> {
  const call = { threadId, toolCallId };
  const known = ledger.ofCall(call);
  if (known !== null) return known;
  refuseDone(ledger, call);
  if ('question' in prepared) {
    return ledger.freeze(call, prepared.kind, [], { question: prepared.question });
  }
  refuseUnrecorded(recorded);
  // One after the other, in the order of the calls: the second sees what the first would change.
  return proposing.run(async () => {
    const staged = stageWorkspace(workspace, ledger, threadId);
    const changes = await prepared.propose({ workspace: staged, signal });
    return ledger.freeze(call, prepared.kind, changes, { stacked: staged.stacked });
  });
}

/** A fork does not do again what was done in the conversation that it was made of. */
function refuseDone(ledger: Ledger, call: ToolCallAddress): void {
  const done = ledger.doneInOrigin(call);
  if (done === null) return;
  const outcome = hasEnded(done.state)
    ? outcomeText(done, ledger)
    : 'What became of it there is not certain yet.';
  throw new ToolError(
    `Not done again: this conversation is a fork of one in which this call was carried out. ${outcome}`,
  );
}

function hasEnded(state: ProposalState): boolean {
  return !awaitsPerson(state) && state !== 'approved' && state !== 'claimed';
}

/** Runs after an interrupt returned, so it must not throw. */
async function tellOutcome(
  { ledger, workspace }: ToolTaskDeps,
  outcome: Proposal,
): Promise<string> {
  const text = outcomeText(outcome, ledger);
  if (outcome.state !== 'doneByHand' || outcome.command !== null) return text;
  try {
    return `${text}\n${await byHandText(outcome, ledger, workspace)}`;
  } catch {
    return text;
  }
}

function standing(ledger: Ledger, { proposalId }: Proposal): Proposal {
  const found = ledger.find(proposalId);
  if (found === null) throw new Error(`The ledger lost the proposal ${proposalId}`);
  return found;
}
