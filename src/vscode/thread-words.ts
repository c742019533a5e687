import * as vscode from 'vscode';
import type { ThreadStatus } from '../shared/thread-view.ts';
import type { ThreadSummary } from '../threads/thread-list.ts';
import { modeLabel } from './mode-choice.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function statusIcon(status: ThreadStatus): vscode.ThemeIcon {
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

/** Of an idle thread that is pinned, a pin; else of its status. */
export function threadIcon({ status, pinned }: ThreadSummary): vscode.ThemeIcon {
  return pinned && status === 'idle' ? new vscode.ThemeIcon('pinned') : statusIcon(status);
}

/** What can be done with a thread in a list of them. */
export function rowButtons(): Record<
  'pin' | 'unpin' | 'rename' | 'remove',
  vscode.QuickInputButton
> {
  const button = (icon: string, tooltip: string): vscode.QuickInputButton => ({
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
  });
  return {
    pin: button('pin', vscode.l10n.t('Pin')),
    unpin: button('pinned', vscode.l10n.t('Unpin')),
    rename: button('edit', vscode.l10n.t('Rename')),
    remove: button('trash', vscode.l10n.t('Delete')),
  };
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

/** When it was used, in which mode it is where that is not the usual one, and what more is known. */
export function describe({ updatedAt, mode }: ThreadSummary, ...more: readonly string[]): string {
  const named = mode === null || mode === 'act' ? '' : modeLabel(mode);
  return [sinceText(updatedAt), named, ...more].filter(Boolean).join(' · ');
}

/** Bytes as a person reads them. */
export function sizeText(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const options = { style: 'unit', unit: units[step], maximumSignificantDigits: 3 } as const;
  return new Intl.NumberFormat(vscode.env.language, options).format(bytes / 1000 ** step);
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
