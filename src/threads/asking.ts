import type { Executor } from '../approval/executor.ts';
import type { Ledger } from '../approval/ledger.ts';
import { awaitsPerson } from '../shared/decision.ts';
import type { ThreadStatus } from '../shared/thread-view.ts';
import type { Workspace } from '../workspace/port.ts';
import type { PendingInterrupt, Stop } from './standing.ts';
import type { ViewKeeper } from './view-keeper.ts';

export interface AskingDeps {
  readonly ledger: Ledger;
  readonly executor: Executor;
  readonly workspace: Workspace;
}

/** What a thread that has stopped waits for. */
export interface Waiting {
  readonly status: ThreadStatus;
  /** The interrupts that a person is to answer, with their tool calls. */
  readonly asked: ReadonlyMap<string, string>;
}

/** By interrupt, every answer that is in the ledger and that the graph does not know yet; null: none. */
export function answersTo(
  pending: readonly PendingInterrupt[],
  ledger: Ledger,
): Record<string, { readonly proposalId: string }> | null {
  const answered = pending.filter((one) => {
    const proposal = ledger.find(one.proposalId);
    return proposal !== null && !awaitsPerson(proposal.state);
  });
  if (answered.length === 0) return null;
  return Object.fromEntries(
    answered.map(({ interruptId, proposalId }) => [interruptId, { proposalId }] as const),
  );
}

/** Binds every proposal that a run has stopped for to its interrupt, and shows it. */
export async function askPending(
  { ledger, workspace }: AskingDeps,
  view: ViewKeeper,
  { interrupts, paused, unfinished }: Stop,
): Promise<Waiting> {
  const asked = new Map<string, string>();
  let decided = false;
  for (const { interruptId, proposalId } of interrupts) {
    await ledger.ask(proposalId, interruptId, workspace.trusted());
    const proposal = ledger.find(proposalId);
    if (proposal === null || !awaitsPerson(proposal.state)) {
      decided = true;
      continue;
    }
    view.refresh(proposal.toolCallId);
    asked.set(interruptId, proposal.toolCallId);
  }
  // Decided, yet still pending: the process ended before the graph learnt of it.
  if (asked.size > 0) return { status: 'waiting', asked };
  if (decided || unfinished) return { status: 'unfinished', asked };
  return { status: paused ? 'paused' : 'idle', asked };
}

/** What still waits is put on top of what the files have become. */
export async function revalidate(
  { ledger, executor }: AskingDeps,
  threadId: string,
  view: ViewKeeper,
): Promise<void> {
  for (const { proposalId, toolCallId, state } of ledger.openOf(threadId)) {
    if (state !== 'proposed') continue;
    if (await executor.revalidate(proposalId)) view.refresh(toolCallId);
  }
}
