import { type BaseMessage, ToolMessage } from '@langchain/core/messages';
import type { BaseCheckpointSaver, CheckpointTuple } from '@langchain/langgraph';
import type { Agent } from '../agent/graph.ts';
import type { AgentStateValue } from '../agent/state.ts';
import type { ReviewRequest } from '../approval/review.ts';
import type { Mode } from '../shared/mode.ts';

/** Channels on which a task writes while it has no result yet. */
const CONTROL = new Set(['__error__', '__error_source_node__', '__interrupt__', '__resume__']);

/** An interrupt that waits for an answer. */
export interface PendingInterrupt {
  readonly interruptId: string;
  readonly proposalId: string;
}

export function threadConfig(threadId: string): { configurable: { thread_id: string } } {
  return { configurable: { thread_id: threadId } };
}

/**
 * The interrupts that a thread has stopped at. Read from the pending writes of its checkpoint:
 * `getState().next` and `tasks[].interrupts` name answered ones too (LangGraph 1.7.3).
 */
export async function pendingInterrupts(
  saver: BaseCheckpointSaver,
  threadId: string,
): Promise<readonly PendingInterrupt[]> {
  const tuple = await saver.getTuple(threadConfig(threadId));
  return tuple === undefined ? [] : pausedTasks(tuple);
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
export interface Standing {
  readonly messages: readonly BaseMessage[];
  readonly mode: Mode;
  readonly interrupts: readonly PendingInterrupt[];
  /** Of these, the user's own that a run was cut off before it took up: a new input drops them. */
  readonly unread: readonly BaseMessage[];
  /** A run was cut off: tasks are left that wait for nobody. */
  readonly unfinished: boolean;
}

export async function readStanding(
  agent: Agent,
  saver: BaseCheckpointSaver,
  threadId: string,
): Promise<Standing> {
  const config = threadConfig(threadId);
  const tuple = await saver.getTuple(config);
  if (tuple === undefined) {
    return { messages: [], mode: 'act', interrupts: [], unread: [], unfinished: false };
  }
  const state = await agent.getState(config);
  const interrupts = pausedTasks(tuple);
  const { messages = [], mode = 'act' } = state.values as Partial<AgentStateValue>;
  const unread = waitingInput(tuple);
  const read = new Set(messages.map(({ id }) => id));
  return {
    messages: [
      ...messages,
      // Results of tasks whose siblings still wait are stored, but not yet applied to the state.
      ...waitingResults(tuple),
      ...unread.filter(({ id }) => !read.has(id)),
    ],
    mode,
    interrupts,
    unread,
    unfinished: interrupts.length === 0 && state.tasks.length > 0,
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
