import { t } from '@vscode/l10n';
import type { ProposalState } from '../shared/decision.ts';
import type { ReviewView, ToolItem } from '../shared/thread-view.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { isPlain } from './inbox.ts';
import type { Asked } from './threads.ts';

export type AnnouncedAnswer = 'review' | 'answer' | 'approve' | 'reject';

/** What waits, as it is said outside the panel, and what can be done about it right there. */
export interface Announcement {
  readonly text: string;
  readonly answers: readonly AnnouncedAnswer[];
}

/** The most of a question, and of the name of one among several, in characters. */
const QUESTION = 300;
const ONE_OF_SEVERAL = 50;
/** How many of several are named. */
const NAMED = 3;
const THREAD = 60;

export function announcementOf(asked: readonly Asked[]): Announcement {
  const [only, ...others] = asked;
  return only === undefined || others.length > 0 ? ofSeveral(asked) : ofOne(only);
}

/** For when there are many already: always the same words, which the editor shows once only. */
export function announcementOfMore(): Announcement {
  return { text: t('More approvals wait for you'), answers: ['review'] };
}

function ofOne({ threadTitle, item }: Asked): Announcement {
  const { review } = item;
  if (review === null) return { text: plainLine(item.title), answers: [] };
  return {
    text: wordsOf(item, review, plainLine(threadTitle, THREAD)),
    answers: answersTo(item, review),
  };
}

function answersTo({ state }: ToolItem, review: ReviewView): readonly AnnouncedAnswer[] {
  if (review.question !== null) return ['answer'];
  if (state !== 'proposed') return ['review'];
  return isPlain(review) ? ['review', 'approve', 'reject'] : ['review', 'reject'];
}

function wordsOf({ title, state }: ToolItem, review: ReviewView, thread: string): string {
  const name = plainLine(title);
  if (review.question !== null) {
    const question = plainLine(review.question.text, QUESTION);
    return t('The agent asks, in “{0}”: {1}', thread, question);
  }
  if (state !== 'proposed') {
    return t('{0}: it is not clear what was done. Say how to go on, in “{1}”', name, thread);
  }
  if (review.command !== null) {
    const folder = plainLine(review.command.cwd);
    return t('{0}, in {1}, waits for your approval, in “{2}”', name, folder, thread);
  }
  const { added, removed } = review;
  return t('{0} (+{1} −{2}) waits for your approval, in “{3}”', name, added, removed, thread);
}

function ofSeveral(asked: readonly Asked[]): Announcement {
  const names = asked.slice(0, NAMED).map(({ item }) => plainLine(item.title, ONE_OF_SEVERAL));
  const left = asked.length - names.length;
  const named = [...names, ...(left > 0 ? [t('{0} more', left)] : [])].join(' · ');
  const threads = new Set(asked.map(({ threadId }) => threadId));
  const thread = plainLine(asked[0]?.threadTitle ?? '', THREAD);
  const text =
    threads.size === 1
      ? t('{0} approvals wait for you, in “{1}”: {2}', asked.length, thread, named)
      : t('{0} approvals wait for you: {1}', asked.length, named);
  return { text, answers: ['review'] };
}

/** Said of what is answered already, to whoever answers it again. */
export function settledWords(title: string, state: ProposalState | null): string {
  const name = plainLine(title);
  switch (state) {
    case 'approved':
    case 'claimed':
    case 'applied':
      return t('{0}: already approved. There is nothing left to decide.', name);
    case 'rejected':
      return t('{0}: already rejected. There is nothing left to decide.', name);
    case 'answered':
      return t('{0}: already answered. There is nothing left to decide.', name);
    case 'doneByHand':
      return t('{0}: you have done it yourself. There is nothing left to decide.', name);
    case 'cancelled':
      return t('{0}: it was withdrawn. There is nothing left to decide.', name);
    default:
      return t('{0}: it does not wait any more.', name);
  }
}

/** A run that has ended: `failure` says why, where it did not end well. */
export function endWords(threadTitle: string, failure: string | null): string {
  const thread = plainLine(threadTitle, THREAD);
  return failure === null
    ? t('Done: {0}', thread)
    : t('Stopped: {0}. {1}', thread, plainLine(failure, QUESTION));
}
