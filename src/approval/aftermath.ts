import { t } from '@vscode/l10n';
import { dirname } from 'node:path';
import { messageOf } from '../shared/lifecycle.ts';
import { gatePath } from '../workspace/path-gate.ts';
import type { Workspace } from '../workspace/port.ts';
import { gatherEvidence } from './evidence.ts';
import { pathsOf } from './operation.ts';
import { HaltedError, StaleError, rollBack } from './perform.ts';
import type { Proposal } from './proposal.ts';
import { restage } from './restage.ts';
import { type RunDeps, mayHaveRun } from './run-command.ts';
import { settleByEvidence } from './settle.ts';

export interface ExecutorDeps extends RunDeps {
  readonly policyVersion: number;
}

/** Nothing was changed, since something is not as it was: shows what fits now, or says why not. */
export async function refuse(
  deps: ExecutorDeps,
  proposal: Proposal,
  error: unknown,
): Promise<void> {
  const { ledger } = deps;
  const reason = messageOf(error);
  const isStale = error instanceof StaleError;
  if (isStale) await ledger.refused(proposal);
  if (proposal.settles !== null) await reconsider(deps, proposal, reason);
  else if (!isStale) await ledger.finish(proposal, 'failed', reason);
  else if (proposal.undoes !== null) {
    await ledger.finish(proposal, 'stale', t('{0}, so nothing was changed', reason));
  } else if (!(await restage(deps, proposal, 'apply')))
    await ledger.finish(proposal, 'stale', reason);
}

/** What is stored is not what was approved. */
export async function refuseOther(
  deps: ExecutorDeps,
  proposal: Proposal,
  reason: string,
): Promise<void> {
  const { ledger } = deps;
  await ledger.refused(proposal);
  if (proposal.settles === null) await ledger.finish(proposal, 'failed', reason);
  else await reconsider(deps, proposal, reason);
}

/** A failure half-way: puts back what was done; where that fails, the disk tells what to ask. */
export async function undoHalf(
  deps: ExecutorDeps,
  claimed: Proposal,
  halted: unknown,
): Promise<void> {
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
    await settleByEvidence(ledger, workspace, claimed, { reason, by: 'executor' });
  } else if (!isStale || claimed.undoes !== null) {
    await ledger.finish(claimed, isStale ? 'stale' : 'failed', reason);
  } else if (!(await restage(deps, claimed, 'apply')))
    await ledger.finish(claimed, 'stale', reason);
}

/** Approved, and nothing done: it asks again. */
export async function takeBack(
  deps: ExecutorDeps,
  proposal: Proposal,
  reason: string,
): Promise<void> {
  if (proposal.settles !== null) await reconsider(deps, proposal, reason);
  else if (proposal.undoes === null) await deps.ledger.reopen(proposal, reason);
  else await deps.ledger.finish(proposal, 'cancelled', reason, 'recovery');
}

/** What would settle an unclear effect is not done: why, and what is known now, is asked again. */
export function reconsider(
  { ledger, workspace }: ExecutorDeps,
  proposal: Proposal,
  reason = proposal.reason.split('\n')[0] ?? '',
): Promise<boolean> {
  return settleByEvidence(ledger, workspace, proposal, { reason, by: 'recovery' });
}

export const NOTHING_WRITTEN = (): string =>
  t('You had approved this, but the editor stopped before anything was written.');

/** An effect whose process ended: what the disk has tells how it ended, or what to ask. */
export async function settleCutOff(deps: ExecutorDeps, proposal: Proposal): Promise<void> {
  const { ledger, workspace } = deps;
  const { operations, command } = proposal;
  if (command !== null) return mayHaveRun(ledger, proposal, command);
  for (const { realPath } of pathsOf(operations)) {
    const leadsThere = await gatePath(workspace.folders(), realPath).then(
      (gated) => gated.realPath === realPath,
      () => false,
    );
    if (leadsThere) await workspace.sweep(realPath);
  }
  const { verdict, lines } = await gatherEvidence(operations, workspace);
  if (verdict === 'done') await removeFolders(proposal, workspace);
  if (proposal.settles !== null) await reconsider(deps, proposal);
  else if (verdict === 'done') await ledger.finish(proposal, 'applied', '', 'recovery');
  else if (verdict !== 'none') await askHow(deps, proposal, verdict, lines);
  else if (proposal.undoes === null) await ledger.reopen(proposal, NOTHING_WRITTEN());
  else await ledger.finish(proposal, 'failed', NOTHING_WRITTEN(), 'recovery');
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
    await ledger.finish(proposal, verdict, evidence, 'recovery');
    return;
  }
  await rollBack(proposal.operations, ledger, workspace).catch(() => undefined);
  const after = await gatherEvidence(proposal.operations, workspace);
  await ledger.finish(
    proposal,
    after.verdict === 'none' ? 'failed' : 'unknown',
    evidence,
    'recovery',
  );
}

/** A folder that was deleted or moved goes with its files, unless something else is in it by now. */
export async function removeFolders({ operations }: Proposal, workspace: Workspace): Promise<void> {
  const around = new Map<string, string>();
  for (const { realPath, folder } of operations) {
    if (folder !== null) around.set(dirname(realPath), dirname(folder));
  }
  const deepestFirst = [...around].toSorted(([a], [b]) => b.length - a.length);
  for (const [folder, root] of deepestFirst) {
    await workspace.removeEmptyFolders(folder, root).catch(() => undefined);
  }
}
