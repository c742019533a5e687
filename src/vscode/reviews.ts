import * as vscode from 'vscode';
import type { Decision } from '../shared/decision.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { CoreHost } from './core-host.ts';
import { proposalUri } from './proposal-documents.ts';

/** Looking at proposals in the editor, and answering them there. */
export interface Reviews {
  openDiff(proposalId: string): Promise<void>;
  approve(proposalId: string): Promise<void>;
  /** Asks for the reason; does nothing if the question is dismissed. */
  reject(proposalId: string): Promise<void>;
  /** Lets the user choose among several approvals; the only one is opened at once. */
  reviewPending(): Promise<void>;
}

export function createReviews(host: CoreHost): Reviews {
  const openDiff = (proposalId: string): Promise<void> => showDiff(host, proposalId);
  return {
    openDiff,
    approve: (proposalId) => decide(host, proposalId, { kind: 'approve' }),
    async reject(proposalId) {
      const reason = await askReason();
      if (reason !== undefined) await decide(host, proposalId, { kind: 'reject', reason });
    },
    async reviewPending() {
      const pending = await (await host.open()).threads.pending();
      const choices = pending.flatMap(({ threadTitle, item: { title, review } }) =>
        review === null ? [] : [{ label: title, description: threadTitle, id: review.proposalId }],
      );
      const [first] = choices;
      if (first === undefined) {
        void vscode.window.showInformationMessage(vscode.l10n.t('No approval is waiting.'));
        return;
      }
      const title = vscode.l10n.t('Approvals that wait');
      const chosen =
        choices.length === 1 ? first : await vscode.window.showQuickPick(choices, { title });
      if (chosen !== undefined) await openDiff(chosen.id);
    },
  };
}

async function showDiff(host: CoreHost, proposalId: string): Promise<void> {
  const proposal = (await host.open()).proposal(proposalId);
  if (proposal === null) {
    const message = vscode.l10n.t('This proposal does not exist any more.');
    throw new UserFacingError('notFound', message);
  }
  const { displayPath, realPath, baseSha256, state } = proposal;
  // A settled proposal is history: what it was against is no longer in the file.
  const live = baseSha256 !== null && state === 'proposed';
  const left = live ? vscode.Uri.file(realPath) : proposalUri(proposalId, 'base', displayPath);
  const right = proposalUri(proposalId, 'new', displayPath);
  const title = vscode.l10n.t('{0} (proposed)', displayPath);
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
}

async function decide(host: CoreHost, proposalId: string, decision: Decision): Promise<void> {
  const core = await host.open();
  const proposal = core.proposal(proposalId);
  const interruptId = proposal?.interruptId ?? null;
  if (proposal === null || interruptId === null) {
    const message = vscode.l10n.t('This approval does not wait any more.');
    throw new UserFacingError('notFound', message);
  }
  const outcome = await core.threads.decide(proposal.threadId, interruptId, decision);
  if (outcome.kind === 'tooLate') {
    const message = vscode.l10n.t('{0} was already answered.', proposal.displayPath);
    void vscode.window.showInformationMessage(message);
  }
}

function askReason(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Reject the proposal'),
    prompt: vscode.l10n.t('Why? The agent reads the reason. Enter rejects, Escape cancels.'),
    placeHolder: vscode.l10n.t('Reason (may be empty)'),
    ignoreFocusOut: true,
  });
}
