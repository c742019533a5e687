import { findChanges, keptText } from '../workspace/change-states.ts';
import type { Ledger } from './ledger.ts';
import { agentsText } from './proposal-changes.ts';
import type { KeptOperation, Proposal } from './proposal.ts';
import { textOf } from './stored.ts';

/** What an approval made of one file of the agent's proposal. */
export interface ApprovedFile {
  readonly path: string;
  /** Null where nothing of it was to be done, or where the bytes are no text. */
  readonly texts: {
    readonly agents: string;
    /** The agent's text without what the user declined. */
    readonly kept: string;
    /** That, with what the user typed. */
    readonly approved: string;
  } | null;
  /** `other`: the bytes are not the agent's, and there is no text to compare. */
  readonly outcome: 'asProposed' | 'declined' | 'compared' | 'other';
}

/** Each file that the agent proposed, as it was approved in the end. */
export function approvedFiles(proposal: Proposal, ledger: Ledger): readonly ApprovedFile[] {
  const { proposalId, proposedRevision, operations } = proposal;
  const approved = new Map(operations.map((operation) => [operation.realPath, operation]));
  return ledger
    .operations(proposalId, proposedRevision)
    .map((own) => approvedFile(own, approved.get(own.realPath) ?? null, ledger));
}

function approvedFile(
  own: KeptOperation,
  operation: KeptOperation | null,
  ledger: Ledger,
): ApprovedFile {
  const path = own.displayPath;
  if (operation === null) return { path, texts: null, outcome: 'declined' };
  if (own.newSha256 === operation.newSha256 && own.baseSha256 === operation.baseSha256) {
    return { path, texts: null, outcome: 'asProposed' };
  }
  const before = textOf(operation.baseSha256, operation, ledger);
  const approved = textOf(operation.newSha256, operation, ledger);
  const agents = agentsText(operation, own, ledger);
  if (before === null || approved === null || agents === null) {
    const proposed = textOf(own.newSha256, own, ledger);
    const isSame = own.newSha256 === operation.newSha256;
    if (isSame || proposed === null || approved === null) {
      return { path, texts: null, outcome: isSame ? 'asProposed' : 'other' };
    }
    // It does not fit the file any more: what is approved is all the user's.
    return { path, texts: { agents: proposed, kept: proposed, approved }, outcome: 'compared' };
  }
  const { changes } = findChanges(before, agents, approved);
  return {
    path,
    texts: { agents, kept: keptText(before, approved, changes), approved },
    outcome: 'compared',
  };
}
