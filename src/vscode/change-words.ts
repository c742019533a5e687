import * as vscode from 'vscode';
import type { ChangeProgress, ChangeView } from '../shared/change-view.ts';

/** The most lines of a change that are quoted. */
const QUOTED = 8;

/** "Change 2 of 5 · accepted · 1 line replaced". */
export function labelOf(change: ChangeView, number: number, total: number): string {
  return vscode.l10n.t('Change {0} of {1} · {2}', number, total, stateOf(change));
}

function stateOf(change: ChangeView): string {
  switch (change.state) {
    case 'accepted':
      return vscode.l10n.t('accepted · {0}', sizeOf(change));
    case 'rejected':
      return vscode.l10n.t('rejected: stays as it is · {0}', sizeOf(change));
    case 'edited':
      return vscode.l10n.t('edited by you, accepted · {0}', sizeOf(change));
    case 'open':
      return sizeOf(change);
  }
}

/** What goes and what comes, in words. */
function sizeOf({ whole, removed, added }: ChangeView): string {
  if (whole) return vscode.l10n.t('the whole file');
  if (removed.length === 0) return vscode.l10n.t('{0} comes', lines(added.length));
  if (added.length === 0) return vscode.l10n.t('{0} goes', lines(removed.length));
  return vscode.l10n.t('{0} goes, {1} comes', lines(removed.length), lines(added.length));
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
