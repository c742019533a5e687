import * as vscode from 'vscode';
import type { ProposalState } from '../shared/decision.ts';
import type { ReviewView, ToolItem } from '../shared/thread-view.ts';
import type { Core } from '../threads/core.ts';
import type { Asked } from '../threads/threads.ts';
import type { InboxDeps } from './inbox.ts';

/**
 * Announces approvals outside the panel. Several that come together are one notification. An
 * extension cannot take a notification back, so that its buttons ask first whether the question is
 * still open.
 */
export function followNotifications({ threads }: Core, deps: InboxDeps): vscode.Disposable {
  const tell = (shown: Promise<void>): void => {
    shown.catch(deps.onError);
  };
  let batch: Asked[] = [];
  const announce = (asked: Asked): void => {
    batch.push(asked);
    if (batch.length > 1) return;
    setImmediate(() => {
      const together = batch;
      batch = [];
      const [only] = together;
      tell(
        together.length === 1 && only !== undefined
          ? announceOne(only, deps)
          : announceSeveral(together, deps),
      );
    });
  };
  const states = new Map<string, ToolItem['state']>();
  return vscode.Disposable.from(
    threads.onAsked(announce),
    threads.onEvent(({ event }) => {
      if (event.kind !== 'item' || event.item.kind !== 'tool') return;
      const { id, state, review } = event.item;
      const before = states.get(id);
      states.set(id, state);
      const again = state === 'proposed' && isOnItsWay(before) && review?.notice;
      if (again) tell(announceAgain(review, again.text, deps));
    }),
  );
}

async function announceOne(
  { threadId, threadTitle, item }: Asked,
  { reviews, chat }: InboxDeps,
): Promise<void> {
  const { review } = item;
  if (review === null) return;
  const { proposalId, effectHash } = review;
  const open = review.question === null ? vscode.l10n.t('Review') : vscode.l10n.t('Answer…');
  const approve = vscode.l10n.t('Approve');
  const reject = vscode.l10n.t('Reject…');
  const proposed = item.state === 'proposed' && review.question === null;
  const answers = !proposed ? [open] : isPlain(review) ? [open, approve, reject] : [open, reject];
  const message = messageOf(item, review, threadTitle);
  const answer = await vscode.window.showInformationMessage(message, ...answers);
  if (answer === open) {
    await chat.reveal(threadId, item.id);
    await reviews.open(proposalId);
  }
  if (answer === approve) await reviews.approve(proposalId, effectHash);
  if (answer === reject) await reviews.reject(proposalId);
}

function messageOf({ title, state }: ToolItem, review: ReviewView, threadTitle: string): string {
  if (review.question !== null) {
    return vscode.l10n.t('The agent asks, in “{0}”: {1}', threadTitle, review.question.text);
  }
  if (state !== 'proposed') {
    return vscode.l10n.t(
      '{0}: it is not clear what was done. Say how to go on, in “{1}”',
      title,
      threadTitle,
    );
  }
  if (review.command !== null) {
    return vscode.l10n.t(
      '{0}, in {1}, waits for your approval, in “{2}”',
      title,
      review.command.cwd,
      threadTitle,
    );
  }
  return vscode.l10n.t(
    '{0} (+{1} −{2}) waits for your approval, in “{3}”',
    title,
    review.added,
    review.removed,
    threadTitle,
  );
}

/** True for what can be approved by its title: small, of one file, and without anything special. */
function isPlain(review: ReviewView): boolean {
  const [file, ...others] = review.files;
  return (
    review.risk === 'low' &&
    review.hiddenCharacters === 0 &&
    review.warnings.length === 0 &&
    review.irrecoverable.length === 0 &&
    review.command === null &&
    review.notice === null &&
    review.approvable &&
    file !== undefined &&
    others.length === 0 &&
    file.isText &&
    file.moreRows === 0
  );
}

function isOnItsWay(state: ToolItem['state'] | undefined): boolean {
  const onTheWay: readonly ProposalState[] = ['approved', 'claimed'];
  return onTheWay.some((one) => one === state);
}

/** What was approved did not fit any more: nothing was done, and something else waits now. */
async function announceAgain(
  { proposalId, path, command }: ReviewView,
  why: string,
  { reviews }: InboxDeps,
): Promise<void> {
  const message =
    command === null
      ? vscode.l10n.t('{0}: nothing was changed. {1}', path, why)
      : vscode.l10n.t('Nothing was run. {0}', why);
  const open = vscode.l10n.t('Review');
  if ((await vscode.window.showWarningMessage(message, open)) === open) {
    await reviews.open(proposalId);
  }
}

async function announceSeveral(asked: readonly Asked[], { reviews }: InboxDeps): Promise<void> {
  const message = vscode.l10n.t('{0} approvals wait for you', asked.length);
  const open = vscode.l10n.t('Review');
  if ((await vscode.window.showInformationMessage(message, open)) === open) {
    await reviews.reviewPending();
  }
}
