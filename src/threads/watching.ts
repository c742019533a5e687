import type { Ledger } from '../approval/ledger.ts';
import { itemsOf } from './items.ts';
import { type StandingDeps, readStanding } from './standing.ts';
import type { ViewKeeper } from './view-keeper.ts';

export interface WatchingDeps extends StandingDeps {
  readonly ledger: Ledger;
}

/** Shows what another window makes of a thread, as far as it is stored. */
export async function showElsewhere(
  deps: WatchingDeps,
  threadId: string,
  view: ViewKeeper,
): Promise<void> {
  view.owner(true);
  const { messages, mode, interrupts, next, paused, unfinished } = await readStanding(
    deps,
    threadId,
  );
  view.mode(mode);
  view.replace(itemsOf(messages, threadId, deps.ledger));
  view.at(next);
  const rest = paused ? 'paused' : 'idle';
  view.status(interrupts.length > 0 ? 'waiting' : unfinished ? 'running' : rest, null);
}
