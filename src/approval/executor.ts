import { t } from '@vscode/l10n';
import { sha256 } from '../checkpoint/blobs.ts';
import type { ProposalState } from '../shared/decision.ts';
import { ToolError } from '../shared/errors.ts';
import { messageOf } from '../shared/lifecycle.ts';
import { createQueue } from '../shared/queue.ts';
import { gatePath } from '../workspace/path-gate.ts';
import type { Workspace } from '../workspace/port.ts';
import type { Ledger } from './ledger.ts';
import type { Proposal } from './proposal.ts';

/** Performs approved proposals, each at most once, and settles those that a crash cut off. */
export interface Executor {
  /**
   * Answers the proposal as it stands afterwards. Does nothing unless it is approved and not yet
   * taken. Must not throw for anything that the world can do: it runs after an interrupt returned.
   */
  apply(proposalId: string): Promise<Proposal>;
  /**
   * Settles what an earlier process left behind on a thread. A claimed proposal is judged by the
   * bytes on disk; an approved one that nobody took asks again, since it may have waited long.
   */
  recover(threadId: string): Promise<void>;
}

/** The world is not as it was when the user looked. Nothing was changed. */
class StaleError extends Error {}

export interface ExecutorDeps {
  readonly ledger: Ledger;
  readonly workspace: Workspace;
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
  const finish = (proposal: Proposal, to: ProposalState, reason: string): void => {
    ledger.finish(proposal.proposalId, 'claimed', to, reason);
  };

  return {
    apply: (proposalId) => effects.run(() => apply(proposalId)),
    async recover(threadId) {
      for (const proposal of ledger.ofThread(threadId)) {
        if (proposal.state === 'approved') takeBack(proposal);
        if (proposal.state === 'claimed') await settleCutOff(proposal);
      }
    },
  };

  async function apply(proposalId: string): Promise<Proposal> {
    const taken = ledger.claim(proposalId);
    const proposal = standing(proposalId);
    if (!taken) {
      // Effects queue up, so nobody is at it: an earlier attempt could not record how it ended.
      if (proposal.state === 'claimed') await settleCutOff(proposal);
      return standing(proposalId);
    }
    try {
      await perform(proposal, ledger, workspace);
      finish(proposal, 'applied', '');
    } catch (error) {
      if (error instanceof StaleError) finish(proposal, 'stale', error.message);
      else await settle(proposal, messageOf(error));
    }
    return standing(proposalId);
  }

  function takeBack({ proposalId, undoes }: Proposal): void {
    if (undoes === null) ledger.reopen(proposalId);
    else ledger.finish(proposalId, 'approved', 'cancelled', '');
  }

  async function settleCutOff(proposal: Proposal): Promise<void> {
    const leadsThere = await gatePath(workspace.folders(), proposal.realPath).then(
      ({ realPath }) => realPath === proposal.realPath,
      () => false,
    );
    if (leadsThere) await workspace.sweep(proposal.realPath);
    await settle(proposal, t('the editor stopped before anything was written'));
  }

  /** After a failure the disk tells what happened: all, nothing, or something else. */
  async function settle(proposal: Proposal, reason: string): Promise<void> {
    const now = await hashOnDisk(workspace, proposal.realPath).catch(() => undefined);
    if (now === proposal.newSha256) finish(proposal, 'applied', '');
    else if (now === proposal.baseSha256) finish(proposal, 'failed', reason);
    else finish(proposal, 'unknown', reason);
  }
}

async function perform(proposal: Proposal, ledger: Ledger, workspace: Workspace): Promise<void> {
  const { realPath, newSha256 } = proposal;
  const bytes = newSha256 === null ? null : ledger.bytes(newSha256);
  const check = (): Promise<void> => checkUnchanged(proposal, workspace);
  await check();
  if (bytes === null) await workspace.remove(realPath, check);
  else await workspace.replace(realPath, bytes, check);
  const written = await hashOnDisk(workspace, proposal.realPath);
  if (written !== proposal.newSha256) {
    throw new Error(
      t('{0} does not have the approved bytes after the write', proposal.displayPath),
    );
  }
}

/** The path still leads to the same file, and disk and editor still have the base bytes. */
async function checkUnchanged(proposal: Proposal, workspace: Workspace): Promise<void> {
  const { displayPath, realPath } = proposal;
  const gated = await gatePath(workspace.folders(), realPath).catch((error: unknown) => {
    throw new StaleError(error instanceof ToolError ? error.message : messageOf(error));
  });
  if (gated.realPath !== realPath) {
    throw new StaleError(t('{0} leads somewhere else now', displayPath));
  }
  if (workspace.hasUnsavedChanges(realPath)) {
    throw new StaleError(t('{0} has unsaved changes in the editor', displayPath));
  }
  const now = await hashOnDisk(workspace, realPath).catch((error: unknown) => {
    throw new StaleError(messageOf(error));
  });
  if (now !== proposal.baseSha256) {
    throw new StaleError(
      proposal.undoes === null
        ? t('{0} changed after the proposal was made', displayPath)
        : t('{0} changed since, so nothing was undone', displayPath),
    );
  }
}

async function hashOnDisk(workspace: Workspace, realPath: string): Promise<string | null> {
  const bytes = await workspace.read(realPath);
  return bytes === null ? null : sha256(bytes);
}
