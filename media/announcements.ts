import { t } from '@vscode/l10n';
import type { ThreadView, ToolItem } from '../src/shared/thread-view.ts';
import type { ItemChange } from './panel.ts';
import { lineCount, stateSign } from './words.ts';

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
      return before?.kind === 'tool' && before.state === after.state ? null : ofTool(after);
  }
}

export function announcementOfThread(view: ThreadView | null): string | null {
  const waiting = view?.items.filter((item) => item.kind === 'tool' && item.state === 'proposed');
  const [first] = waiting ?? [];
  if (waiting === undefined || first?.kind !== 'tool') return null;
  return waiting.length === 1 ? ofTool(first) : t('{0} approvals are waiting.', waiting.length);
}

function ofTool(item: ToolItem): string | null {
  const { review, state, title } = item;
  if (review === null) return null;
  if (state !== 'proposed') return `${title}: ${stateSign(state).words}`;
  const risk = review.risk === 'high' ? t('High risk.') : t('Low risk.');
  const size = lineCount(review.added, review.removed);
  return `${t('Approval needed: {0}.', title)} ${size}. ${risk}`;
}
