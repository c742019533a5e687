import { diffArrays } from 'diff';

/** A stretch of the old lines, and what is in its place in the new ones. Ends are the first after. */
export interface Difference {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/**
 * The smallest difference costs the square of the number of edits, all at once: past so many, it is
 * looked for between the lines that both texts have exactly once.
 */
const MAX_EDITS = 200;
/** How often a stretch between such lines is divided again. */
const MAX_DEPTH = 8;
/** What all comparisons of two texts together may cost, in edits squared. */
const MAX_COST = 400_000;

/** Lines of each side that are compared at once in a long text. */
const WINDOW = 2000;
/** So many equal lines in a row mean the same place on both sides. */
const SURE = 8;

interface Comparison {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly found: Difference[];
  cost: number;
}

/** In order; between two of them there is at least one line that both have. */
export function differencesBetween(
  before: readonly string[],
  after: readonly string[],
): readonly Difference[] {
  const comparison: Comparison = { before, after, found: [], cost: 0 };
  compare(comparison, {
    ...{ oldStart: 0, oldEnd: before.length, newStart: 0, newEnd: after.length },
  });
  return comparison.found;
}

function compare(comparison: Comparison, whole: Difference, depth = 0): void {
  const part = byWindows(comparison, trimmed(comparison, whole));
  const removed = part.oldEnd - part.oldStart;
  const added = part.newEnd - part.newStart;
  if (removed === 0 && added === 0) return;
  if (removed === 0 || added === 0) {
    comparison.found.push(part);
    return;
  }
  const few = byFewestEdits(comparison, part);
  if (few !== null) {
    for (const one of few) comparison.found.push(one);
    return;
  }
  const anchors = depth < MAX_DEPTH ? anchorsIn(comparison, part) : [];
  if (anchors.length === 0) {
    comparison.found.push(part);
    return;
  }
  let { oldStart, newStart } = part;
  for (const [oldEnd, newEnd] of anchors) {
    compare(comparison, { oldStart, oldEnd, newStart, newEnd }, depth + 1);
    [oldStart, newStart] = [oldEnd + 1, newEnd + 1];
  }
  compare(comparison, { ...part, oldStart, newStart }, depth + 1);
}

/** Compares a long text from above to below. Answers what is left of it, where that does not work. */
function byWindows(comparison: Comparison, whole: Difference): Difference {
  let rest = whole;
  for (;;) {
    const { oldStart, oldEnd, newStart, newEnd } = rest;
    if (Math.min(oldEnd - oldStart, newEnd - newStart) <= 2 * WINDOW) return rest;
    const window = {
      ...{ oldStart, oldEnd: oldStart + WINDOW },
      ...{ newStart, newEnd: newStart + WINDOW },
    };
    const few = byFewestEdits(comparison, window) ?? [];
    const last = few.findLastIndex(
      ({ oldEnd: end }, index) => (few[index + 1]?.oldStart ?? window.oldEnd) - end >= SURE,
    );
    const known = few.slice(0, last + 1);
    for (const one of known) comparison.found.push(one);
    const until = known.at(-1);
    if (until === undefined) return rest;
    rest = trimmed(comparison, { ...rest, oldStart: until.oldEnd, newStart: until.newEnd });
  }
}

function trimmed({ before, after }: Comparison, part: Difference): Difference {
  let { oldStart, oldEnd, newStart, newEnd } = part;
  while (oldStart < oldEnd && newStart < newEnd && before[oldStart] === after[newStart]) {
    oldStart++;
    newStart++;
  }
  while (oldStart < oldEnd && newStart < newEnd && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  return { oldStart, oldEnd, newStart, newEnd };
}

/** Null where they are too many. */
function byFewestEdits(
  comparison: Comparison,
  { oldStart, oldEnd, newStart, newEnd }: Difference,
): readonly Difference[] | null {
  const left = Math.floor(Math.sqrt(Math.max(0, MAX_COST - comparison.cost)));
  const maxEditLength = Math.min(MAX_EDITS, left);
  // So much longer, the one cannot become the other by so few.
  if (Math.abs(oldEnd - oldStart - newEnd + newStart) > maxEditLength) return null;
  const parts = diffArrays(
    comparison.before.slice(oldStart, oldEnd),
    comparison.after.slice(newStart, newEnd),
    { maxEditLength },
  );
  if (parts === undefined) {
    comparison.cost += maxEditLength ** 2;
    return null;
  }
  const found: Difference[] = [];
  let edits = 0;
  let [oldAt, newAt] = [oldStart, newStart];
  for (const { added, removed, count } of parts) {
    const start = { oldStart: oldAt, newStart: newAt };
    if (!added) oldAt += count;
    if (!removed) newAt += count;
    if (!added && !removed) continue;
    edits += count;
    const end = { oldEnd: oldAt, newEnd: newAt };
    const last = found.at(-1);
    const touches = last?.oldEnd === start.oldStart && last.newEnd === start.newStart;
    if (touches) found[found.length - 1] = { ...last, ...end };
    else found.push({ ...start, ...end });
  }
  comparison.cost += edits ** 2;
  return found;
}

/** Lines that each side has exactly once, as many as are in the same order on both. */
function anchorsIn(
  { before, after }: Comparison,
  { oldStart, oldEnd, newStart, newEnd }: Difference,
): readonly (readonly [number, number])[] {
  const [old, now] = [placesOf(before, oldStart, oldEnd), placesOf(after, newStart, newEnd)];
  const pairs: (readonly [number, number])[] = [];
  for (const [line, oldAt] of old) {
    const newAt = now.get(line) ?? SEVERAL;
    if (oldAt !== SEVERAL && newAt !== SEVERAL) pairs.push([oldAt, newAt]);
  }
  return longestInOrder(pairs);
}

const SEVERAL = -1;

/** Where each line is, if it is there only once. */
function placesOf(lines: readonly string[], start: number, end: number): Map<string, number> {
  const places = new Map<string, number>();
  for (let at = start; at < end; at++) {
    const line = lines[at] ?? '';
    places.set(line, places.has(line) ? SEVERAL : at);
  }
  return places;
}

/** Of pairs whose first numbers ascend, the most whose second ones do, too. */
function longestInOrder(
  pairs: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] {
  /** By length of a chain, less one: the pair with the smallest end of all such chains. */
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, [, value]] of pairs.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    previous.push(ends[low - 1] ?? -1);
    ends[low] = index;
  }
  const chain: (readonly [number, number])[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) {
    const pair = pairs[at];
    if (pair !== undefined) chain.push(pair);
  }
  return chain.reverse();
}
