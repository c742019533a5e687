import { t } from '@vscode/l10n';
import type { ChangeProgress, ChangeView, FileChanges } from '../shared/change-view.ts';
import type { ProposalState } from '../shared/decision.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import { type FileTexts, type Piece, piecesOf } from './change-pieces.ts';
import { progressInWords, sizeInWords } from './change-words.ts';
import {
  changeHeading,
  fileHeading,
  indented,
  keysInWords,
  oneLine,
  riskInWords,
  standingInWords,
  waysInWords,
  commandWaysInWords,
} from './review-words.ts';

/** All that a review in plain text is made from. */
export interface Reviewed {
  readonly title: string;
  readonly threadTitle: string;
  readonly state: ProposalState;
  readonly review: ReviewView;
  /** None unless it waits. */
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

/**
 * A proposal as lines of text, to be read from top to bottom. What is in files begins with `+`, `-`,
 * `\` or a space, and so does what others wrote: none of it can pass for a heading.
 */
export function reviewText(reviewed: Reviewed): ReviewText {
  const { files, progress, texts } = reviewed;
  const lines = headOf(reviewed);
  const places: TextPlace[] = [];
  for (const [index, file] of files.entries()) {
    lines.push('', fileHeading(file, index + 1, files.length));
    for (const piece of piecesIn(file, texts[file.operation] ?? null)) {
      const { view } = piece;
      const number = progress && { number: places.length + 1, total: progress.total };
      lines.push('');
      const start = lines.length;
      lines.push(changeHeading(file, piece, number), ...piece.rows);
      if (view === null) continue;
      if (view.comment !== '') lines.push(t('Your comment:'), ...indented(view.comment));
      places.push({ view, start, end: lines.length });
    }
  }
  return { text: `${lines.join('\n')}\n`, places };
}

function headOf({ title, threadTitle, state, review, files, progress }: Reviewed): string[] {
  const { question, evidence, command, facts } = review;
  const standing = standingInWords(state, question !== null);
  const lines = [oneLine(title), standing, t('Thread: {0}', oneLine(threadTitle))];
  if (state === 'proposed' && question !== null) {
    lines.push('', ...indented(question.text), ...choicesOf(question.choices), '');
    lines.push(t('An answer is information for the agent. It approves nothing.'));
    lines.push(...keysInWords('answer'));
  }
  if (evidence.length > 0) {
    const ways = command === null ? waysInWords() : commandWaysInWords();
    lines.push('', t('What is known:'), ...evidence.flatMap(indented), '', ...ways);
  }
  if (command !== null && state === 'proposed') {
    lines.push('', t('What would be run:'), ...facts.flatMap(indented), '');
    lines.push(...keysInWords('answer'));
  }
  if (files.length === 0) return lines;
  const keys = keysInWords(progress === null ? 'whole' : 'changes');
  return [...lines, '', ...factsOf(review, files, progress), '', ...keys];
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
  const { added, removed, hiddenCharacters, warnings, facts, notice } = review;
  const size = sizeInWords(removed, added);
  return [
    t('Where: {0}', files.map(({ path }) => oneLine(path)).join(', ')),
    progress === null
      ? t('How much: {0}.', size)
      : t('How much: {0}. {1}.', size, progressInWords(progress)),
    riskInWords(review),
    ...(hiddenCharacters === 0
      ? []
      : [t('Hidden characters in what comes: {0}. They are written out below.', hiddenCharacters)]),
    ...warnings.map((warning) => t('Warning: {0}', oneLine(warning))),
    ...facts.map((fact) => t('Note: {0}', oneLine(fact))),
    ...(notice === null ? [] : [t('Note: {0}', oneLine(notice.text))]),
    ...(review.approvable ? [] : [t('It cannot be approved as it is.')]),
  ];
}

function piecesIn(file: FileChanges, texts: FileTexts | null): readonly Piece[] {
  if (texts !== null) return piecesOf(file, texts);
  return file.changes.map((view) => ({ view, base: view.base, goes: [], comes: [], rows: [] }));
}
