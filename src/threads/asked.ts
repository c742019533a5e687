import type { ThreadView } from '../shared/thread-view.ts';
import type { Asked } from './threads.ts';

/** What waits in a thread for a decision in this window, oldest first. */
export function waitingIn({ threadId, title, items, elsewhere }: ThreadView): Asked[] {
  if (elsewhere) return [];
  return items
    .filter((item) => item.kind === 'tool')
    .filter(({ review }) => review !== null && review.interruptId !== null)
    .map((item) => ({ threadId, threadTitle: title, item }));
}
