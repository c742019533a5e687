import { t } from '@vscode/l10n';
import { MAX_LINE } from '../approval/drawn-diff.ts';
import type { ChangeView, FileChanges, LineRange } from '../shared/change-view.ts';
import { changesBetween, endOf, linesOf, withoutEnd } from '../workspace/changes.ts';
import { showHidden } from '../workspace/hidden.ts';
import { visible } from '../workspace/names.ts';

/** Both sides of a file of a proposal as they are shown now. */
export interface FileTexts {
  readonly base: string;
  readonly shown: string;
}

/** One place where a file would be changed. */
export interface Piece {
  /** The agent's change, or null where the user typed something of their own. */
  readonly view: ChangeView | null;
  /** In the text that the proposal is on top of. */
  readonly base: LineRange;
  readonly goes: readonly string[];
  readonly comes: readonly string[];
  /** Both with some lines around them, as a unified diff in which nothing is hidden. */
  readonly rows: readonly string[];
  /** What is typed over the change before, and this one: the same lines once more. */
  readonly isAgain: boolean;
}

interface Lines {
  readonly goes: readonly string[];
  readonly comes: readonly string[];
}

const CONTEXT = 3;
const NO_NEWLINE = '\\ No newline at end of file';

/**
 * In the order of the lines: what would be written or, of a rejected change, what the agent wanted. All
 * pieces but the rejected ones lead from the one text to the other.
 */
export function piecesOf(
  { changes }: Pick<FileChanges, 'changes'>,
  texts: FileTexts,
): readonly Piece[] {
  const base = linesOf(texts.base);
  const shown = linesOf(texts.shown);
  const all: Place[] = [];
  const typed = (from: LineRange, to: LineRange): void => {
    all.push(
      ...typedBetween(base.slice(from.start, from.end), shown.slice(to.start, to.end), from),
    );
  };
  const next = { base: 0, shown: 0 };
  for (const view of changes) {
    const isAgain = view.base.start < next.base;
    typed({ start: next.base, end: view.base.start }, { start: next.shown, end: view.shown.start });
    all.push({ view, range: view.base, lines: linesIn(view, base, shown), isAgain });
    next.base = view.base.end;
    next.shown = view.shown.end;
  }
  typed({ start: next.base, end: base.length }, { start: next.shown, end: shown.length });
  return all.map(({ view, range, lines, isAgain }, index) => {
    const above = Math.max(all[index - 1]?.range.end ?? 0, range.start - CONTEXT);
    const below = Math.min(all[index + 1]?.range.start ?? base.length, range.end + CONTEXT);
    const rows = rowsOf(base.slice(above, range.start), lines, base.slice(range.end, below));
    const { goes, comes } = lines;
    return { view, base: range, goes: goes.map(plain), comes: comes.map(plain), rows, isAgain };
  });
}

interface Place extends Pick<Piece, 'view' | 'isAgain'> {
  readonly range: LineRange;
  readonly lines: Lines;
}

function linesIn(
  { state, whole, base: from, shown: to, removed, added }: ChangeView,
  base: readonly string[],
  shown: readonly string[],
): Lines {
  if (state !== 'rejected' && !whole) {
    return { goes: base.slice(from.start, from.end), comes: shown.slice(to.start, to.end) };
  }
  return { goes: removed.map((line) => `${line}\n`), comes: added.map((line) => `${line}\n`) };
}

/** What the user typed between two changes. */
function typedBetween(
  base: readonly string[],
  shown: readonly string[],
  { start: from }: LineRange,
): readonly Place[] {
  return changesBetween(base, shown).map(({ oldStart, removed, added }) => ({
    view: null,
    range: { start: from + oldStart, end: from + oldStart + removed.length },
    lines: { goes: removed, comes: added },
    isAgain: false,
  }));
}

function rowsOf(
  above: readonly string[],
  { goes, comes }: Lines,
  below: readonly string[],
): string[] {
  const endings = new Set([...goes, ...comes].map(endOf).filter((end) => end !== ''));
  const row = (sign: string, line: string): string[] => {
    // Where only that differs, two rows would look the same.
    const carriage = endings.size > 1 && endOf(line) === '\r\n' ? visible('\r') : '';
    const text = `${sign}${clipped(plain(line))}${carriage}`;
    return endOf(line) === '' ? [text, NO_NEWLINE] : [text];
  };
  return [
    ...above.flatMap((line) => row(' ', line)),
    ...goes.flatMap((line) => row('-', line)),
    ...comes.flatMap((line) => row('+', line)),
    ...below.flatMap((line) => row(' ', line)),
  ];
}

/** No changed line is that long but of a file that goes: what is, is only beside a change. */
function clipped(line: string): string {
  const left = line.length - MAX_LINE;
  return left > 0 ? line.slice(0, MAX_LINE) + t('[… {0} more characters]', left) : line;
}

function plain(line: string): string {
  return showHidden(withoutEnd(line));
}
