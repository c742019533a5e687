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
 * Ends what settles an unclear effect by what the disk says of all its files now: it is as approved,
 * or as it was; else how to go on is an open question again.
 */
export async function settleByEvidence(
  ledger: Ledger,
  workspace: Workspace,
  proposal: Proposal,
  { reason, note = '', by }: Because,
): Promise<boolean> {
  const { verdict, lines } = await gatherEvidence(ledger.wholeOf(proposal), workspace);
  const unclear = verdict === 'partial' || verdict === 'unknown';
  return ledger.finish(
    proposal,
    FOUND[verdict],
    unclear ? [reason, ...lines].join('\n') : note,
    by,
  );
}

export interface Because {
  /** Why it is unclear, if it is. */
  readonly reason: string;
  /** What else there is to say, if it is clear. */
  readonly note?: string;
  readonly by: AuditEntry['by'];
}

const FOUND: Record<Evidence['verdict'], ProposalState> = {
  done: 'applied',
  none: 'rolledBack',
  partial: 'partial',
  unknown: 'unknown',
};
