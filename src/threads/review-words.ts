import { t } from '@vscode/l10n';
import { aroundCommand } from '../approval/command-words.ts';
import type { FileChanges } from '../shared/change-view.ts';
import type { CommandView } from '../shared/command.ts';
import type { ProposalState } from '../shared/decision.ts';
import { assertNever } from '../shared/lifecycle.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import { showHidden } from '../workspace/hidden.ts';
import { oneLine } from '../workspace/plain-line.ts';
import type { Piece } from './change-pieces.ts';
import { fateInWords, linesInWords, sizeInWords, stateInWords } from './change-words.ts';

/** How a proposal stands, as a sentence. */
export function standingInWords(
  state: ProposalState,
  { question, command }: Pick<ReviewView, 'question' | 'command'>,
): string {
  if (command !== null) return commandStanding(state);
  switch (state) {
    case 'proposed':
      return question === null
        ? t('It waits for your approval.')
        : t('The agent waits for your answer.');
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

function commandStanding(state: ProposalState): string {
  switch (state) {
    case 'partial':
    case 'unknown':
      return t('Did this run? You approved it, and whether it ran is not known.');
    case 'approved':
    case 'claimed':
      return t('It is approved, and is being run.');
    case 'applied':
      return t('It is approved, and was run.');
    case 'rejected':
      return t('It is rejected. It was not run.');
    case 'stale':
    case 'failed':
      return t('It failed. It was not run.');
    case 'cancelled':
      return t('It is withdrawn. It was not run.');
    case 'rolledBack':
    case 'kept':
      return t('It is not known whether it ran.');
    case 'proposed':
    case 'doneByHand':
    case 'answered':
      return standingInWords(state, { question: null, command: null });
    default:
      return assertNever(state);
  }
}

export function fileHeading(file: FileChanges, number: number, total: number): string {
  const fate = oneLine(fateInWords(file));
  const words = total === 1 ? `${fate}.` : t('File {0} of {1}: {2}.', number, total, fate);
  if (file.isText) return words;
  const why =
    file.tooLarge === ''
      ? t('It is no text, so that no lines can be shown.')
      : t('It is too large to be shown: {0}.', file.tooLarge);
  return `${words} ${why}`;
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

/** What could not be taken back, each in a line of its own. */
export function irrecoverableInWords({ irrecoverable }: ReviewView): readonly string[] {
  if (irrecoverable.length === 0) return [];
  return [
    t('What cannot be taken back, so that a dialog asks before it is approved:'),
    ...irrecoverable.flatMap(indented),
  ];
}

/** All of a command, its text for a shell as it is. */
export function commandInWords(command: CommandView): readonly string[] {
  const { shell } = command;
  return [
    ...(shell === null ? [] : [t('For the shell:'), ...indented(shell)]),
    ...aroundCommand(command).map(oneLine),
  ];
}

/** Text of others, set off so that none of its lines can pass for one of ours. */
export function indented(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/u).map((line) => `  ${showHidden(line)}`);
}
