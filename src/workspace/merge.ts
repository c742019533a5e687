import { type Change, changesBetween, linesOf } from './changes.ts';
import { lineEndingOf } from './text.ts';

export interface Merged {
  readonly text: string;
  /** Places where both sides stand between conflict markers. */
  readonly conflicts: number;
}

const YOURS = '<<<<<<< your file';
const MIDDLE = '=======';
const PROPOSED = '>>>>>>> the proposal';

/** Lines that are both sides' or one side's only, or two versions that exclude each other. */
type Piece = readonly string[] | { readonly yours: string[]; readonly proposed: string[] };

/**
 * What both sides made of the base, by whole lines. Where they changed the same lines, or lines
 * with no unchanged one in between, and not in the same way, both stand between markers.
 */
export function mergeThree(base: string, yours: string, proposed: string): Merged {
  const eol = lineEndingOf(yours) === 'crlf' ? '\r\n' : '\n';
  const marked = (marker: string): string => marker + eol;
  let conflicts = 0;
  const parts = piecesOf(linesOf(base), linesOf(yours), linesOf(proposed)).map((piece) => {
    if (!('yours' in piece)) return piece.join('');
    conflicts++;
    return [
      marked(YOURS),
      closed(piece.yours, eol),
      marked(MIDDLE),
      closed(piece.proposed, eol),
      marked(PROPOSED),
    ].join('');
  });
  return { text: parts.join(''), conflicts };
}

/** Whether the markers of `mergeThree` are still there, one of them at least. */
export function hasConflictMarkers(text: string): boolean {
  return MARKER.test(text);
}

const MARKER = new RegExp(`^(?:${YOURS}|${PROPOSED})`, 'mu');

function closed(lines: readonly string[], eol: string): string {
  const text = lines.join('');
  return text === '' || text.endsWith('\n') ? text : text + eol;
}

function piecesOf(
  base: readonly string[],
  yours: readonly string[],
  proposed: readonly string[],
): readonly Piece[] {
  const pieces: Piece[] = [];
  let next = 0;
  for (const region of regionsOf(changesBetween(base, yours), changesBetween(base, proposed))) {
    pieces.push(base.slice(next, region.start));
    next = region.end;
    const mine = sideOf(region, region.yours, yours);
    const theirs = sideOf(region, region.proposed, proposed);
    if (theirs === null) pieces.push(mine ?? []);
    else if (mine === null) pieces.push(theirs);
    else pieces.push(...withoutCommonEnds(mine, theirs));
  }
  pieces.push(base.slice(next));
  return pieces;
}

/** Lines of the base that changes of either side cover without a gap. */
interface Region {
  start: number;
  end: number;
  readonly yours: Change[];
  readonly proposed: Change[];
}

function regionsOf(yours: readonly Change[], proposed: readonly Change[]): readonly Region[] {
  const both = [
    ...yours.map((change) => ({ side: 'yours' as const, change })),
    ...proposed.map((change) => ({ side: 'proposed' as const, change })),
  ].sort((one, other) => one.change.oldStart - other.change.oldStart);
  const regions: Region[] = [];
  for (const { side, change } of both) {
    const end = change.oldStart + change.removed.length;
    let region = regions.at(-1);
    if (region === undefined || change.oldStart > region.end) {
      region = { start: change.oldStart, end, yours: [], proposed: [] };
      regions.push(region);
    }
    region.end = Math.max(region.end, end);
    region[side].push(change);
  }
  return regions;
}

/** What one side has in place of a region of the base; null if it left the region alone. */
function sideOf(
  { start, end }: Region,
  changes: readonly Change[],
  lines: readonly string[],
): string[] | null {
  const first = changes.at(0);
  const last = changes.at(-1);
  if (first === undefined || last === undefined) return null;
  return lines.slice(
    first.newStart - (first.oldStart - start),
    last.newStart + last.added.length + (end - last.oldStart - last.removed.length),
  );
}

function withoutCommonEnds(mine: readonly string[], theirs: readonly string[]): readonly Piece[] {
  const shorter = Math.min(mine.length, theirs.length);
  let head = 0;
  while (head < shorter && mine[head] === theirs[head]) head++;
  if (head === mine.length && head === theirs.length) return [mine];
  let tail = 0;
  while (tail < shorter - head && mine.at(-1 - tail) === theirs.at(-1 - tail)) tail++;
  return [
    mine.slice(0, head),
    {
      yours: mine.slice(head, mine.length - tail),
      proposed: theirs.slice(head, theirs.length - tail),
    },
    mine.slice(mine.length - tail),
  ];
}
