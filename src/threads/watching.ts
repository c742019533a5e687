import type { BaseCheckpointSaver } from '@langchain/langgraph';
import type { Agent } from '../agent/graph.ts';
import type { Ledger } from '../approval/ledger.ts';
import type { PlanStore } from '../checkpoint/plan-store.ts';
import type { ThreadIndex } from '../checkpoint/thread-index.ts';
import { itemsOf } from './items.ts';
import { lastPlan } from './plans.ts';
import { type Standing, readStanding } from './standing.ts';
import type { ViewKeeper } from './view-keeper.ts';

export interface WatchingDeps {
  readonly agent: Agent;
  readonly saver: BaseCheckpointSaver;
  readonly ledger: Ledger;
  readonly index: Pick<ThreadIndex, 'find'>;
  readonly plans: PlanStore;
}

/** Shows what another window makes of a thread, as far as it is stored. */
export async function showElsewhere(
  deps: WatchingDeps,
  threadId: string,
  view: ViewKeeper,
): Promise<void> {
  view.owner(true);
  const standing = await readStanding(deps.agent, deps.saver, threadId);
  showStored(deps, standing, view);
  const rest = standing.unfinished ? 'running' : 'idle';
  view.status(standing.interrupts.length > 0 ? 'waiting' : rest, null);
}

/** Shows a thread as it is stored, apart from what waits in it. */
export function showStored(
  { ledger, index, plans }: Pick<WatchingDeps, 'ledger' | 'index' | 'plans'>,
  { messages, mode }: Pick<Standing, 'messages' | 'mode'>,
  view: ViewKeeper,
): void {
  const { threadId } = view.snapshot().view;
  view.mode(index.find(threadId)?.mode ?? mode);
  view.plan(lastPlan(messages, threadId, plans));
  view.replace(itemsOf(messages, threadId, ledger));
}
