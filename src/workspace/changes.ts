import { differencesBetween } from './differences.ts';

/** One place where two texts differ: whole lines, no context. Lines keep their line endings. */
export interface Change {
  /** Index of the first removed line in the old text, or of the line that additions come before. */
  readonly oldStart: number;
  readonly removed: readonly string[];
  /** Index of the first added line in the new text, or of the line that followed the removed ones. */
  readonly newStart: number;
  readonly added: readonly string[];
}

/** What of one change is accepted: all of it, or some lines, by their indexes in the change. */
export interface AcceptedChange {
  readonly change: number;
  readonly lines:
    'all' | { readonly removed: readonly number[]; readonly added: readonly number[] };
}

/** Each with its end, so that a last line without one differs from one with it. */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    lines.push(text.slice(start, end + 1));
    start = end + 1;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

/** In order; between two changes there is at least one line that both texts have. */
export function changesOf(before: string, after: string): readonly Change[] {
  return before === after ? [] : changesBetween(linesOf(before), linesOf(after));
}

/** The same of texts that are lines already. */
export function changesBetween(before: readonly string[], after: readonly string[]): Change[] {
  return differencesBetween(before, after).map(({ oldStart, oldEnd, newStart, newEnd }) => ({
    oldStart,
    removed: before.slice(oldStart, oldEnd),
    newStart,
    added: after.slice(newStart, newEnd),
  }));
}

/**
 * The text with only the accepted changes and, in them, only the accepted lines. In a change, the
 * removed lines that stay come first and the accepted added ones after them, as in a patch in which
 * the other `-` became context and the other `+` were deleted. A last line without an end that
 * stays gets the end of the line above it if lines follow it now.
 * @throws RangeError for a change or line that does not exist, or one named twice.
 */
export function compose(
  before: string,
  after: string,
  accepted: readonly AcceptedChange[],
): string {
  const old = linesOf(before);
  const changes = changesBetween(old, linesOf(after));
  const chosen = [...accepted].sort((one, other) => one.change - other.change);
  only(
    chosen.map(({ change }) => change),
    changes,
  );
  const parts: string[] = [];
  let next = 0;
  for (const { change: index, lines } of chosen) {
    const change = changes[index];
    if (change === undefined) continue;
    parts.push(old.slice(next, change.oldStart).join(''), reduced(change, lines, old).join(''));
    next = change.oldStart + change.removed.length;
  }
  return parts.join('') + old.slice(next).join('');
}

function reduced(
  { removed, added }: Change,
  lines: AcceptedChange['lines'],
  old: readonly string[],
): readonly string[] {
  if (lines === 'all') return added;
  const gone = only(lines.removed, removed);
  const come = only(lines.added, added);
  const kept = removed.filter((_, line) => !gone.has(line));
  const first = added.find((_, line) => come.has(line));
  const open = first !== undefined && kept.at(-1)?.endsWith('\n') === false;
  return [
    ...kept,
    ...(open ? [endOf(old.at(-2) ?? '') || endOf(first) || '\n'] : []),
    ...added.filter((_, line) => come.has(line)),
  ];
}

function only(indexes: readonly number[], list: readonly unknown[]): ReadonlySet<number> {
  const set = new Set(indexes);
  if (set.size < indexes.length) throw new RangeError('A change or a line is named twice.');
  const missing = indexes.find((index) => !(index in list));
  if (missing !== undefined) throw new RangeError(`There is no change or line ${missing}.`);
  return set;
}

/** What ends a line: `\n`, `\r\n`, or nothing. */
export function endOf(line: string): string {
  if (!line.endsWith('\n')) return '';
  return line.endsWith('\r\n') ? '\r\n' : '\n';
}

/**
 * For a file of mixed line endings: a whole new text, in which each line that the file has already
 * ends as it does there, and each other one like the line it replaces or the line above it. Whether
 * the last line has an end is the new text's affair.
 */
export function withEndingsOf(before: string, text: string): string {
  if (before === '') return text;
  const old = linesOf(before);
  const now = linesOf(text);
  /** Which line of the file each line of the text is, or stands for. */
  const alike = new Map<number, number>();
  const pair = (oldAt: number, newAt: number, count: number): void => {
    for (let at = 0; at < count; at++) alike.set(newAt + at, oldAt + at);
  };
  let [oldEnd, newEnd] = [0, 0];
  for (const change of changesBetween(old.map(withoutEnd), now.map(withoutEnd))) {
    const { oldStart, removed, newStart, added } = change;
    pair(oldEnd, newEnd, oldStart - oldEnd);
    pair(oldStart, newStart, Math.min(removed.length, added.length));
    [oldEnd, newEnd] = [oldStart + removed.length, newStart + added.length];
  }
  pair(oldEnd, newEnd, old.length - oldEnd);
  let above = endOf(old[0] ?? '');
  const lines = now.map((line, at) => {
    above = endOf(old[alike.get(at) ?? -1] ?? '') || above || endOf(line);
    return endOf(line) === '' ? line : withoutEnd(line) + above;
  });
  return lines.join('');
}

/** A line without `\n` or `\r\n`. */
export function withoutEnd(line: string): string {
  return line.slice(0, line.length - endOf(line).length);
}
