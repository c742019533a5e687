import { type Change, changesBetween, endOf, linesOf } from './changes.ts';
import { type Texts, exactly } from './exact-changes.ts';

/** Lines counted from 0; `end` is the first one after. */
export interface Lines {
  readonly start: number;
  readonly end: number;
}

/** A change of one text into another, and what a third text has of it. */
export interface FoundChange {
  readonly change: Change;
  /** `in`: exactly as proposed. `out`: exactly as before. `edited`: neither. */
  readonly found: 'in' | 'out' | 'edited';
  /**
   * Where it is in the third text, with what was typed into it. Where that goes over several changes,
   * they have one place.
   */
  readonly at: Lines;
  /** The lines of the old text that stood there. */
  readonly old: Lines;
  /** What would be there without it. */
  readonly without: readonly string[];
}

export interface Found {
  readonly changes: readonly FoundChange[];
  /** What is in the third text apart from the changes. */
  readonly own: readonly Lines[];
}

/**
 * Which of the changes from `before` to `after` a third text has. Where it is exactly some of them,
 * it is found to be these; `isOut` says which of equal answers is meant.
 */
export function findChanges(
  before: string,
  after: string,
  shown: string,
  isOut: (change: number) => boolean = () => false,
): Found {
  const old = linesOf(before);
  const changes = changesBetween(old, linesOf(after));
  const texts = { old, changes, now: linesOf(shown) };
  const exact = exactly(texts, isOut);
  if (exact !== null) return compared(texts, exact, isOut).found;
  return guesses(texts, linesOf(after), isOut)
    .map((isIn) => compared(texts, isIn, isOut))
    .reduce((best, one) => (one.typed < best.typed ? one : best)).found;
}

/** The third text with one change as proposed, or as before. */
export function withChange(
  shown: string,
  { change, at, without }: FoundChange,
  isIn: boolean,
): string {
  return spliced(shown, at, isIn ? change.added : without);
}

/**
 * The old text with what is left of the changes: of an edited one what is left, if that is some of
 * its lines and no others, else all of it.
 */
export function keptText(before: string, shown: string, found: readonly FoundChange[]): string {
  const old = linesOf(before);
  const now = linesOf(shown);
  let next = 0;
  const parts = found.map((one) => {
    const { oldStart, removed } = one.change;
    const common = old.slice(next, oldStart);
    next = oldStart + removed.length;
    return [...common, ...keptOf(one, now.slice(one.at.start, one.at.end))].join('');
  });
  return parts.join('') + old.slice(next).join('');
}

function keptOf({ change, found }: FoundChange, left: readonly string[]): readonly string[] {
  if (found === 'out') return change.removed;
  if (found === 'in') return change.added;
  let at = 0;
  for (const line of [...change.removed, ...change.added]) if (line === left[at]) at++;
  return at === left.length ? left : change.added;
}

/** With other lines in this place. Those that are not the last get an end if they have none. */
export function spliced(text: string, at: Lines, lines: readonly string[]): string {
  const now = linesOf(text);
  const all = [...now.slice(0, at.start), ...lines, ...now.slice(at.end)];
  const last = all.length - 1;
  const end = endOf(all.find((line) => endOf(line) !== '') ?? '') || '\n';
  return all
    .map((line, index) => (index < last && endOf(line) === '' ? line + end : line))
    .join('');
}

/** What may be meant: a change is in if it is said to be, or its new lines are whole, or its old ones are not. */
function guesses(
  { old, changes, now }: Texts,
  after: readonly string[],
  isOut: (change: number) => boolean,
): readonly boolean[][] {
  const fromOld = changesBetween(old, now);
  const fromNew = changesBetween(after, now);
  return [
    changes.map((_, index) => !isOut(index)),
    changes.map((change) => !fromNew.some((typed) => touches(typed, newLinesOf(change)))),
    changes.map((change) => fromOld.some((typed) => touches(typed, oldLinesOf(change)))),
  ];
}

function oldLinesOf({ oldStart, removed }: Change): Lines {
  return { start: oldStart, end: oldStart + removed.length };
}

function newLinesOf({ newStart, added }: Change): Lines {
  return { start: newStart, end: newStart + added.length };
}

/** Whether what was typed is in the lines; beside them it is apart from them. */
function touches(typed: Change, { start, end }: Lines): boolean {
  const { start: from, end: to } = oldLinesOf(typed);
  if (from === to && start === end) return from === start;
  return from < end && start < to;
}

/** The old text with some of the changes in it. */
interface Standing {
  readonly lines: readonly string[];
  /** Where each change is, or would be. */
  readonly places: readonly Lines[];
  /** By how many lines so many of the changes make the text longer. */
  readonly grown: (count: number) => number;
}

