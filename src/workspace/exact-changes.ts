import type { Change } from './changes.ts';

/** The old text, its changes, and the text that may have some of them. */
export interface Texts {
  readonly old: readonly string[];
  readonly changes: readonly Change[];
  readonly now: readonly string[];
}

/** Lines that the search for an exact answer compares at most. */
const MAX_STEPS = 2_000_000;

/** A way to read the text up to a place in it: which changes are in, and how many as is meant. */
interface Way {
  readonly before: Way | null;
  readonly isIn: boolean;
  readonly agreed: number;
}

/** Whether each change is in, if the text is exactly what these make of the old one; else null. */
export function exactly(
  { old, changes, now }: Texts,
  isOut: (change: number) => boolean,
): readonly boolean[] | null {
  let steps = 0;
  const follows = (at: number, lines: readonly string[]): boolean => {
    if (at + lines.length > now.length) return false;
    const differs = lines.findIndex((line, index) => now[at + index] !== line);
    steps += differs === -1 ? lines.length : differs + 1;
    return differs === -1;
  };
  let ways = new Map<number, Way>([[0, { before: null, isIn: false, agreed: 0 }]]);
  let next = 0;
  for (const [index, change] of changes.entries()) {
    const common = old.slice(next, change.oldStart);
    const after = new Map<number, Way>();
    for (const [start, before] of ways) {
      if (!follows(start, common)) continue;
      for (const isIn of [true, false]) {
        const lines = isIn ? change.added : change.removed;
        const at = start + common.length;
        if (!follows(at, lines)) continue;
        const agreed = before.agreed + (isIn === isOut(index) ? 0 : 1);
        const end = at + lines.length;
        if ((after.get(end)?.agreed ?? -1) < agreed) after.set(end, { before, isIn, agreed });
      }
    }
    if (after.size === 0 || steps > MAX_STEPS) return null;
    ways = after;
    next = change.oldStart + change.removed.length;
  }
  const rest = old.slice(next);
  const way = ways.get(now.length - rest.length);
  if (way === undefined || !follows(now.length - rest.length, rest)) return null;
  const answer: boolean[] = [];
  for (let at = way; at.before !== null; at = at.before) answer.push(at.isIn);
  return answer.reverse();
}
