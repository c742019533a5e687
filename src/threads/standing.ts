import { type BaseMessage, ToolMessage } from '@langchain/core/messages';
import type { BaseCheckpointSaver, CheckpointTuple } from '@langchain/langgraph';
import type { Agent } from '../agent/graph.ts';
import type { AgentStateValue } from '../agent/state.ts';
import type { ReviewRequest } from '../approval/review.ts';
import type { BreakpointStore } from '../checkpoint/breakpoints.ts';
import type { Mode } from '../shared/mode.ts';
import { type SentTask, isPaused, nextNodes, sentTasks } from './place.ts';

/** Channels on which a task writes while it has no result yet. */
const CONTROL = new Set(['__error__', '__error_source_node__', '__interrupt__', '__resume__']);

/** An interrupt that waits for an answer. */
export interface PendingInterrupt {
  readonly interruptId: string;
  readonly proposalId: string;
}

export interface ThreadConfig {
  readonly configurable: { readonly thread_id: string; readonly checkpoint_id?: string };
}

/** @param checkpointId the newest if not given */
export function threadConfig(threadId: string, checkpointId?: string): ThreadConfig {
  const address = checkpointId === undefined ? {} : { checkpoint_id: checkpointId };
  return { configurable: { thread_id: threadId, ...address } };
}

export interface StandingDeps {
  readonly agent: Agent;
  readonly saver: BaseCheckpointSaver;
  readonly breakpoints: BreakpointStore;
}

/** Where a thread has stopped. */
export interface Stop {
  readonly interrupts: readonly PendingInterrupt[];
  /** Nodes that come next; none if it is done. */
  readonly next: readonly string[];
  /** It stands where the user wanted it to stop. */
  readonly paused: boolean;
  /** A run was cut off: tasks are left that wait for nobody. */
  readonly unfinished: boolean;
}

const NOWHERE: Stop = { interrupts: [], next: [], paused: false, unfinished: false };

/**
 * Read from the checkpoint and its pending writes: `getState().next` and `tasks[].interrupts` name
 * answered interrupts too (LangGraph 1.7.3). No message is read for it.
 */
export async function readStop(deps: StandingDeps, threadId: string): Promise<Stop> {
  const tuple = await deps.saver.getTuple(threadConfig(threadId));
  return tuple === undefined ? NOWHERE : stopAt(deps, threadId, tuple);
}

/** The newest checkpoint, if nothing comes next; '' for a thread without any, null while a turn is not done. */
export async function restingAt(
  { agent, saver }: Pick<StandingDeps, 'agent' | 'saver'>,
  threadId: string,
): Promise<string | null> {
  const tuple = await saver.getTuple(threadConfig(threadId));
  if (tuple === undefined) return '';
  return nextNodes(agent, tuple).length === 0 ? tuple.checkpoint.id : null;
}

async function stopAt(deps: StandingDeps, threadId: string, tuple: CheckpointTuple): Promise<Stop> {
  const interrupts = pausedTasks(tuple);
  const next = nextNodes(deps.agent, tuple);
  const rests = interrupts.length > 0 || next.length === 0;
  const paused = !rests && (await isPaused(deps, threadId, tuple, next));
  return { interrupts, next, paused, unfinished: !rests && !paused };
}

function pausedTasks({ pendingWrites = [] }: CheckpointTuple): PendingInterrupt[] {
  const tasks = new Map<string, [channel: string, value: unknown][]>();
  for (const [taskId, channel, value] of pendingWrites) {
    tasks.set(taskId, [...(tasks.get(taskId) ?? []), [channel, value]]);
  }
  return [...tasks.values()]
    .filter((writes) => writes.every(([channel]) => CONTROL.has(channel)))
    .flatMap((writes) => writes.filter(([channel]) => channel === '__interrupt__'))
    .flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .flatMap((value) => {
      const { id, value: request } = value as { id: string; value: ReviewRequest };
      return [{ interruptId: id, proposalId: request.proposal.id }];
    });
}

/** What a thread's checkpoint holds. */
export interface Standing extends Stop {
  /** Null for a thread that has said nothing yet. */
  readonly checkpointId: string | null;
  readonly messages: readonly BaseMessage[];
  readonly mode: Mode;
  /** Of these, results of tasks whose siblings still wait: stored, but not yet in the state. */
  readonly results: readonly ToolMessage[];
  /** Of these, the user's own that a run was cut off before it took up: a new input drops them. */
  readonly unread: readonly BaseMessage[];
  readonly sent: readonly SentTask[];
}

export async function readStanding(
  deps: StandingDeps,
  threadId: string,
  checkpointId?: string,
): Promise<Standing> {
  const config = threadConfig(threadId, checkpointId);
  const tuple = await deps.saver.getTuple(config);
  if (tuple === undefined) {
    const nothing = { checkpointId: null, messages: [], results: [], unread: [], sent: [] };
    return { ...NOWHERE, ...nothing, mode: 'act' };
  }
  const state = await deps.agent.getState(config);
  const { messages = [], mode = 'act' } = state.values as Partial<AgentStateValue>;
  const results = waitingResults(tuple);
  const unread = waitingInput(tuple);
  const read = new Set(messages.map(({ id }) => id));
  return {
    ...(await stopAt(deps, threadId, tuple)),
    checkpointId: tuple.checkpoint.id,
    messages: [...messages, ...results, ...unread.filter(({ id }) => !read.has(id))],
    ...{ mode, results, unread, sent: sentTasks(tuple.checkpoint) },
  };
}

function waitingResults({ pendingWrites = [] }: CheckpointTuple): ToolMessage[] {
  return pendingWrites
    .filter(([, channel]) => channel === 'messages')
    .flatMap(([, , value]) => value)
    .filter((message) => ToolMessage.isInstance(message));
}

/** The input of a run, until its first step has taken it up (LangGraph 1.7.3). */
function waitingInput({ checkpoint }: CheckpointTuple): readonly BaseMessage[] {
  const input = checkpoint.channel_values['__start__'] as { messages?: BaseMessage[] } | undefined;
  return input?.messages ?? [];
}
