import type { SinceRejected } from '../shared/change-view.ts';
import type { Ledger } from './ledger.ts';
import { targetOf } from './operation.ts';
import type { Proposal } from './proposal.ts';

/** The newest rejected proposal of the same thread about one of the files of one that waits. */
export function rejectedBefore(proposal: Proposal, ledger: Ledger): Proposal | null {
  if (proposal.state !== 'proposed' || proposal.operations.length === 0) return null;
  return ledger.rejectedBefore(proposal);
}

/** What is proposed now beside what was rejected; null if nothing was. */
export function sinceRejected(proposal: Proposal, ledger: Ledger): SinceRejected | null {
  const rejected = rejectedBefore(proposal, ledger);
  if (rejected === null) return null;
  const known = new Map(
    rejected.operations.map((operation, index) => [targetOf(operation), { operation, index }]),
  );
  return {
    proposalId: rejected.proposalId,
    files: proposal.operations.map((operation, index) => {
      const before = known.get(targetOf(operation));
      return {
        operation: index,
        path: operation.to?.displayPath ?? operation.displayPath,
        rejected: before?.index ?? null,
        before: before?.operation.newSha256 ?? null,
        after: operation.newSha256,
      };
    }),
  };
}
