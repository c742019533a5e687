import type { KeptPlanComment, PlanRange } from '../shared/plan.ts';
import { type Change, changesBetween } from '../workspace/changes.ts';

/** The lines of a range, without the end of the last one. */
export function quoteOf(text: string, { start, end }: PlanRange): string {
  return text
    .split('\n')
    .slice(start - 1, end)
    .join('\n');
}

/** The range within the text, whatever it was before. */
export function rangeWithin(text: string, { start, end }: PlanRange): PlanRange {
  const most = text.split('\n').length;
  const first = Math.min(Math.max(start, 1), most);
  return { start: first, end: Math.min(Math.max(end, first), most) };
}

/**
 * Comments on a text, moved along with what they are about to where that is in another one. What
 * they quote is as it is now, unless nothing of it is left.
 */
export function moveComments(
  comments: readonly KeptPlanComment[],
  before: string,
  after: string,
): readonly KeptPlanComment[] {
  if (before === after || comments.length === 0) return comments;
  const changes = changesBetween(before.split('\n'), after.split('\n'));
  return comments.map((comment) => {
    const { start, end } = comment.range;
    const range = rangeWithin(after, {
      start: moved(changes, start - 1) + 1,
      end: moved(changes, end - 1) + 1,
    });
    const isGone = changes.some(
      ({ oldStart, removed, added }) =>
        added.length === 0 && oldStart < start && end <= oldStart + removed.length,
    );
    return { ...comment, range, quote: isGone ? comment.quote : quoteOf(after, range) };
  });
}

/** Where a line is by now, or one that is in its place; lines are counted from 0. */
function moved(changes: readonly Change[], line: number): number {
  let offset = 0;
  for (const { oldStart, removed, newStart, added } of changes) {
    if (line < oldStart) break;
    if (line < oldStart + removed.length) {
      return newStart + Math.min(line - oldStart, Math.max(added.length - 1, 0));
    }
    offset = newStart + added.length - oldStart - removed.length;
  }
  return line + offset;
}
