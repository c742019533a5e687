import type { Ledger } from '../approval/ledger.ts';
import type { NewMarks } from '../approval/marking.ts';
import { type FileChange, typedBytes } from '../approval/operation.ts';
import type { Proposal } from '../approval/proposal.ts';
import type { Revision } from '../approval/showing.ts';
import { keptChange } from '../approval/stored.ts';
import { sha256 } from '../checkpoint/blobs.ts';
import type { LiveThread } from './thread.ts';

export interface EditDeps {
  readonly ledger: Ledger;
  readonly load: (threadId: string) => Promise<LiveThread>;
}

/**
 * Replaces the proposed text of files by the user's own, which is what is shown from then on.
 * @throws ToolError for a text that cannot be stored as the file's encoding has it
 */
export async function editProposal(
  deps: EditDeps,
  proposalId: string,
  effectHash: string,
  texts: ReadonlyMap<number, string>,
): Promise<boolean> {
  const proposal = editable(deps.ledger, proposalId, effectHash);
  return proposal !== null && reviseTexts(deps, proposal, { texts, marks: new Map() });
}

/** The proposal, if it waits and this of it is shown. */
export function editable(ledger: Ledger, proposalId: string, effectHash: string): Proposal | null {
  const proposal = ledger.find(proposalId);
  if (proposal?.state !== 'proposed' || proposal.settles !== null) return null;
  return proposal.shown?.effectHash === effectHash ? proposal : null;
}

export interface TextRevision {
  /** By the file's place in the proposal. */
  readonly texts: ReadonlyMap<number, string>;
  readonly marks: NewMarks;
  /** Some of the marks say that more or less of it is to be done. */
  readonly rebind?: boolean;
}

/** False if the proposal does not stand any more as it was seen. */
export async function reviseTexts(
  { ledger, load }: EditDeps,
  proposal: Proposal,
  { texts, marks, rebind = false }: TextRevision,
): Promise<boolean> {
  const changes = proposal.operations.map((operation, index): FileChange => {
    const kept = keptChange(operation, ledger);
    const text = texts.get(index);
    return text === undefined ? kept : { ...kept, next: typedBytes(kept, text) };
  });
  const same = changes.every(({ next }, index) => {
    const hash = next === null ? null : sha256(next);
    return hash === proposal.operations[index]?.newSha256;
  });
  if (same && marks.size === 0) return true;
  const { stacked, toolCallId, threadId } = proposal;
  const isOwn = isAgents(changes, proposal, ledger);
  const taken = same
    ? await ledger.mark(proposal, marks, rebind)
    : await ledger.revise(proposal, {
        ...{ changes, stacked, isAgents: isOwn, marks },
        ...shownAs(proposal, isOwn),
      });
  (await load(threadId)).refresh(toolCallId);
  return taken;
}

/** What it was put on top of is still to be said; and typing does not make it fit the files. */
function shownAs(
  { origin, reason }: Proposal,
  isOwn: boolean,
): Pick<Revision, 'origin' | 'reason'> {
  if (origin === 'stale') return { origin, reason };
  const isRebased = origin === 'rebased' || origin === 'conflict' || origin === 'edited';
  return { origin: isOwn ? 'model' : 'edited', reason: isRebased ? reason : '' };
}

/** True if the user has typed it back to what the agent proposed. */
function isAgents(changes: readonly FileChange[], proposal: Proposal, ledger: Ledger): boolean {
  const own = ledger.operations(proposal.proposalId, proposal.proposedRevision);
  return (
    own.length === changes.length &&
    own.every(({ baseSha256, newSha256 }, index) => {
      const { next } = changes[index] ?? { next: null };
      const base = proposal.operations[index]?.baseSha256;
      return base === baseSha256 && (next === null ? null : sha256(next)) === newSha256;
    })
  );
}
