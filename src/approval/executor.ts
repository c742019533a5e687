import { t } from '@vscode/l10n';
import { failpoint } from '../shared/failpoint.ts';
import { messageOf } from '../shared/lifecycle.ts';
import { createQueue } from '../shared/queue.ts';
import {
  type ExecutorDeps,
  NOTHING_WRITTEN,
  reconsider,
  refuse,
  refuseOther,
  removeFolders,
  settleCutOff,
  takeBack,
  undoHalf,
} from './aftermath.ts';
import type { Ledger } from './ledger.ts';
import { keepPreimages, perform, preflight, staleReason } from './perform.ts';
import { type Proposal, hashNow } from './proposal.ts';
import { restage } from './restage.ts';
import { hasExpired, runApproved, showAnew } from './run-command.ts';
import { settleByEvidence } from './settle.ts';

/** Performs approved proposals, each at most once, and settles those that a crash cut off. */
export interface Executor {
  /**
   * Answers the proposal as it stands afterwards: ended, or open again because something else has
   * to be shown first. Does nothing unless it is approved and not yet taken. Must not throw for
   * anything that the world can do: it runs after an interrupt returned.
   */
  apply(proposalId: string): Promise<Proposal>;
  /**
   * Settles what an earlier process left behind on a thread. A claimed proposal is judged by the
   * bytes on disk; an approved one that nobody took asks again, since it may have waited long.
   */
  recover(threadId: string): Promise<void>;
  /** Waits for an effect under way; answers the proposal as it stands then. Starts none. */
  settle(proposalId: string): Promise<Proposal>;
  /**
   * Looks whether a proposal that waits still fits the files, and if not, shows what does: the same
   * change on top of theirs. True if anything about it changed.
   */
  revalidate(proposalId: string): Promise<boolean>;
}

export function createExecutor(deps: ExecutorDeps): Executor {
  const { ledger, workspace } = deps;
  // Two effects on one file, each checked before either is done, would lose one of them.
  const effects = createQueue();
  const standing = (proposalId: string): Proposal => {
    const proposal = ledger.find(proposalId);
    if (proposal === null) throw new Error(`No proposal ${proposalId}`);
    return proposal;
  };
  const lookAnew = async (proposal: Proposal): Promise<void> => {
    if (proposal.state !== 'proposed' || proposal.command === null) return;
    const interrupted = proposal.origin === 'interrupted';
    await showAnew(deps, proposal, interrupted ? 'interrupted' : 'expired');
  };
  return {
    apply: (proposalId) =>
      effects.run(async () => {
        const proposal = standing(proposalId);
        // Effects queue up, so nobody is at it: an earlier attempt could not record how it ended.
        if (proposal.state === 'claimed') await settleCutOff(deps, proposal);
        if (proposal.state === 'approved') await applyApproved(deps, proposal);
        return standing(proposalId);
      }),
    recover: (threadId) =>
      effects.run(async () => {
        for (const proposal of ledger.ofThread(threadId)) {
          // Nobody is there any more who would approve an undo.
          const isLeft = proposal.state === 'proposed' && proposal.undoes !== null;
          if (isLeft || proposal.state === 'approved') {
            await takeBack(deps, proposal, NOTHING_WRITTEN());
          }
          // Approved or not, it was for the editor as it ran then.
          await lookAnew(standing(proposal.proposalId));
          if (proposal.state === 'claimed') await settleCutOff(deps, proposal);
        }
      }),
    settle: (proposalId) =>
      effects.run(async () => {
        const proposal = standing(proposalId);
        if (proposal.state === 'claimed') await settleCutOff(deps, proposal);
        return standing(proposalId);
      }),
    revalidate: (proposalId) =>
      effects.run(async () => {
        const proposal = ledger.find(proposalId);
        if (proposal?.state !== 'proposed') return false;
        if (hasExpired(deps, proposal)) return showAnew(deps, proposal, 'expired');
        if (proposal.settles === null) return restage(deps, proposal, 'look');
        return (await staleReason(proposal, workspace)) !== null && reconsider(deps, proposal);
      }),
  };
}

async function applyApproved(deps: ExecutorDeps, proposal: Proposal): Promise<void> {
  const { ledger, workspace } = deps;
  if (!isAsApproved(proposal)) return refuseOther(deps, proposal, NOT_AS_APPROVED());
  const damage = damageOf(proposal, ledger);
  if (damage !== null) return refuseOther(deps, proposal, damage);
  const { policyVersion, trusted } = proposal.shown.binding;
  if (policyVersion !== deps.policyVersion) {
    return takeBack(deps, proposal, t('The rules changed after you approved this. Look again.'));
  }
  if (!trusted && workspace.trusted()) {
    return takeBack(deps, proposal, t('The workspace was not trusted then. Look again.'));
  }
  const { command } = proposal;
  if (command !== null) return runApproved(deps, proposal, command);
  try {
    await preflight(proposal, workspace);
  } catch (error) {
    return refuse(deps, proposal, error);
  }
  failpoint('apply.beforeClaim');
  const claimed = await ledger.claim(proposal.proposalId);
  if (claimed === null) return;
  if (!isAsApproved(claimed)) return refuseOther(deps, claimed, NOT_AS_APPROVED());
  failpoint('apply.claimed');
  try {
    await keepPreimages(claimed, ledger, workspace);
  } catch (error) {
    return refuse(deps, claimed, error);
  }
  let finals: Awaited<ReturnType<typeof perform>>;
  try {
    finals = await perform(claimed, ledger, workspace);
  } catch (error) {
    return undoHalf(deps, claimed, error);
  }
  // It has happened. What cannot be recorded now is found on the disk the next time.
  await removeFolders(claimed, workspace);
  failpoint('apply.afterEffect');
  await ledger.keepBytes(claimed, 'final', finals);
  const names = claimed.operations
    .filter((_, index) => (finals[index] ?? null) !== null)
    .map(({ displayPath }) => displayPath);
  const formatted = t('Applied, then changed by a formatter on save: {0}', names.join(', '));
  const note = names.length === 0 ? '' : formatted;
  if (claimed.settles === null) await ledger.finish(claimed, 'applied', note);
  else
    await settleByEvidence(ledger, workspace, claimed, {
      reason: OTHERS_CHANGED(),
      note,
      by: 'executor',
    });
}

const OTHERS_CHANGED = (): string => t('It was done, but others of its files changed since.');

type ApprovedProposal = Proposal & { readonly shown: NonNullable<Proposal['shown']> };

/** What is stored is what was approved, to the last field of it. */
function isAsApproved(proposal: Proposal): proposal is ApprovedProposal {
  return proposal.approvedHash !== null && hashNow(proposal) === proposal.approvedHash;
}

const NOT_AS_APPROVED = (): string => t('what is stored is not what was approved');

/** What is wrong with the stored bytes of an effect; null if nothing is. */
function damageOf({ operations }: Proposal, ledger: Ledger): string | null {
  try {
    for (const { baseSha256, newSha256 } of operations) {
      for (const hash of [baseSha256, newSha256]) if (hash !== null) ledger.bytes(hash);
    }
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
