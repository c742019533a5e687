import { t } from '@vscode/l10n';
import { dirname } from 'node:path';
import type { ProposalState } from '../shared/decision.ts';
import { failpoint } from '../shared/failpoint.ts';
import { messageOf } from '../shared/lifecycle.ts';
import { createQueue } from '../shared/queue.ts';
import { gatePath } from '../workspace/path-gate.ts';
import type { Workspace } from '../workspace/port.ts';
import { gatherEvidence } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import { pathsOf } from './operation.ts';
import {
  HaltedError,
  StaleError,
  keepPreimages,
  perform,
  preflight,
  rollBack,
  staleReason,
} from './perform.ts';
import { type Proposal, hashNow } from './proposal.ts';
import { restage } from './restage.ts';
import { askAgain } from './settle.ts';

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

export interface ExecutorDeps {
  readonly ledger: Ledger;
  readonly workspace: Workspace;
  readonly policyVersion: number;
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
  try {
    await preflight(proposal, workspace);
  } catch (error) {
    return refuse(deps, proposal, error);
  }
  failpoint('apply.beforeClaim');
  const claimed = ledger.claim(proposal.proposalId);
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
  ledger.keepBytes(claimed, 'final', finals);
  const names = claimed.operations
    .filter((_, index) => (finals[index] ?? null) !== null)
    .map(({ displayPath }) => displayPath);
  const note = t('Applied, then changed by a formatter on save: {0}', names.join(', '));
  const to = claimed.origin === 'rollBack' ? 'rolledBack' : 'applied';
  ledger.finish(claimed, to, names.length === 0 ? '' : note);
}

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

async function refuseOther(deps: ExecutorDeps, proposal: Proposal, reason: string): Promise<void> {
  const { ledger } = deps;
  ledger.refused(proposal);
  if (proposal.settles === null) ledger.finish(proposal, 'failed', reason);
  else await reconsider(deps, proposal, reason);
}

/** Nothing was changed, since something is not as it was: shows what fits now, or says why not. */
async function refuse(deps: ExecutorDeps, proposal: Proposal, error: unknown): Promise<void> {
  const { ledger } = deps;
  const reason = messageOf(error);
  const isStale = error instanceof StaleError;
  if (isStale) ledger.refused(proposal);
  if (proposal.settles !== null) await reconsider(deps, proposal, reason);
  else if (!isStale) ledger.finish(proposal, 'failed', reason);
  else if (proposal.undoes !== null) {
    ledger.finish(proposal, 'stale', t('{0}, so nothing was changed', reason));
  } else if (!(await restage(deps, proposal, 'apply'))) ledger.finish(proposal, 'stale', reason);
}

/** A failure half-way: puts back what was done; where that fails, the disk tells what to ask. */
async function undoHalf(deps: ExecutorDeps, claimed: Proposal, halted: unknown): Promise<void> {
  const { ledger, workspace } = deps;
  const { done, cause: error } =
    halted instanceof HaltedError ? halted : { done: 0, cause: halted };
  const reason = messageOf(error);
  const isStale = error instanceof StaleError;
  const all = ledger.operations(claimed.proposalId, claimed.revision);
  const operations = all.slice(0, isStale ? done : done + 1);
  try {
    await rollBack(operations, ledger, workspace);
  } catch {
    // What could not be put back shows in the evidence.
  }
  const { verdict } = await gatherEvidence(operations, workspace);
  if (claimed.settles !== null || verdict !== 'none') {
    await askAgain(ledger, workspace, claimed, { reason, by: 'executor' });
  } else if (!isStale || claimed.undoes !== null) {
    ledger.finish(claimed, isStale ? 'stale' : 'failed', reason);
  } else if (!(await restage(deps, claimed, 'apply'))) ledger.finish(claimed, 'stale', reason);
}

/** Approved, and nothing done: it asks again. */
async function takeBack(deps: ExecutorDeps, proposal: Proposal, reason: string): Promise<void> {
  if (proposal.settles !== null) await reconsider(deps, proposal, reason);
  else if (proposal.undoes === null) deps.ledger.reopen(proposal, reason);
  else deps.ledger.finish(proposal, 'cancelled', reason, 'recovery');
}

/** What would settle an unclear effect is not done: why, and what is known now, is asked again. */
function reconsider(
  { ledger, workspace }: ExecutorDeps,
  proposal: Proposal,
  reason = proposal.reason.split('\n')[0] ?? '',
): Promise<boolean> {
  return askAgain(ledger, workspace, proposal, { reason, by: 'recovery' });
}

const NOTHING_WRITTEN = (): string =>
  t('You had approved this, but the editor stopped before anything was written.');

async function settleCutOff(deps: ExecutorDeps, proposal: Proposal): Promise<void> {
  const { ledger, workspace } = deps;
  const { operations } = proposal;
  for (const { realPath } of pathsOf(operations)) {
    const leadsThere = await gatePath(workspace.folders(), realPath).then(
      (gated) => gated.realPath === realPath,
      () => false,
    );
    if (leadsThere) await workspace.sweep(realPath);
  }
  const { verdict, lines } = await gatherEvidence(operations, workspace);
  if (verdict === 'done') {
    const done: ProposalState = proposal.origin === 'rollBack' ? 'rolledBack' : 'applied';
    ledger.finish(proposal, done, '', 'recovery');
  } else if (proposal.settles !== null) await reconsider(deps, proposal);
  else if (verdict !== 'none') await askHow(deps, proposal, verdict, lines);
  else if (proposal.undoes === null) ledger.reopen(proposal, NOTHING_WRITTEN());
  else ledger.finish(proposal, 'failed', NOTHING_WRITTEN(), 'recovery');
}

/** Nobody waits for the answer to an undo: what it did by half is put back, or said. */
async function askHow(
  { ledger, workspace }: ExecutorDeps,
  proposal: Proposal,
  verdict: 'partial' | 'unknown',
  lines: readonly string[],
): Promise<void> {
  const evidence = [t('The editor stopped while this was applied.'), ...lines].join('\n');
  if (proposal.undoes === null) {
    ledger.finish(proposal, verdict, evidence, 'recovery');
    return;
  }
  await rollBack(proposal.operations, ledger, workspace).catch(() => undefined);
  const after = await gatherEvidence(proposal.operations, workspace);
  ledger.finish(proposal, after.verdict === 'none' ? 'failed' : 'unknown', evidence, 'recovery');
}

/** A folder that was deleted or moved goes with its files, unless something else is in it by now. */
async function removeFolders({ operations }: Proposal, workspace: Workspace): Promise<void> {
  const around = new Map<string, string>();
  for (const { realPath, folder } of operations) {
    if (folder !== null) around.set(dirname(realPath), dirname(folder));
  }
  const deepestFirst = [...around].toSorted(([a], [b]) => b.length - a.length);
  for (const [folder, root] of deepestFirst) {
    await workspace.removeEmptyFolders(folder, root).catch(() => undefined);
  }
}
