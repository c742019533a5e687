import type { BaseCheckpointSaver } from '@langchain/langgraph';
import { DeltaSnapshot, uuid6 } from '@langchain/langgraph-checkpoint';
import { t } from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import type { AgentStateValue } from '../agent/state.ts';
import { NO_RUN } from '../checkpoint/breakpoints.ts';
import type { Leases } from '../checkpoint/leases.ts';
import type { ThreadIndex } from '../checkpoint/thread-index.ts';
import { UserFacingError } from '../shared/errors.ts';
import { isBridge } from './history.ts';
import { type StandingDeps, threadConfig } from './standing.ts';

export interface ForkDeps extends StandingDeps {
  readonly saver: BaseCheckpointSaver;
  readonly leases: Leases;
  readonly index: ThreadIndex;
}

/**
 * Makes a thread that begins where another one stood. What waited there waits for nobody here: its
 * calls are proposed anew when the run goes on, but for those whose effects have happened.
 */
export async function forkThread(
  deps: ForkDeps,
  threadId: string,
  checkpointId: string,
): Promise<string> {
  const { agent, saver, leases, breakpoints, index } = deps;
  const config = threadConfig(threadId, checkpointId);
  const origin = index.find(threadId);
  const tuple = await saver.getTuple(config);
  if (origin === null || tuple === undefined || isBridge(tuple)) {
    const message = t('This place of the conversation is not kept any more. Choose another one.');
    throw new UserFacingError('notFound', message);
  }
  const state = await agent.getState(config);
  const { messages = [] } = state.values as Partial<AgentStateValue>;
  const { checkpoint, metadata } = tuple;
  const id = randomUUID();
  const step = metadata?.step ?? 0;
  const whole = {
    ...checkpoint,
    id: uuid6(step),
    ts: new Date().toISOString(),
    channel_values: { ...checkpoint.channel_values, messages: new DeltaSnapshot(messages) },
  };
  await leases.acquire(id);
  await saver.put(
    { configurable: { thread_id: id, checkpoint_ns: '' } },
    whole,
    {
      ...metadata,
      ...{ source: 'fork', step, parents: {}, counters_since_delta_snapshot: { messages: [0, 0] } },
    },
    // In this thread, all of it is new.
    whole.channel_versions,
  );
  await breakpoints.record(id, { ...NO_RUN, held: whole.id, paused: true });
  await breakpoints.set(id, breakpoints.of(threadId));
  // Last: until it is listed, nobody knows of it.
  await index.add(id, t('{0} (fork)', origin.title), threadId);
  return id;
}
