import type { BaseCheckpointSaver, CheckpointTuple } from '@langchain/langgraph';
import { type Agent, type GraphNode, nodesOf } from '../agent/graph.ts';
import type { BreakpointStore } from '../checkpoint/breakpoints.ts';

export interface PlaceDeps {
  readonly agent: Agent;
  readonly saver: BaseCheckpointSaver;
  readonly breakpoints: BreakpointStore;
}

/** Where the tasks wait that were sent. */
const TASKS = '__pregel_tasks';

/**
 * The nodes that come next after a checkpoint, each once: those that were sent a task, then those that
 * have a channel with news for them. As LangGraph finds them (1.7.3), but without the messages.
 */
export function nextNodes(agent: Agent, { checkpoint }: CheckpointTuple): readonly string[] {
  const { channel_values: values, channel_versions: versions, versions_seen: seen } = checkpoint;
  const sent = sentTasks(checkpoint).map(({ node }) => node);
  const called = Object.entries(agent.nodes).filter(([name, { triggers }]) =>
    triggers.some(
      (channel) =>
        Object.hasOwn(values, channel) && isNewer(versions[channel], seen[name]?.[channel]),
    ),
  );
  return [...new Set([...sent, ...called.map(([name]) => name)])];
}

/** A task for one tool call. */
export interface SentTask {
  readonly node: string;
  readonly args: unknown;
}

export function sentTasks({
  channel_values: values,
}: CheckpointTuple['checkpoint']): readonly SentTask[] {
  return (values[TASKS] ?? []) as readonly SentTask[];
}

type Version = number | string | undefined;

function isNewer(version: Version, seen: Version): boolean {
  return version !== undefined && (seen === undefined || version > seen);
}

/**
 * Whether a thread with something left to do stands where the user wanted it to stop: where they put
 * it, or where the last run met a breakpoint. Whatever is killed, both are on record before.
 */
export async function isPaused(
  deps: PlaceDeps,
  threadId: string,
  tuple: CheckpointTuple,
  next: readonly string[],
): Promise<boolean> {
  const run = deps.breakpoints.run(threadId);
  if (run === null) return false;
  const { checkpoint, metadata, parentConfig, pendingWrites = [] } = tuple;
  if (run.held !== null) {
    if (run.held === checkpoint.id) return true;
    const parent: unknown = parentConfig?.configurable?.['checkpoint_id'];
    if (metadata?.source === 'update' && parent === run.held) return true;
  }
  // A run that started here, or began with what comes next, was cut off.
  if (run.startedFrom === checkpoint.id || pendingWrites.length > 0) return false;
  if (next.some((node) => run.before.includes(node))) return true;
  if (run.after.length === 0) return false;
  return (await ranBefore(deps, tuple)).some((node) => run.after.includes(node));
}

/** The nodes whose work a checkpoint is; none for what the user made, or was pruned. */
export async function ranBefore(
  { agent, saver }: PlaceDeps,
  { metadata, parentConfig }: CheckpointTuple,
): Promise<readonly string[]> {
  if (metadata?.source !== 'loop' || parentConfig === undefined) return [];
  const parent = await saver.getTuple(parentConfig);
  return parent === undefined ? [] : nextNodes(agent, parent);
}

/** Without names that no node has, which would stop nothing. */
export function knownNodes(agent: Agent, names: readonly string[]): readonly GraphNode[] {
  return nodesOf(agent).filter((node) => names.includes(node));
}
