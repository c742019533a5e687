import { t } from '@vscode/l10n';
import type { ThreadView, ToolItem } from '../src/shared/thread-view.ts';
import type { ItemChange } from './panel.ts';
import { awaitsAnswer, lineCount, stateSign } from './words.ts';

const SPOKEN_CHARACTERS = 1000;

/** What a screen reader says of a change: finished answers, approvals and what became of them. */
export function announcementOf({ before, after }: ItemChange): string | null {
  switch (after.kind) {
    case 'user':
      return null;
    case 'answer': {
      const wasStreaming = before?.kind !== 'answer' || before.streaming;
      return wasStreaming && !after.streaming ? after.text.slice(0, SPOKEN_CHARACTERS) : null;
    }
    case 'tool':
      if (before?.kind !== 'tool' || before.state !== after.state) return ofTool(after);
      return awaitsAnswer(after) && before.review?.effectHash !== after.review?.effectHash
        ? t('Changed: {0}. Look again.', after.title)
        : null;
  }
}

export function announcementOfThread(view: ThreadView | null): string | null {
  const waiting = view?.items.filter((item) => item.kind === 'tool' && awaitsAnswer(item));
  const [first] = waiting ?? [];
  if (waiting === undefined || first?.kind !== 'tool') return null;
  return waiting.length === 1 ? ofTool(first) : t('{0} decisions are waiting.', waiting.length);
}

function ofTool(item: ToolItem): string | null {
  const { review, state, title } = item;
  if (review === null) return null;
  if (state !== 'proposed') {
    const outcome = `${title}: ${stateSign(state, item.toolKind).words}`;
    const question = review.command === null ? t('Did this happen?') : t('Did this run?');
    return awaitsAnswer(item) ? `${outcome}. ${question}` : outcome;
  }
  if (review.question !== null) return t('The agent asks: {0}', review.question.text);
  const risk = review.risk === 'high' ? t('High risk.') : t('Low risk.');
  const size = lineCount(review.added, review.removed);
  return `${t('Approval needed: {0}.', title)} ${size}. ${risk}`;
}