function standing({ old, changes }: Texts, isIn: readonly boolean[]): Standing {
  const parts: (readonly string[])[] = [];
  const growth = [0];
  let next = 0;
  let start = 0;
  const places = changes.map(({ oldStart, removed, added }, index): Lines => {
    const common = old.slice(next, oldStart);
    const own = isIn[index] === true ? added : removed;
    parts.push(common, own);
    next = oldStart + removed.length;
    const place = { start: start + common.length, end: start + common.length + own.length };
    start = place.end;
    growth.push(start - next);
    return place;
  });
  const lines = [...parts, old.slice(next)].flat();
  return { lines, places, grown: (count) => growth[count] ?? 0 };
}

/** What the text is, seen from the old text with these changes in it, and how much is typed. */
function compared(
  texts: Texts,
  isIn: readonly boolean[],
  isOut: (change: number) => boolean,
): { readonly found: Found; readonly typed: number } {
  const { changes, now } = texts;
  const { lines, places, grown } = standing(texts, isIn);
  const typing = changesBetween(lines, now);
  const shifts = shiftsOf(typing);
  const apart = new Set(typing);
  let first = 0;
  const touched = changes.map((_, index) => {
    const place = places[index] ?? { start: 0, end: 0 };
    // What stands where a change was taken out for good is beside it, not in it.
    const isGone = place.start === place.end && isIn[index] !== true && isOut(index);
    while (isAbove(typing[first], place)) first++;
    return touching(typing, first, place).filter(
      (typed) => !(isGone && typed.removed.length === 0),
    );
  });
  for (const typed of touched.flat()) apart.delete(typed);
  const found = changes.map((change, index): FoundChange => {
    const place = places[index] ?? { start: 0, end: 0 };
    const [from, to] = typedOver(touched, index);
    const into = [...new Set(touched.slice(from, to + 1).flat())];
    const start = Math.min(
      places[from]?.start ?? place.start,
      ...into.map(({ oldStart }) => oldStart),
    );
    const end = Math.max(
      places[to]?.end ?? place.end,
      ...into.map((typed) => oldLinesOf(typed).end),
    );
    const within = into.filter((typed) => oldLinesOf(typed).end <= start);
    const above = shifts(start) - shiftBy(within);
    return {
      change,
      found: into.length > 0 ? 'edited' : isIn[index] === true ? 'in' : 'out',
      at: { start: start + above, end: end + above + shiftBy(into) },
      old: { start: start - grown(from), end: end - grown(to + 1) },
      without: [
        ...lines.slice(start, place.start),
        ...change.removed,
        ...lines.slice(place.end, end),
      ],
    };
  });
  const typed = typing.reduce((sum, { added, removed }) => sum + added.length + removed.length, 0);
  return { found: { changes: found, own: [...apart].map(newLinesOf) }, typed };
}

/** The first and the last of the changes that were typed over in one go, this one among them. */
function typedOver(
  touched: readonly (readonly Change[])[],
  index: number,
): readonly [number, number] {
  const isOne = (upper: number): boolean =>
    touched[upper]?.some((typed) => touched[upper + 1]?.includes(typed)) === true;
  let [first, last] = [index, index];
  while (first > 0 && isOne(first - 1)) first--;
  while (isOne(last)) last++;
  return [first, last];
}

function isAbove(typed: Change | undefined, { start }: Lines): boolean {
  return typed !== undefined && oldLinesOf(typed).end < start;
}

/** What was typed into some lines; all before `first` is above them. */
function touching(typing: readonly Change[], first: number, place: Lines): readonly Change[] {
  const into: Change[] = [];
  for (let at = first; at < typing.length; at++) {
    const typed = typing[at];
    if (typed === undefined || typed.oldStart > place.end) break;
    if (touches(typed, place)) into.push(typed);
  }
  return into;
}

function shiftBy(typing: readonly Change[]): number {
  return typing.reduce((sum, { added, removed }) => sum + added.length - removed.length, 0);
}

/** By how many lines all that was typed above a line moves it. Asked from above to below. */
function shiftsOf(typing: readonly Change[]): (line: number) => number {
  let [next, sum] = [0, 0];
  return (line) => {
    for (let typed = typing[next]; typed !== undefined; typed = typing[++next]) {
      if (oldLinesOf(typed).end > line) break;
      sum += typed.added.length - typed.removed.length;
    }
    for (let typed = typing[next - 1]; typed !== undefined; typed = typing[--next - 1]) {
      if (oldLinesOf(typed).end <= line) break;
      sum -= typed.added.length - typed.removed.length;
    }
    return sum;
  };
}
