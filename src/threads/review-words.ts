import { t } from '@vscode/l10n';
import type { FileChanges } from '../shared/change-view.ts';
import type { ProposalState } from '../shared/decision.ts';
import { assertNever } from '../shared/lifecycle.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import { showHidden } from '../workspace/hunks.ts';
import type { Piece } from './change-pieces.ts';
import { fateInWords, linesInWords, sizeInWords, stateInWords } from './change-words.ts';

/** What the keys do in the document. */
export function keysInWords(asks: 'changes' | 'whole' | 'answer'): readonly string[] {
  if (asks === 'answer') return [t('Key: d answers.')];
  const single =
    asks === 'whole'
      ? [t('Key: d opens the diff.')]
      : [
          t('Keys, for the change at the cursor: y accepts it, n rejects it, c comments on it.'),
          t('j goes to the next change, k to the one before, d opens the diff.'),
          t('a approves what is accepted and declines the rest.'),
        ];
  return [
    ...single,
    t('Ctrl+Enter (Cmd+Enter) approves all that is not rejected.'),
    t('Alt+Backspace rejects the whole proposal, and asks for the reason.'),
  ];
}

/** The three ways on from an effect of which it is not clear whether it happened. */
export function waysInWords(): readonly string[] {
  return [
    t('Three ways on; d asks which. Whatever would be written is shown before.'),
    t('Finish: write what is missing of what was approved.'),
    t('Roll Back: put back what was there before.'),
    t('Keep as It Is: leave the files as they are now.'),
  ];
}

/** The same for a command, of which it is not known whether it ran. */
export function commandWaysInWords(): readonly string[] {
  return [
    t('Three ways on; d asks which. It is not run again before you have approved it once more.'),
    t('Propose It Again: it waits for your approval.'),
    t('It Did Not Run: the agent is told that you have looked.'),
    t('I Do Not Know: the agent is told that it is not known.'),
  ];
}

/** How a proposal stands, as a sentence. */
export function standingInWords(state: ProposalState, isQuestion: boolean): string {
  switch (state) {
    case 'proposed':
      return isQuestion ? t('The agent waits for your answer.') : t('It waits for your approval.');
    case 'partial':
      return t('Did this happen? It was applied in part only.');
    case 'unknown':
      return t('Did this happen? It was approved, and may have been applied.');
    case 'approved':
    case 'claimed':
      return t('It is approved, and is being applied.');
    case 'applied':
      return t('It is approved, and applied.');
    case 'rejected':
      return t('It is rejected. Nothing was changed.');
    case 'stale':
      return t('It did not fit the files any more. Nothing was changed.');
    case 'failed':
      return t('It failed. Nothing was changed.');
    case 'cancelled':
      return t('It is withdrawn. Nothing was changed.');
    case 'rolledBack':
      return t('It was put back. The files are as before.');
    case 'kept':
      return t('The files were left as they were found.');
    case 'doneByHand':
      return t('You did it yourself.');
    case 'answered':
      return t('It is answered.');
    default:
      return assertNever(state);
  }
}

export function fileHeading(file: FileChanges, number: number, total: number): string {
  const fate = oneLine(fateInWords(file));
  const words = total === 1 ? `${fate}.` : t('File {0} of {1}: {2}.', number, total, fate);
  return file.isText ? words : `${words} ${t('It is no text, so that no lines can be shown.')}`;
}

/** "Change 2 of 5, lines 10 to 12 of src/app.ts: 1 line goes, 2 lines come. Accepted." */
export function changeHeading(
  { path }: FileChanges,
  { view, base, goes, comes }: Piece,
  number: { readonly number: number; readonly total: number } | null,
): string {
  const size = sizeInWords(goes.length, comes.length);
  const where = view?.whole === true ? t('all of {0}', oneLine(path)) : placeInWords(base, path);
  if (number === null) return `${where}: ${size}.`;
  if (view === null) return t('Your own change, {0}: {1}. It is written, too.', where, size);
  const state = stateInWords(view.state);
  return t('Change {0} of {1}, {2}: {3}. {4}', number.number, number.total, where, size, state);
}

function placeInWords(base: Piece['base'], path: string): string {
  return t('{0} of {1}', linesInWords(base), oneLine(path));
}

export function riskInWords({ risk, why }: Pick<ReviewView, 'risk' | 'why'>): string {
  const words = risk === 'high' ? t('high') : t('low');
  return t('Risk: {0}. Why it asks: {1}.', words, oneLine(why));
}

/** Text of others as a single line in which nothing is hidden. */
export function oneLine(text: string): string {
  return showHidden(text.replaceAll(/\s*[\r\n]+\s*/gu, ' '));
}

/** Text of others, set off so that none of its lines can pass for one of ours. */
export function indented(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/u).map((line) => `  ${showHidden(line)}`);
}
