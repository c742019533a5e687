import { t } from '@vscode/l10n';
import type { ChangeProgress, ChangeView, FileChanges } from '../shared/change-view.ts';
import type { ProposalState } from '../shared/decision.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import { oneLine } from '../workspace/plain-line.ts';
import { type FileTexts, type Piece, piecesOf } from './change-pieces.ts';
import { progressInWords, sizeInWords } from './change-words.ts';
import { keysInWords, waysInWords } from './review-keys.ts';
import {
  changeHeading,
  commandInWords,
  fileHeading,
  indented,
  irrecoverableInWords,
  riskInWords,
  standingInWords,
} from './review-words.ts';

/** All that a review in plain text is made from. */
export interface Reviewed {
  readonly title: string;
  readonly threadTitle: string;
  readonly state: ProposalState;
  readonly review: ReviewView;
  /** What would be done or, of an unclear outcome, what was approved; else none. */
  readonly files: readonly FileChanges[];
  /** Null where nothing of it can be decided apart from the rest. */
  readonly progress: ChangeProgress | null;
  /** Of each file by its place in the proposal; null where it is no text. */
  readonly texts: readonly (FileTexts | null)[];
}

export interface ReviewText {
  readonly text: string;
  /** Where each change of the agent's is, from its heading to the line after its last. */
  readonly places: readonly TextPlace[];
}

export interface TextPlace {
  readonly view: ChangeView;
  readonly start: number;
  readonly end: number;
}

/** What the changes of all files together may take up: more, no editor follows. */
const MAX_CHARACTERS = 10_000_000;

/**
 * A proposal as lines of text, to be read from top to bottom. What is in files begins with `+`, `-`,
 * `\` or a space, and so does what others wrote: none of it can pass for a heading.
 */
export function reviewText(reviewed: Reviewed): ReviewText {
  const { files, progress, texts } = reviewed;
  const lines = headOf(reviewed);
  let characters = 0;
  const places: TextPlace[] = [];
  for (const [index, file] of files.entries()) {
    lines.push('', fileHeading(file, index + 1, files.length));
    for (const piece of piecesIn(file, texts[file.operation] ?? null)) {
      const { view } = piece;
      const number = progress && { number: places.length + 1, total: progress.total };
      lines.push('');
      const start = lines.length;
      lines.push(changeHeading(file, piece, number));
      characters += piece.rows.reduce((sum, row) => sum + row.length + 1, 0);
      if (characters > MAX_CHARACTERS) lines.push(t('It is too long to be written out here.'));
      else for (const row of piece.rows) lines.push(row);
      if (view === null) continue;
      if (view.comment !== '') lines.push(t('Your comment:'), ...indented(view.comment));
      places.push({ view, start, end: lines.length });
    }
  }
  return { text: `${lines.join('\n')}\n`, places };
}

function headOf({ title, threadTitle, state, review, files, progress }: Reviewed): string[] {
  const { question, command, evidence } = review;
  const lines = [
    oneLine(title),
    standingInWords(state, review),
    t('Thread: {0}', oneLine(threadTitle)),
  ];
  const waits = state === 'proposed';
  if (waits && question !== null) {
    lines.push('', ...indented(question.text), ...choicesOf(question.choices), '');
    lines.push(t('An answer is information for the agent. It approves nothing.'));
  }
  if (evidence.length > 0) {
    lines.push('', t('What is known:'), ...evidence.flatMap(indented), '', ...waysInWords(review));
  }
  if (command !== null) {
    const heading = waits ? t('What would be run:') : t('The command:');
    lines.push('', heading, ...commandInWords(command));
  }
  if (waits && question === null) lines.push('', ...factsOf(review, files, progress));
  else if (files.length > 0) lines.push('', t('What was approved:'));
  return waits ? [...lines, '', ...keysInWords(review)] : lines;
}

function choicesOf(choices: readonly string[]): readonly string[] {
  if (choices.length === 0) return [];
  return ['', t('Choices:'), ...choices.flatMap((choice) => indented(oneLine(choice)))];
}

function factsOf(
  review: ReviewView,
  files: readonly FileChanges[],
  progress: ChangeProgress | null,
): readonly string[] {
  const { command, hiddenCharacters, warnings, facts, notice, approvable } = review;
  return [
    ...(command === null ? placeOf(review, files, progress) : []),
    riskInWords(review),
    ...(hiddenCharacters === 0
      ? []
      : [t('Hidden characters in what comes: {0}. They are written out.', hiddenCharacters)]),
    ...warnings.map((warning) => t('Warning: {0}', oneLine(warning))),
    ...(command === null ? facts.map((fact) => t('Note: {0}', oneLine(fact))) : []),
    ...(notice === null ? [] : [t('Note: {0}', oneLine(notice.text))]),
    ...(approvable ? [] : [t('It cannot be approved as it is.')]),
    ...irrecoverableInWords(review),
  ];
}

function placeOf(
  { added, removed }: ReviewView,
  files: readonly FileChanges[],
  progress: ChangeProgress | null,
): readonly string[] {
  const size = sizeInWords(removed, added);
  return [
    t('Where: {0}', files.map(({ path }) => oneLine(path)).join(', ')),
    progress === null
      ? t('How much: {0}.', size)
      : t('How much: {0}. {1}.', size, progressInWords(progress)),
  ];
}

function piecesIn(file: FileChanges, texts: FileTexts | null): readonly Piece[] {
  if (texts !== null) return piecesOf(file, texts);
  return file.changes.map((view) => ({
    view,
    base: view.base,
    goes: [],
    comes: [],
    rows: [],
    isAgain: false,
  }));
}
