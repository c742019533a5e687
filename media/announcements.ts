import { t } from '@vscode/l10n';
import type { ThreadItem, ThreadView, ToolItem } from '../src/shared/thread-view.ts';
import { awaitsAnswer, lineCount, stateSign } from './words.ts';

const SPOKEN_CHARACTERS = 1000;

interface ItemChange {
  readonly before: ThreadItem | undefined;
  readonly after: ThreadItem;
}

/** What a screen reader says of a change: finished answers, approvals and what became of them. */
function ofItem({ before, after }: ItemChange): string | null {
  switch (after.kind) {
    case 'user':
      return null;
    case 'answer': {
      const wasStreaming = before?.kind !== 'answer' || before.streaming;
      return wasStreaming && !after.streaming ? after.text.slice(0, SPOKEN_CHARACTERS) : null;
    }
    case 'refusal':
      return before === undefined ? after.text : null;
    case 'tool':
      if (before?.kind !== 'tool' || before.state !== after.state) return ofState(before, after);
      return awaitsAnswer(after) && before.review?.effectHash !== after.review?.effectHash
        ? t('Changed: {0}. Look again.', after.title)
        : null;
  }
}

/**
 * What is said when a thread is drawn: of another one, what waits in it; of the same one, what is
 * new in it, so that nothing is said twice.
 */
export function announcementsOf(before: ThreadView | null, after: ThreadView | null): string[] {
  if (after === null) return [];
  if (before?.threadId !== after.threadId) return said([ofWaiting(after)]);
  const known = new Map(before.items.map((item) => [item.id, item]));
  const changed = after.items.filter((item) => known.get(item.id) !== item);
  return said([
    ...changed.map((item) => ofItem({ before: known.get(item.id), after: item })),
    ofRun(before, after),
  ]);
}

function said(words: readonly (string | null)[]): string[] {
  return words.filter((one) => one !== null);
}

/** How a run ended. What it waits for is said of the item that waits. */
function ofRun(before: ThreadView, { status, failure, elsewhere, at }: ThreadView): string | null {
  if (failure !== null && failure.message !== before.failure?.message) {
    return t('The run has failed: {0}', failure.message);
  }
  if (status === before.status || elsewhere || failure !== null) return null;
  if (status === 'unfinished') return t('The run was cut off.');
  if (status === 'paused') return t('The run is paused before {0}.', at.join(', '));
  return status === 'idle' && before.status === 'running' ? t('The run has ended.') : null;
}

function ofWaiting(view: ThreadView): string | null {
  const waiting = view.items.filter((item) => item.kind === 'tool' && awaitsAnswer(item));
  const [first] = waiting;
  if (first?.kind !== 'tool') return null;
  return waiting.length === 1 ? ofTool(first) : t('{0} decisions are waiting.', waiting.length);
}

/** Steps on the way to an end are not worth a word, but that a command runs now is. */
function ofState(before: ThreadItem | undefined, after: ToolItem): string | null {
  const onItsWay = after.state === 'approved' || after.state === 'claimed';
  if (!onItsWay) return ofTool(after);
  const runs = before?.kind === 'tool' && before.state !== 'approved' && after.review?.command;
  return runs ? ofTool(after) : null;
}

function ofTool(item: ToolItem): string | null {
  const { review, state, title } = item;
  if (review === null) return null;
  if (state !== 'proposed') {
    const outcome = t('{0}: {1}', title, stateSign(state, item.toolKind).words);
    const question = review.command === null ? t('Did this happen?') : t('Did this run?');
    return awaitsAnswer(item) ? `${outcome}. ${question}` : outcome;
  }
  if (review.question !== null) return t('The agent asks: {0}', review.question.text);
  const risk = review.risk === 'high' ? t('High risk.') : t('Low risk.');
  const size = review.command === null ? `${lineCount(review.added, review.removed)}. ` : '';
  return `${t('Approval needed: {0}.', title)} ${size}${risk}`;
}
