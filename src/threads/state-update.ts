import { START } from '@langchain/langgraph';
import { t } from '@vscode/l10n';
import type { BaseMessage } from '@langchain/core/messages';
import { z } from 'zod';
import { type Agent, CALL_MODEL, TOOL_CALL, nodesOf } from '../agent/graph.ts';
import type { AgentStateUpdate } from '../agent/state.ts';
import type { Executor } from '../approval/executor.ts';
import type { Ledger } from '../approval/ledger.ts';
import type { ThreadIndex } from '../checkpoint/thread-index.ts';
import { NO_RUN } from '../checkpoint/breakpoints.ts';
import { withdraw } from './open-calls.ts';
import type { StateProblem } from './conversation-check.ts';
import { type Recorded, type StateChange, composeChange } from './state-change.ts';
import { type StateValues, stateValues } from './state-shape.ts';
import { type Standing, type StandingDeps, readStanding, threadConfig } from './standing.ts';

/** What somebody wants a thread's state to be. */
export interface StateUpdate {
  /** `messages`: in the place of those with their ids, or at the end, or `remove`; and `mode`. */
  readonly values: unknown;
  /** The checkpoint that it was made of: refused if the thread has another by now. */
  readonly checkpointId?: string;
  /** As whose work it counts, so that what follows that node comes next; by its end if not given. */
  readonly asNode?: string;
}

/** Only `applied` changed anything. */
export type StateOutcome =
  | { readonly kind: 'applied'; readonly next: readonly string[] }
  | ({ readonly kind: 'refused' } & StateProblem);

export interface UpdateDeps extends StandingDeps {
  readonly ledger: Ledger;
  readonly executor: Executor;
  readonly index: ThreadIndex;
}

/**
 * Changes the state of a thread in which nothing runs. Nothing is approved or done by that: what waits
 * under a call that is changed is withdrawn, and the call is proposed anew once the run goes on.
 */
export async function updateState(
  deps: UpdateDeps,
  threadId: string,
  update: StateUpdate,
): Promise<StateOutcome> {
  const values = parse(update.values);
  if ('about' in values) return { kind: 'refused', ...values };
  const standing = await readStanding(deps, threadId);
  const problem = standingProblem(standing, update) ?? nodeProblem(deps.agent, update.asNode);
  if (problem !== null) return { kind: 'refused', ...problem };
  const withResults =
    update.asNode === TOOL_CALL ||
    (update.asNode === undefined && values.messages?.some(({ type }) => type === 'tool') === true);
  const change = composeChange(
    {
      messages: withResults ? standing.messages : without(standing.messages, standing.results),
      recorded: (callId) => recorded(deps.ledger, threadId, callId),
    },
    values,
  );
  if ('about' in change) return { kind: 'refused', ...change };
  const isSame = change.messages.length === 0 && values.mode === undefined;
  if (isSame && update.asNode === undefined) return { kind: 'applied', next: standing.next };
  const node = update.asNode ?? change.madeBy;
  if (change.hasOpenCalls && node !== CALL_MODEL) {
    const message = t(
      'The tool calls at the end have no tool messages: only “{0}” can have made that. Add a tool message for each, or leave out “as”.',
      CALL_MODEL,
    );
    return { kind: 'refused', message, about: null };
  }
  const results = withResults ? without(standing.results, change.messages) : [];
  await apply(deps, threadId, { standing, change, results, mode: values.mode, node });
  return { kind: 'applied', next: (await readStanding(deps, threadId)).next };
}

interface Applying {
  readonly standing: Standing;
  readonly change: StateChange;
  readonly results: readonly BaseMessage[];
  readonly mode: StateValues['mode'];
  readonly node: string;
}

async function apply(
  deps: UpdateDeps,
  threadId: string,
  { standing, change, results, mode, node }: Applying,
): Promise<void> {
  const { agent, breakpoints, index } = deps;
  for (const toolCallId of change.withdrawn) await withdraw(deps, threadId, toolCallId);
  const { checkpointId } = standing;
  if (checkpointId === null) return;
  // Known before, so that after a kill the thread still waits for the user.
  await breakpoints.record(threadId, {
    ...(breakpoints.run(threadId) ?? NO_RUN),
    held: checkpointId,
  });
  const messages = [...results, ...change.messages];
  const values: AgentStateUpdate = {
    ...(messages.length === 0 ? {} : { messages }),
    ...(mode === undefined ? {} : { mode }),
  };
  if (mode !== undefined) await index.setMode(threadId, mode);
  // With the checkpoint's id: else LangGraph would put the results of waiting siblings before it.
  await agent.updateState(threadConfig(threadId, checkpointId), values, node);
}

function parse(values: unknown): StateValues | StateProblem {
  const parsed = stateValues.safeParse(values);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  if (first?.code === 'unrecognized_keys' && first.path.length === 0) {
    const [channel = ''] = first.keys;
    const known = Object.keys(stateValues.shape).join(', ');
    const message = t('The state has no channel “{0}”. Change one of: {1}.', channel, known);
    return { message, about: channel };
  }
  return { message: z.prettifyError(parsed.error), about: null };
}

function standingProblem(
  { checkpointId, unread }: Standing,
  update: StateUpdate,
): StateProblem | null {
  const problem = (message: string): StateProblem => ({ message, about: null });
  if (checkpointId === null) return problem(t('Nothing was said yet. Send a message first.'));
  if (update.checkpointId !== undefined && update.checkpointId !== checkpointId) {
    return problem(
      t(
        'The conversation has gone on since this state was read. Read the state again, and change that.',
      ),
    );
  }
  return unread.length === 0
    ? null
    : problem(t('The last message is not taken up yet. Step once, and change the state then.'));
}

function nodeProblem(agent: Agent, node: string | undefined): StateProblem | null {
  const known = [START, ...nodesOf(agent)];
  if (node === undefined || known.includes(node)) return null;
  const message = t('The graph has no node “{0}”. It has: {1}.', node, known.join(', '));
  return { message, about: node };
}

function recorded(ledger: Ledger, threadId: string, toolCallId: string): Recorded {
  const call = { threadId, toolCallId };
  const own = ledger.ofCall(call);
  if (own !== null) return own.state === 'proposed' && own.settles === null ? 'waits' : 'fixed';
  return ledger.doneInOrigin(call) === null ? 'nothing' : 'waits';
}

function without(
  messages: readonly BaseMessage[],
  others: readonly BaseMessage[],
): readonly BaseMessage[] {
  const ids = new Set(others.map(({ id }) => id));
  return messages.filter(({ id }) => !ids.has(id));
}
