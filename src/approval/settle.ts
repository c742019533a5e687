import { sha256 } from '../checkpoint/blobs.ts';
import type { ProposalState } from '../shared/decision.ts';
import type { Workspace } from '../workspace/port.ts';
import type { AuditEntry } from './audit-rows.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import type { FileChange, Operation, Place } from './operation.ts';
import type { Proposal } from './proposal.ts';

interface Wanted extends Place, Pick<Operation, 'mode' | 'folder'> {
  readonly hash: string | null;
}

/**
 * What would lead from the files as they are to the approved effect, or back to what was before it:
 * a proposal like any other, to be looked at before anything is done. Empty if they are there.
 */
export async function settlingChanges(
  proposal: Proposal,
  ledger: Ledger,
  workspace: Workspace,
  way: 'finish' | 'rollBack',
): Promise<FileChange[]> {
  const wanted = new Map<string, Wanted>();
  for (const operation of proposal.operations) {
    const { realPath, displayPath, to, folder, baseSha256, newSha256, mode } = operation;
    const finishes = way === 'finish';
    const here = finishes && to !== null ? null : finishes ? newSha256 : baseSha256;
    wanted.set(realPath, { realPath, displayPath, hash: here, mode, folder });
    if (to === null) continue;
    wanted.set(to.realPath, { ...to, hash: finishes ? newSha256 : null, mode, folder: null });
  }
  const changes: FileChange[] = [];
  for (const { realPath, displayPath, hash, mode, folder } of wanted.values()) {
    const base = await workspace.read(realPath);
    if ((base === null ? null : sha256(base)) === hash) continue;
    const next = hash === null ? null : ledger.bytes(hash);
    changes.push({ realPath, displayPath, base, next, mode, folder });
  }
  // What comes into being before what goes: at every moment the bytes are somewhere.
  return changes.toSorted((a, b) => Number(a.next === null) - Number(b.next === null));
}

/**
 * What would finish or roll back an unclear effect is not done: how to go on is an open question
 * again, with what the disk says of all its files now.
 */
export async function askAgain(
  ledger: Ledger,
  workspace: Workspace,
  proposal: Proposal,
  { reason, by }: { readonly reason: string; readonly by: AuditEntry['by'] },
): Promise<boolean> {
  const { proposalId, settles, revision } = proposal;
  const whole = ledger.operations(proposalId, settles ?? revision);
  const { verdict, lines } = await gatherEvidence(whole, workspace);
  const unclear = verdict === 'partial' || verdict === 'unknown';
  const evidence = unclear ? [reason, ...lines].join('\n') : '';
  return ledger.finish(proposal, FOUND[verdict], evidence, by);
}

const FOUND: Record<Evidence['verdict'], ProposalState> = {
  done: 'applied',
  none: 'rolledBack',
  partial: 'partial',
  unknown: 'unknown',
};
