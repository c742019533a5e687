import { t } from '@vscode/l10n';
import {
  type ChangeView,
  type FileChanges,
  type LineRange,
  progressOf,
} from '../shared/change-view.ts';
import { fenced } from '../shared/markdown.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { type FileTexts, type Piece, piecesOf } from './change-pieces.ts';
import { progressInWords } from './change-words.ts';

/** What a file that is open shows of a proposal that would change it. */
export interface FilePreview {
  /** Of all that would happen to the file. */
  readonly title: string;
  /** The change by which the file goes as a whole: what is decided of the file is decided by it. */
  readonly whole: ChangeView | null;
  /** What is shown here can be approved, once the rest of the proposal was looked at, too. */
  readonly approvable: boolean;
  readonly places: readonly PreviewPlace[];
}

export interface PreviewPlace {
  /** Null where it is the user's own change, which is decided by typing. */
  readonly view: ChangeView | null;
  /** "Proposed +2 −1 (1 of 3)". */
  readonly label: string;
  /** Lines of the file that go; empty where lines only come. */
  readonly goes: LineRange;
  /** What comes, short, in one line; '' where nothing does. */
  readonly comes: string;
  /** All of it, as a block of Markdown. */
  readonly diff: string;
}

export interface Previewed {
  readonly file: FileChanges;
  /** Null where it is no text. */
  readonly texts: FileTexts | null;
  readonly review: ReviewView;
  readonly threadTitle: string;
  /** Another proposal waits for the same file. */
  readonly several: boolean;
}

/** Characters of what comes that are shown behind a line. */
const COMES_LENGTH = 120;
/** Characters of a thread's title where several share a line. */
const THREAD_LENGTH = 24;
/** Changes that are shown in a file; past so many, it could not be read for them. */
const MAX_PLACES = 1000;
/** Rows of a diff that a hover shows. */
const HOVER_ROWS = 300;

export function filePreview(previewed: Previewed): FilePreview {
  const { file, texts, several, threadTitle } = previewed;
  const whole = file.changes.find((change) => change.whole) ?? null;
  const pieces = texts === null ? [] : piecesOf(file, texts);
  const total = file.changes.length;
  const by = several ? `${quoted(cut(threadTitle, THREAD_LENGTH))}: ` : '';
  let number = 0;
  const places = pieces
    .filter(({ view }) => view?.whole !== true)
    .slice(0, MAX_PLACES)
    .map((piece): PreviewPlace => {
      const { view, base, rows, isAgain } = piece;
      if (view !== null) number++;
      return {
        view,
        label: by + labelOf(piece, number, total),
        // Of a rejected change, nothing goes.
        goes: view?.state === 'rejected' ? { start: base.start, end: base.start } : base,
        comes:
          view?.state === 'rejected' || isAgain || piece.comes.length === 0
            ? ''
            : by + shortened(piece.comes),
        diff: diffBlock(rows),
      };
    });
  const approvable = previewed.review.approvable && (whole !== null || places.length > 0);
  return { title: titleOf(previewed, pieces), whole, approvable, places };
}

/** For a file that is not any more what the proposal was made on top of. */
export function stalePreview({ threadTitle, review }: Omit<Previewed, 'texts'>): FilePreview {
  const thread = quoted(threadTitle);
  const title =
    review.notice?.kind === 'stacked'
      ? t('{0} proposes a change on top of another one that still waits', thread)
      : t('{0} proposes a change. Stale: it was made for another text of this file', thread);
  return { title, whole: null, approvable: false, places: [] };
}

function titleOf({ file, review, threadTitle }: Previewed, pieces: readonly Piece[]): string {
  // As much as would be written: what is rejected is not among it.
  const own = pieces.filter(({ isAgain, view }) => !isAgain && view?.state !== 'rejected');
  const removed = own.reduce((sum, { goes }) => sum + goes.length, 0);
  const added = own.reduce((sum, { comes }) => sum + comes.length, 0);
  const size = file.isText ? ` (${sizeOf(added, removed)})` : '';
  const place = review.files.findIndex(({ operation }) => operation === file.operation) + 1;
  const part =
    review.files.length > 1 ? ` · ${t('file {0} of {1}', place, review.files.length)}` : '';
  const said = [...noticeInWords(review.notice), ...more(pieces.length)].map((one) => ` · ${one}`);
  return `${fateOf(file, quoted(threadTitle))}${size}${part}${said.join('')}`;
}

function more(pieces: number): readonly string[] {
  return pieces > MAX_PLACES ? [t('the first {0} changes are shown here', MAX_PLACES)] : [];
}

/** What is to be known, or done first; what a notice says at length is in the other places. */
function noticeInWords(notice: ReviewView['notice']): readonly string[] {
  switch (notice?.kind) {
    case 'rebased':
      return [t('put on top of what changed since')];
    case 'conflict':
      return [t('conflicts to be resolved in the diff')];
    case 'stale':
      return [t('does not fit the files any more')];
    case 'tooLarge':
      return [t('too large to be shown')];
    default:
      return [];
  }
}

function fateOf(file: FileChanges, thread: string): string {
  const progress = progressInWords(progressOf([file]));
  switch (file.kind) {
    case 'delete':
      return t('{0} proposes to delete this file: {1}', thread, progress);
    case 'move':
      return t(
        '{0} proposes to move this file to {1}: {2}',
        thread,
        plainLine(file.to ?? ''),
        progress,
      );
    case 'create':
    case 'edit':
      return t('{0} proposes {1}', thread, progress);
  }
}

function labelOf({ view, goes, comes }: Piece, number: number, total: number): string {
  const size = sizeOf(comes.length, goes.length);
  switch (view?.state) {
    case undefined:
      return t('Your own change {0}', size);
    case 'open':
      return t('Proposed {0} ({1} of {2})', size, number, total);
    case 'accepted':
      return t('Accepted {0} ({1} of {2})', size, number, total);
    case 'rejected':
      return t('Rejected {0} ({1} of {2})', size, number, total);
    case 'edited':
      return t('Changed by you {0} ({1} of {2})', size, number, total);
  }
}

function sizeOf(added: number, removed: number): string {
  return `+${added} −${removed}`;
}

function shortened(lines: readonly string[]): string {
  const [first = '', ...others] = lines.map((line) => line.replaceAll(/\s+/gu, ' ').trim());
  const text = [first, ...others.filter((line) => line !== '')].join(' ⏎ ');
  return cut(text, COMES_LENGTH) || t('an empty line');
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function diffBlock(rows: readonly string[]): string {
  const left = rows.length - HOVER_ROWS;
  const shown = rows.slice(0, HOVER_ROWS);
  const words =
    left === 1 ? t('1 more line is in the diff.') : t('{0} more lines are in the diff.', left);
  const more = left > 0 ? `\n\n${words}` : '';
  return fenced(shown.join('\n'), 'diff') + more;
}

function quoted(threadTitle: string): string {
  return t('“{0}”', plainLine(threadTitle));
}
