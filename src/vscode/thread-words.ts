import * as vscode from 'vscode';
import type { ThreadStatus } from '../shared/thread-view.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function statusIcon(status: ThreadStatus): vscode.ThemeIcon {
  switch (status) {
    case 'running':
      return new vscode.ThemeIcon('loading~spin');
    case 'waiting':
      return new vscode.ThemeIcon('debug-pause');
    case 'unfinished':
      return new vscode.ThemeIcon('debug-disconnect');
    case 'idle':
      return new vscode.ThemeIcon('comment-discussion');
  }
}

export function statusText(status: ThreadStatus): string {
  switch (status) {
    case 'running':
      return vscode.l10n.t('running');
    case 'waiting':
      return vscode.l10n.t('approval waits');
    case 'unfinished':
      return vscode.l10n.t('cut off');
    case 'idle':
      return '';
  }
}

/** How long ago a time was, given in milliseconds since 1970, in the editor's language. */
export function sinceText(time: number): string {
  const ago = Math.max(0, Date.now() - time);
  const words = new Intl.RelativeTimeFormat(vscode.env.language, { style: 'short' });
  if (ago < MINUTE) return vscode.l10n.t('now');
  if (ago < HOUR) return words.format(-Math.floor(ago / MINUTE), 'minute');
  if (ago < DAY) return words.format(-Math.floor(ago / HOUR), 'hour');
  return words.format(-Math.floor(ago / DAY), 'day');
}
