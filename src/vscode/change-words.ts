import * as vscode from 'vscode';
import type { ChangeProgress, ChangeView, FileChanges } from '../shared/change-view.ts';

/** The most lines of a change that are quoted. */
const QUOTED = 8;

/** "Change 2 of 5 · accepted". */
export function labelOf({ state }: ChangeView, number: number, total: number): string {
  switch (state) {
    case 'accepted':
      return vscode.l10n.t('Change {0} of {1} · accepted', number, total);
    case 'rejected':
      return vscode.l10n.t('Change {0} of {1} · rejected', number, total);
    case 'edited':
      return vscode.l10n.t('Change {0} of {1} · edited by you', number, total);
    case 'open':
      return vscode.l10n.t('Change {0} of {1}', number, total);
  }
}

/** What goes and what comes, in words. */
export function sizeOf(
  { state, whole, removed, added }: ChangeView,
  { kind }: FileChanges,
): string {
  if (state === 'rejected')
    return vscode.l10n.t('It stays as it was. Accept puts the change back.');
  if (whole) return wholeFile(kind);
  if (removed.length === 0) return vscode.l10n.t('Adds {0}', lines(added.length));
  if (added.length === 0) return vscode.l10n.t('Removes {0}', lines(removed.length));
  return vscode.l10n.t('Removes {0}, adds {1}', lines(removed.length), lines(added.length));
}

function wholeFile(kind: FileChanges['kind']): string {
  switch (kind) {
    case 'create':
      return vscode.l10n.t('Creates the file');
    case 'edit':
      return vscode.l10n.t('Writes the whole file');
    case 'delete':
      return vscode.l10n.t('Deletes the file');
    case 'move':
      return vscode.l10n.t('Moves the file');
  }
}

function lines(count: number): string {
  return count === 1 ? vscode.l10n.t('1 line') : vscode.l10n.t('{0} lines', count);
}

/** What the agent wanted, as Markdown, where the text that is shown does not have it; else ''. */
export function wantedOf({ state, added, removed, whole }: ChangeView): string {
  if (whole || (state !== 'rejected' && state !== 'edited')) return '';
  const quoted = added.length > 0 ? added : removed;
  const words = new vscode.MarkdownString();
  words.appendText(
    added.length > 0
      ? vscode.l10n.t('The agent proposed:')
      : vscode.l10n.t('The agent proposed to take out:'),
  );
  const more = quoted.length > QUOTED ? '\n…' : '';
  return words.appendCodeblock(quoted.slice(0, QUOTED).join('\n') + more).value;
}

/** "2 of 5 accepted, 1 rejected". */
export function progressOf({ total, accepted, edited, rejected }: ChangeProgress): string {
  const taken = vscode.l10n.t('{0} of {1} accepted', accepted + edited, total);
  return rejected === 0 ? taken : vscode.l10n.t('{0}, {1} rejected', taken, rejected);
}
