import type { DiffRow } from '../shared/thread-view.ts';
import { type Change, changesBetween, linesOf } from './changes.ts';
import { HIDDEN } from './hidden.ts';

export interface TextDiff {
  readonly added: number;
  readonly removed: number;
  /** How many changes there are in `changesOf` the same texts. */
  readonly changes: number;
  /** Three lines of context around each change; a gap row between hunks. */
  readonly rows: readonly DiffRow[];
}

/** Changes that share their context, with that context. */
export interface Hunk {
  /** Indexes and numbers of lines, context included. */
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly changes: number;
  readonly rows: readonly DiffRow[];
}

const CONTEXT = 3;
const NO_NEWLINE = '\\ No newline at end of file';

/**
 * Line by line; carriage returns count, so that a change of line endings is seen. Added and removed
 * rows name their change by its index in `changesOf` the same texts.
 */
export function diffLines(before: string, after: string): TextDiff {
  const hunks = hunksOf(before, after);
  const gap: DiffRow = { kind: 'gap', line: null, text: '', change: null };
  const rows = hunks.flatMap((hunk, index) => (index === 0 ? hunk.rows : [gap, ...hunk.rows]));
  const count = (kind: DiffRow['kind']): number => rows.filter((row) => row.kind === kind).length;
  const changes = hunks.reduce((sum, hunk) => sum + hunk.changes, 0);
  return { added: count('added'), removed: count('removed'), changes, rows };
}

export function hunksOf(before: string, after: string): readonly Hunk[] {
  if (before === after) return [];
  const old = linesOf(before);
  const hunks: { first: Change; changes: (readonly [number, Change])[] }[] = [];
  let end = -Infinity;
  for (const [index, change] of changesBetween(old, linesOf(after)).entries()) {
    const shares = change.oldStart - end <= 2 * CONTEXT;
    if (shares) hunks.at(-1)?.changes.push([index, change]);
    else hunks.push({ first: change, changes: [[index, change]] });
    end = change.oldStart + change.removed.length;
  }
  return hunks.map(({ first, changes }) => hunkOf(first, changes, old));
}

function hunkOf(
  first: Change,
  changes: readonly (readonly [number, Change])[],
  old: readonly string[],
): Hunk {
  const oldStart = Math.max(0, first.oldStart - CONTEXT);
  const newStart = first.newStart - (first.oldStart - oldStart);
  const rows: DiffRow[][] = [];
  let next = oldStart;
  let nextNew = newStart;
  for (const [index, change] of changes) {
    rows.push(
      rowsOf('context', old.slice(next, change.oldStart), nextNew, null),
      rowsOf('removed', change.removed, change.oldStart, index),
      rowsOf('added', change.added, change.newStart, index),
    );
    next = change.oldStart + change.removed.length;
    nextNew = change.newStart + change.added.length;
  }
  const end = Math.min(old.length, next + CONTEXT);
  rows.push(rowsOf('context', old.slice(next, end), nextNew, null));
  return {
    oldStart,
    oldLines: end - oldStart,
    newStart,
    newLines: nextNew + end - next - newStart,
    changes: changes.length,
    rows: rows.flat(),
  };
}

function rowsOf(
  kind: DiffRow['kind'],
  lines: readonly string[],
  from: number,
  change: number | null,
): DiffRow[] {
  const rows = lines.map((line, index): DiffRow => ({
    kind,
    line: from + index + 1,
    text: line.endsWith('\n') ? line.slice(0, -1) : line,
    change,
  }));
  const openEnd = lines.at(-1)?.endsWith('\n') === false;
  return openEnd ? [...rows, { kind: 'gap', line: null, text: NO_NEWLINE, change: null }] : rows;
}

/**
 * Rows whose text is cut to `length` characters. Of a removed line and the added one in its place,
 * both long, what is around their first difference stays. `leftOut` says how much is missing.
 */
export function clipRows(
  rows: readonly DiffRow[],
  length: number,
  leftOut: (characters: number) => string,
): readonly DiffRow[] {
  const counterparts = new Map<DiffRow, DiffRow>();
  for (const lines of Map.groupBy(rows, ({ change }) => change).values()) {
    const removed = lines.filter(({ kind }) => kind === 'removed');
    const added = lines.filter(({ kind }) => kind === 'added');
    for (const [index, row] of removed.entries()) {
      const other = added[index];
      if (other !== undefined) counterparts.set(row, other).set(other, row);
    }
  }
  return rows.map((row) => {
    if (row.text.length <= length) return row;
    const differs = sameLength(row.text, counterparts.get(row)?.text ?? '');
    const latest = row.text.length - length;
    const start = Math.max(0, Math.min(differs - Math.floor(length / 4), latest));
    const text = row.text.slice(start, start + length);
    return {
      ...row,
      text:
        (start > 0 ? leftOut(start) : '') + text + (start < latest ? leftOut(latest - start) : ''),
    };
  });
}

/** How many characters two texts have in common at their start. */
function sameLength(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let same = 0;
  while (same < shorter && one[same] === other[same]) same++;
  return same;
}

export function countHiddenCharacters(rows: readonly DiffRow[]): number {
  return rows
    .filter((row) => row.kind === 'added')
    .reduce((sum, row) => sum + countHidden(row.text), 0);
}

export function countHidden(text: string): number {
  return text.match(HIDDEN)?.length ?? 0;
}
