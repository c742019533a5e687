import { t } from '@vscode/l10n';
import { basename, dirname } from 'node:path';
import type { DiffRow, FileView } from '../shared/thread-view.ts';
import { fenced, markdownText } from '../shared/markdown.ts';
import { showHidden } from '../workspace/hidden.ts';
import { oneLine, shortLine, withoutMiddle } from '../workspace/plain-line.ts';
import { type WaitingRow, isUnclear } from './inbox.ts';
import { sizeInWords } from './change-words.ts';
import { riskInWords, standingInWords } from './review-words.ts';

/** What a name may take of a line, of a tooltip and of what is read aloud, in characters. */
const LINE = 80;
const SENTENCE = 300;

/** How much of a diff a tooltip has room for. */
const TOOLTIP_ROWS = 20;
const ROW_LENGTH = 160;

/** What a row is called: what would be done, and to which file. */
export function labelOf({ item, review }: WaitingRow): string {
  const [file, ...others] = review.files;
  if (review.question !== null) return shortLine(review.question.text, LINE);
  if (file === undefined || others.length > 0) return shortLine(item.title, LINE);
  const name = shortLine(basename(file.path), LINE);
  switch (file.change) {
    case 'create':
      return t('Write {0}', name);
    case 'edit':
      return t('Edit {0}', name);
    case 'delete':
      return t('Delete {0}', name);
    case 'move':
      return t('Move {0} to {1}', name, shortLine(file.to ?? '', LINE));
  }
}

/** What else there is to know in a line: "src · +3 −1 · Fix the login · 5 min. ago". */
export function descriptionOf(row: WaitingRow, since: string, withThread: boolean): string {
  const { review } = row;
  return [
    stateWord(row),
    review.risk === 'high' && !isUnclear(row) ? t('high risk') : '',
    placeOf(row),
    review.files.length === 0 ? '' : `+${review.added} −${review.removed}`,
    withThread ? shortLine(row.threadTitle, LINE / 2) : '',
    since,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function placeOf({ review: { files, command } }: WaitingRow): string {
  if (command !== null) return shortLine(command.cwd, LINE / 2);
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) return '';
  const folder = dirname(file.path);
  return folder === '.' ? '' : shortLine(folder, LINE / 2);
}

/** Why a row needs another look than the others, in a word or two. */
function stateWord(row: WaitingRow): string {
  if (isUnclear(row)) return t('outcome unclear');
  const { question, notice, irrecoverable } = row.review;
  if (question !== null) return t('question');
  switch (notice?.kind) {
    case 'conflict':
      return t('conflict');
    case 'stale':
      return t('does not fit any more');
    case 'tooLarge':
      return t('too large to be shown');
    case 'rebased':
      return t('changed since');
    case 'expired':
      return t('expired');
    case 'again':
      return t('may have run');
    case 'interrupted':
      return t('cut off');
    case 'settling':
      return t('settles');
    case 'stacked':
      return t('on top of another');
    case 'arguments':
    case undefined:
      return irrecoverable.length > 0 ? t('cannot be taken back') : '';
  }
}

function standingOf({ item: { state }, review }: WaitingRow): string {
  const unclear = state === 'partial' || state === 'unknown';
  return standingInWords(unclear ? state : 'proposed', review);
}

/** A row for those who hear it. */
export function spokenOf(row: WaitingRow, since: string): string {
  const { item, review, threadTitle } = row;
  const title = review.question?.text ?? item.title;
  const size = review.files.length === 0 ? '' : `${sizeInWords(review.removed, review.added)}.`;
  return [
    `${shortLine(title, SENTENCE)}.`,
    size,
    standingOf(row),
    review.notice?.text ?? '',
    riskInWords(review),
    t('In “{0}”, since {1}.', shortLine(threadTitle, LINE), since),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** All that a row is about, as Markdown in which nothing of others is more than text. */
export function tooltipOf(row: WaitingRow, since: string): string {
  const { item, review, threadTitle } = row;
  const lines = [
    `**${markdownText(shortLine(review.question?.text ?? item.title, SENTENCE))}**`,
    markdownText(standingOf(row)),
    ...(review.notice === null ? [] : [markdownText(oneLine(review.notice.text))]),
    ...[...review.evidence, ...review.warnings, ...review.irrecoverable, ...review.facts].map(
      (line) => `- ${markdownText(shortLine(line, SENTENCE))}`,
    ),
    markdownText(riskInWords(review)),
    markdownText(t('In “{0}”, since {1}.', shortLine(threadTitle, LINE), since)),
  ];
  const diff = diffOf(review.files);
  return [...lines, ...(diff === '' ? [] : [fenced(diff, 'diff')])].join('\n\n');
}

/** The beginning of a diff of all files. */
function diffOf(files: readonly FileView[]): string {
  const named = files.length > 1;
  const rows = files.flatMap(({ path, diff, moreRows }) => [
    ...(named ? [`@@ ${shortLine(path, LINE)}`] : []),
    ...diff.map(diffLine),
    ...(moreRows > 0 ? [`  … ${t('{0} more lines', moreRows)}`] : []),
  ]);
  const left = rows.length - TOOLTIP_ROWS;
  const shown = rows.slice(0, TOOLTIP_ROWS);
  return [...shown, ...(left > 0 ? [`  … ${t('{0} more lines', left)}`] : [])].join('\n');
}

function diffLine({ kind, text }: DiffRow): string {
  const line = withoutMiddle(showHidden(text), ROW_LENGTH);
  switch (kind) {
    case 'added':
      return `+${line}`;
    case 'removed':
      return `-${line}`;
    case 'context':
      return ` ${line}`;
    case 'gap':
      return '  …';
  }
}
