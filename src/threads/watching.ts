import type { BaseCheckpointSaver } from '@langchain/langgraph';
import type { Agent } from '../agent/graph.ts';
import type { Ledger } from '../approval/ledger.ts';
import { itemsOf } from './items.ts';
import { readStanding } from './standing.ts';
import type { ViewKeeper } from './view-keeper.ts';

export interface WatchingDeps {
  readonly agent: Agent;
  readonly saver: BaseCheckpointSaver;
  readonly ledger: Ledger;
}

/** Shows what another window makes of a thread, as far as it is stored. */
export async function showElsewhere(
  { agent, saver, ledger }: WatchingDeps,
  threadId: string,
  view: ViewKeeper,
): Promise<void> {
  view.owner(true);
  const { messages, mode, interrupts, unfinished } = await readStanding(agent, saver, threadId);
  view.mode(mode);
  view.replace(itemsOf(messages, threadId, ledger));
  const rest = unfinished ? 'running' : 'idle';
  view.status(interrupts.length > 0 ? 'waiting' : rest, null);
}
