import { t } from '@vscode/l10n';
import type { DiffRow, FileView } from '../shared/thread-view.ts';
import { clipRows, countHiddenCharacters, diffLines } from '../workspace/hunks.ts';
import { factsOf } from './facts.ts';
import { createKept } from './kept.ts';
import { textOf } from './stored.ts';
import type { Ledger } from './ledger.ts';
import type { KeptOperation } from './proposal.ts';

/** Rows of the diff that a card shows; the diff editor shows all. */
const CARD_ROWS = 40;
/** Characters of a row that a card shows. */
const ROW_LENGTH = 1000;
/** Diffs that are kept drawn: a card is shown anew at every change of its state. */
const KEPT_DIFFS = 600;

export interface DrawnDiff extends Pick<
  FileView,
  'added' | 'removed' | 'isText' | 'diff' | 'moreRows' | 'changes'
> {
  readonly hiddenCharacters: number;
  /** Why no editor could show it as lines; '' if one can. */
  readonly tooLarge: string;
  /** What the rows do not show well, a sentence each. */
  readonly facts: readonly string[];
}

/** By the hashes of both sides, which name the bytes exactly. */
const drawn = createKept<DrawnDiff>(KEPT_DIFFS, KEPT_DIFFS);

/** True for a change that is taken whole, or not at all: no editor could show it. */
export function isTooLarge(operation: KeptOperation, ledger: Ledger): boolean {
  return operation.newSha256 !== null && drawDiff(operation, ledger).tooLarge !== '';
}

/** The diff of one file as a card shows it. */
export function drawDiff(operation: KeptOperation, ledger: Ledger): DrawnDiff {
  const { baseSha256, newSha256 } = operation;
  const key = `${baseSha256 ?? ''}-${newSha256 ?? ''}-${operation.mode}`;
  return drawn.of(key, () => {
    const before = textOf(baseSha256, operation, ledger);
    const after = textOf(newSha256, operation, ledger);
    const isText = before !== null && after !== null;
    const facts = isText ? factsOf(operation, ledger) : [];
    const thing = isText ? draw(before, after, { isGone: newSha256 === null, facts }) : NO_TEXT;
    return { thing, size: 1 };
  });
}

const NO_TEXT: DrawnDiff = {
  ...{ added: 0, removed: 0, hiddenCharacters: 0, changes: 0 },
  ...{ isText: false, tooLarge: '', diff: [], moreRows: 0, facts: [] },
};

function draw(
  before: string,
  after: string,
  { isGone, facts }: { readonly isGone: boolean; readonly facts: readonly string[] },
): DrawnDiff {
  const { added, removed, rows, changes } = diffLines(before, after);
  const hiddenCharacters = countHiddenCharacters(rows);
  // Of a file that goes, it is enough to know which.
  const tooLarge = isGone ? '' : whyTooLarge(rows);
  if (tooLarge !== '') return { ...NO_TEXT, added, removed, hiddenCharacters, tooLarge, facts };
  return {
    ...{ added, removed, hiddenCharacters, changes, tooLarge, facts },
    isText: true,
    diff: clipRows(rows.slice(0, CARD_ROWS), ROW_LENGTH, leftOut),
    moreRows: Math.max(0, rows.length - CARD_ROWS),
  };
}

/**
 * The editor draws no more of a line unless it is asked to, and comparing longer ones stops it:
 * `editor.stopRenderingLineAfter`.
 */
export const MAX_LINE = 10_000;
/** What is changed in a file, both sides together. */
const MAX_LINES = 100_000;
const MAX_CHARACTERS = 5_000_000;

function whyTooLarge(rows: readonly DiffRow[]): string {
  const changed = rows.filter(({ kind }) => kind === 'added' || kind === 'removed');
  const longest = changed.reduce((most, { text }) => Math.max(most, text.length), 0);
  if (longest > MAX_LINE) return t('a line that changes has {0} characters', inGroups(longest));
  if (changed.length > MAX_LINES) return t('{0} lines change', inGroups(changed.length));
  const characters = changed.reduce((sum, { text }) => sum + text.length, 0);
  return characters > MAX_CHARACTERS ? t('{0} characters change', inGroups(characters)) : '';
}

function inGroups(count: number): string {
  return count.toLocaleString('en');
}

function leftOut(characters: number): string {
  return t('[… {0} more characters]', characters);
}
