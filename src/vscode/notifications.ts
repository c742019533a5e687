import * as vscode from 'vscode';
import type { ReviewView, ThreadItem, ToolItem } from '../shared/thread-view.ts';
import {
  type AnnouncedAnswer,
  announcementOf,
  announcementOfMore,
  endWords,
  settledWords,
} from '../threads/announcement.ts';
import { type RunEnd, createAnnouncing, createRunEnds } from '../threads/announcing.ts';
import type { Core } from '../threads/core.ts';
import { titleOfThread } from '../threads/reviewed.ts';
import type { Asked } from '../threads/threads.ts';
import { plainLine } from '../workspace/plain-line.ts';
import type { Channels } from './channels.ts';
import type { InboxDeps } from './inbox.ts';

/** The most of a sentence about a proposal that is shown anew, in characters. */
const WHY = 500;

export interface NotificationDeps extends InboxDeps {
  readonly channels: Channels;
  /** The interrupts that were told of. */
  readonly told: Set<string>;
}

/** Tells outside the panel what waits for an answer, each once, and how runs have ended. */
export function followNotifications(core: Core, deps: NotificationDeps): vscode.Disposable {
  const { threads } = core;
  const { channels, onError } = deps;
  const tell = (shown: Promise<void>): void => {
    shown.catch(onError);
  };
  const announcing = createAnnouncing({
    told: deps.told,
    now: (asked) => nowOf(core, asked),
    tell: (together) => {
      tell(announce(core, together, deps));
    },
  });
  const endOf = createRunEnds();
  const shownAnew = createShownAnew();
  const subscriptions = vscode.Disposable.from(
    threads.onAsked((asked) => {
      announcing.add(asked);
    }),
    threads.onEvent(({ threadId, event }) => {
      const end = endOf(threadId, event);
      if (end !== null && channels.tellsEnds()) tell(tellEnd(core, end, deps));
      const review = event.kind === 'item' ? shownAnew(event.item) : null;
      if (review !== null) tell(announceAgain(review, deps));
    }),
  );
  // Subscribed by now: what waits already, and what begins to wait while it is read, is told once.
  tell(announcing.addAll(threads.pending()));
  return subscriptions;
}

/** The approval as it stands; null if it was answered, here or anywhere. */
function nowOf(core: Core, asked: Asked): Asked | null {
  const before = asked.item.review;
  const now = before === null ? null : core.review(before.proposalId);
  if (now === null || now.review.interruptId !== before?.interruptId) return null;
  return { ...asked, item: { ...asked.item, ...now } };
}

async function announce(
  core: Core,
  together: readonly Asked[],
  deps: NotificationDeps,
): Promise<void> {
  const { channels, reviews } = deps;
  channels.call(announcementOf(together).text);
  const told = together.filter((asked) => channels.isTold(isInView(asked, deps)));
  const [only, ...others] = told;
  if (only === undefined) return;
  const crowded = channels.approvals.isCrowded();
  const { text, answers } = crowded ? announcementOfMore() : announcementOf(told);
  const labels = labelsOf();
  const label = await channels.approvals.show(text, ...answers.map((answer) => labels[answer]));
  const answer = answers.find((one) => labels[one] === label);
  if (answer === undefined) return;
  if (crowded || others.length > 0) await reviews.reviewPending();
  else await answerOne(core, only, answer, deps);
}

/** Where the user can answer it at once, there is nothing to announce. */
function isInView({ threadId, item }: Asked, { chat, tabs }: NotificationDeps): boolean {
  return chat.shows(threadId) || tabs.active()?.proposalId === item.review?.proposalId;
}

function labelsOf(): Record<AnnouncedAnswer, string> {
  return {
    review: vscode.l10n.t('Review'),
    answer: vscode.l10n.t('Answer…'),
    approve: vscode.l10n.t('Approve'),
    reject: vscode.l10n.t('Reject…'),
  };
}

async function answerOne(
  core: Core,
  asked: Asked,
  answer: AnnouncedAnswer,
  { chat, reviews, channels }: NotificationDeps,
): Promise<void> {
  const { threadId, item } = asked;
  const { review } = item;
  if (review === null) return;
  const { proposalId, effectHash } = review;
  if (nowOf(core, asked) === null) {
    // Answered while the message was there.
    const state = core.proposal(proposalId)?.state ?? null;
    await channels.approvals.show(settledWords(item.title, state));
  } else if (answer === 'approve') await reviews.approve(proposalId, effectHash);
  else if (answer === 'reject') await reviews.reject(proposalId);
  else {
    await chat.reveal(threadId, item.id);
    await reviews.open(proposalId);
  }
}

/** What was approved did not fit any more: nothing was done, and something else waits now. */
async function announceAgain(
  { proposalId, path, command, notice }: ReviewView,
  { channels, reviews }: NotificationDeps,
): Promise<void> {
  const why = plainLine(notice?.text ?? '', WHY);
  const text =
    command === null
      ? vscode.l10n.t('{0}: nothing was changed. {1}', plainLine(path), why)
      : vscode.l10n.t('Nothing was run. {0}', why);
  const open = vscode.l10n.t('Review');
  if ((await channels.approvals.warn(text, open)) === open) await reviews.open(proposalId);
}

/** What waits again after it was on its way. */
function createShownAnew(): (item: ThreadItem) => ReviewView | null {
  const states = new Map<string, ToolItem['state']>();
  return (item) => {
    if (item.kind !== 'tool') return null;
    const before = states.get(item.id);
    states.set(item.id, item.state);
    const wasOnItsWay = before === 'approved' || before === 'claimed';
    const again = item.state === 'proposed' && wasOnItsWay && Boolean(item.review?.notice);
    return again ? item.review : null;
  };
}

/** Said only to who does not look: else the thread says it. */
async function tellEnd(
  core: Core,
  { threadId, failure }: RunEnd,
  { channels, chat }: NotificationDeps,
): Promise<void> {
  const text = endWords(titleOfThread(core, threadId), failure);
  channels.call(text);
  if (!channels.isTold(false)) return;
  const { ends } = channels;
  const crowded = ends.isCrowded();
  const show = vscode.l10n.t('Show');
  const shown =
    crowded || failure === null
      ? ends.show(crowded ? vscode.l10n.t('More runs have ended') : text, show)
      : ends.warn(text, show);
  if ((await shown) !== show) return;
  if (!crowded) await chat.showThread(threadId);
  await chat.focus();
}
