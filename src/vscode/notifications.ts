import * as vscode from 'vscode';
import type { Asked } from '../threads/threads.ts';
import type { ChatView } from './chat-view.ts';
import type { CoreHost } from './core-host.ts';
import { showError } from './errors.ts';
import type { Reviews } from './reviews.ts';

export interface NotificationDeps {
  readonly host: CoreHost;
  readonly chat: ChatView;
  readonly reviews: Reviews;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Announces approvals outside the panel. Several that come together are one notification. An
 * extension cannot take a notification back, so that its buttons ask first whether the question is
 * still open.
 */
export function registerNotifications(deps: NotificationDeps): vscode.Disposable {
  const subscriptions: { dispose(): unknown }[] = [];
  let batch: Asked[] = [];
  const announce = (asked: Asked): void => {
    batch.push(asked);
    if (batch.length > 1) return;
    setImmediate(() => {
      const together = batch;
      batch = [];
      const [only] = together;
      const shown =
        together.length === 1 && only !== undefined
          ? announceOne(only, deps)
          : announceSeveral(together, deps);
      shown.catch((error: unknown) => showError(error, deps.log));
    });
  };
  subscriptions.push(
    deps.host.onOpened(({ threads }) => {
      subscriptions.push(threads.onAsked(announce));
    }),
  );
  return new vscode.Disposable(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}

async function announceOne(
  { threadId, threadTitle, item }: Asked,
  { reviews, chat }: NotificationDeps,
): Promise<void> {
  const { review } = item;
  if (review === null) return;
  const message = vscode.l10n.t(
    '{0} (+{1} −{2}) waits for your approval, in “{3}”',
    item.title,
    review.added,
    review.removed,
    threadTitle,
  );
  const open = vscode.l10n.t('Review');
  const approve = vscode.l10n.t('Approve');
  const reject = vscode.l10n.t('Reject…');
  const harmless = review.risk === 'low' && review.hiddenCharacters === 0;
  const answers = harmless ? [open, approve, reject] : [open, reject];
  const answer = await vscode.window.showInformationMessage(message, ...answers);
  if (answer === open) {
    await chat.reveal(threadId, item.id);
    await reviews.openDiff(review.proposalId);
  }
  if (answer === approve) await reviews.approve(review.proposalId);
  if (answer === reject) await reviews.reject(review.proposalId);
}

async function announceSeveral(
  asked: readonly Asked[],
  { reviews }: NotificationDeps,
): Promise<void> {
  const message = vscode.l10n.t('{0} approvals wait for you', asked.length);
  const open = vscode.l10n.t('Review');
  if ((await vscode.window.showInformationMessage(message, open)) === open) {
    await reviews.reviewPending();
  }
}
