import type { AcceptedChange, AcceptedFile, Decision } from '../../src/shared/decision.ts';
import type { FileView } from '../../src/shared/thread-view.ts';

export type Side = 'removed' | 'added';

/** How much of something is accepted. */
export type Extent = 'all' | 'some' | 'none';

/**
 * What is declined of each file of a proposal, by operation: the keys of its parts. A file without
 * an entry is accepted whole.
 */
export type Selection = ReadonlyMap<number, ReadonlySet<string>>;

export const EVERYTHING: Selection = new Map();

/** A change as far as the card shows it. */
export interface ChangeShape {
  readonly change: number;
  readonly removed: number;
  readonly added: number;
  /** True if some of its rows are left out, so that its lines cannot be chosen one by one. */
  readonly cut: boolean;
}

/** What of a file can be accepted or declined. */
export interface FileShape {
  readonly operation: number;
  /** It is accepted or declined as one thing. */
  readonly whole: boolean;
  readonly shown: readonly ChangeShape[];
  /** Changes of which the card shows no row. They go together, with their file. */
  readonly hidden: readonly number[];
  /** The smallest things that can be ticked. */
  readonly parts: readonly string[];
}

/** How many changes there are; a file that goes as one thing counts as one. */
export interface Tally {
  readonly total: number;
  readonly taken: number;
  readonly inPart: number;
}

const WHOLE = 'file';
/** The part that stands for all changes of a file of which the card shows no row. */
export const HIDDEN = 'hidden';

const shapes = new WeakMap<FileView, FileShape>();

export function shapeOf(file: FileView): FileShape {
  const known = shapes.get(file);
  if (known !== undefined) return known;
  const shown = shownChanges(file);
  const whole =
    !file.isText || file.changes === 0 || (file.change !== 'edit' && file.change !== 'create');
  const seen = new Set(shown.map(({ change }) => change));
  const hidden = whole ? [] : upTo(file.changes).filter((change) => !seen.has(change));
  const parts = whole
    ? [WHOLE]
    : [...shown.flatMap(changeParts), ...(hidden.length > 0 ? [HIDDEN] : [])];
  const shape = { operation: file.operation, whole, shown: whole ? [] : shown, hidden, parts };
  shapes.set(file, shape);
  return shape;
}

export function changeParts(shape: ChangeShape): string[] {
  if (shape.cut) return [String(shape.change)];
  const side = (of: Side): string[] =>
    upTo(shape[of]).map((index) => linePart(shape.change, of, index));
  return [...side('removed'), ...side('added')];
}

export function linePart(change: number, side: Side, index: number): string {
  return `${change} ${side} ${index}`;
}

export function extentOf(
  selection: Selection,
  operation: number,
  parts: readonly string[],
): Extent {
  const declined = selection.get(operation);
  if (declined === undefined) return 'all';
  const count = parts.filter((part) => declined.has(part)).length;
  if (count === 0) return 'all';
  return count === parts.length ? 'none' : 'some';
}

/** Accepts or declines these parts of a file; the others stay as they are. */
export function tick(
  selection: Selection,
  operation: number,
  parts: readonly string[],
  accepted: boolean,
): Selection {
  const declined = new Set(selection.get(operation));
  for (const part of parts) {
    if (accepted) declined.delete(part);
    else declined.add(part);
  }
  const next = new Map(selection);
  if (declined.size === 0) next.delete(operation);
  else next.set(operation, declined);
  return next;
}

export function tallyOf(files: readonly FileView[], selection: Selection): Tally {
  let [total, taken, inPart] = [0, 0, 0];
  for (const file of files) {
    const shape = shapeOf(file);
    const extents = shape.whole
      ? [extentOf(selection, file.operation, shape.parts)]
      : shape.shown.map((change) => extentOf(selection, file.operation, changeParts(change)));
    total += extents.length + shape.hidden.length;
    taken += extents.filter((extent) => extent === 'all').length;
    inPart += extents.filter((extent) => extent === 'some').length;
    if (extentOf(selection, file.operation, [HIDDEN]) === 'all') taken += shape.hidden.length;
  }
  return { total, taken, inPart };
}

/** The answer that takes what is ticked; null if that is nothing. */
export function decisionOf(
  files: readonly FileView[],
  selection: Selection,
  reason: string,
): Decision | null {
  if (selection.size === 0) return { kind: 'approve' };
  const accepted = files.flatMap((file) => acceptedOf(shapeOf(file), selection) ?? []);
  return accepted.length === 0 ? null : { kind: 'partial', files: accepted, reason };
}

/** Null for a file of which nothing is accepted. */
function acceptedOf(shape: FileShape, selection: Selection): AcceptedFile | null {
  const { operation } = shape;
  const extent = extentOf(selection, operation, shape.parts);
  if (extent === 'none') return null;
  if (extent === 'all') return { operation, changes: 'all' };
  const hidden = extentOf(selection, operation, [HIDDEN]) === 'all' ? shape.hidden : [];
  const changes = [
    ...shape.shown.flatMap((change) => acceptedChange(operation, change, selection) ?? []),
    ...hidden.map((change): AcceptedChange => ({ change, lines: 'all' })),
  ];
  return { operation, changes: changes.sort((one, other) => one.change - other.change) };
}

function acceptedChange(
  operation: number,
  shape: ChangeShape,
  selection: Selection,
): AcceptedChange | null {
  const { change } = shape;
  const extent = extentOf(selection, operation, changeParts(shape));
  if (extent === 'none') return null;
  if (extent === 'all') return { change, lines: 'all' };
  const side = (of: Side): number[] =>
    upTo(shape[of]).filter(
      (index) => extentOf(selection, operation, [linePart(change, of, index)]) === 'all',
    );
  return { change, lines: { removed: side('removed'), added: side('added') } };
}

function shownChanges({ diff, moreRows }: FileView): ChangeShape[] {
  const found = new Map<number, { change: number; removed: number; added: number }>();
  let open: number | null = null;
  for (const { kind, change } of diff) {
    if (kind === 'context') open = null;
    if (change === null || (kind !== 'added' && kind !== 'removed')) continue;
    const shape = found.get(change) ?? { change, removed: 0, added: 0 };
    shape[kind] += 1;
    found.set(change, shape);
    open = change;
  }
  const cut = moreRows > 0 ? open : null;
  return [...found.values()].map((shape) => ({ ...shape, cut: shape.change === cut }));
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
