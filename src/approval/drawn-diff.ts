import { t } from '@vscode/l10n';
import type { FileView } from '../shared/thread-view.ts';
import { clipRows, countHiddenCharacters, diffLines } from '../workspace/hunks.ts';
import { factsOf } from './facts.ts';
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
  /** What the rows do not show well, a sentence each. */
  readonly facts: readonly string[];
}

/** By the hashes of both sides, which name the bytes exactly. */
const drawn = new Map<string, DrawnDiff>();

/** The diff of one file as a card shows it. */
export function drawDiff(operation: KeptOperation, ledger: Ledger): DrawnDiff {
  const { baseSha256, newSha256 } = operation;
  const key = `${baseSha256 ?? ''}-${newSha256 ?? ''}-${operation.mode}`;
  const known = drawn.get(key);
  if (known !== undefined) return known;
  const before = textOf(baseSha256, operation, ledger);
  const after = textOf(newSha256, operation, ledger);
  const diff =
    before === null || after === null ? NO_TEXT : draw(before, after, factsOf(operation, ledger));
  drawn.set(key, diff);
  for (const oldest of drawn.keys()) {
    if (drawn.size <= KEPT_DIFFS) break;
    drawn.delete(oldest);
  }
  return diff;
}

const NO_TEXT: DrawnDiff = {
  ...{ added: 0, removed: 0, hiddenCharacters: 0, changes: 0 },
  ...{ isText: false, diff: [], moreRows: 0, facts: [] },
};

function draw(before: string, after: string, facts: readonly string[]): DrawnDiff {
  const { added, removed, rows, changes } = diffLines(before, after);
  return {
    added,
    removed,
    hiddenCharacters: countHiddenCharacters(rows),
    changes,
    facts,
    isText: true,
    diff: clipRows(rows.slice(0, CARD_ROWS), ROW_LENGTH, leftOut),
    moreRows: Math.max(0, rows.length - CARD_ROWS),
  };
}

function leftOut(characters: number): string {
  return t('[… {0} more characters]', characters);
}
