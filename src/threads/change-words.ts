import { t } from '@vscode/l10n';
import type { ChangeProgress, ChangeState, FileChanges, LineRange } from '../shared/change-view.ts';

/** "line 3", "lines 3 to 5", "after line 3"; lines are counted from 1 here. */
export function linesInWords({ start, end }: LineRange): string {
  if (end === start) return start === 0 ? t('before line 1') : t('after line {0}', start);
  return end === start + 1 ? t('line {0}', end) : t('lines {0} to {1}', start + 1, end);
}

/** "1 line goes, 2 lines come". */
export function sizeInWords(goes: number, comes: number): string {
  const words = [
    ...(goes === 0 ? [] : [goes === 1 ? t('1 line goes') : t('{0} lines go', goes)]),
    ...(comes === 0 ? [] : [comes === 1 ? t('1 line comes') : t('{0} lines come', comes)]),
  ];
  return words.length === 0 ? t('no line changes') : words.join(', ');
}

export function stateInWords(state: ChangeState): string {
  switch (state) {
    case 'open':
      return t('Not decided.');
    case 'accepted':
      return t('Accepted.');
    case 'rejected':
      return t('Rejected: it is not written.');
    case 'edited':
      return t('Changed by you, and with that accepted.');
  }
}

/** "3 changes: 1 accepted, 2 not decided". */
export function progressInWords(progress: ChangeProgress): string {
  const { total, accepted, edited, rejected, open } = progress;
  const parts: (readonly [number, string])[] = [
    [accepted, t('{0} accepted', accepted)],
    [edited, t('{0} changed by you', edited)],
    [rejected, t('{0} rejected', rejected)],
    [open, t('{0} not decided', open)],
  ];
  const words = parts.filter(([count]) => count > 0).map(([, text]) => text);
  const changes = total === 1 ? t('1 change') : t('{0} changes', total);
  return words.length === 0 ? changes : `${changes}: ${words.join(', ')}`;
}

/** How a file fares as a whole: "src/app.ts is moved to lib/app.ts". */
export function fateInWords({ kind, path, to }: Pick<FileChanges, 'kind' | 'path' | 'to'>): string {
  switch (kind) {
    case 'create':
      return t('{0} is new', path);
    case 'edit':
      return t('{0} is changed', path);
    case 'delete':
      return t('{0} is deleted', path);
    case 'move':
      return t('{0} is moved to {1}', path, to ?? '');
  }
}
