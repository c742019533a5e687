import * as vscode from 'vscode';
import type { Inbox } from '../threads/inbox.ts';
import { labelOf } from '../threads/inbox-words.ts';
import { shortLine } from '../workspace/plain-line.ts';
import { COMMANDS, RUN_COMMANDS } from './ids.ts';

/** How many lines a tooltip has room for. */
const LISTED = 10;

/** Says in the status bar what waits or runs; what it says of an idle agent is given. */
export function createPendingStatus(item: vscode.StatusBarItem): (inbox: Inbox) => void {
  const { text, tooltip, command } = item;
  const idle = { text, tooltip, command, backgroundColor: undefined };
  return (inbox) => {
    Object.assign(item, inbox.rows.length > 0 ? waits(inbox) : runsOr(idle, inbox));
    item.accessibilityInformation = { label: spoken(item) };
    item.show();
  };
}

type Shown = Pick<vscode.StatusBarItem, 'text' | 'tooltip' | 'command' | 'backgroundColor'>;

function waits({ rows, running }: Inbox): Shown {
  const { length } = rows;
  const count = length === 1 ? vscode.l10n.t('1 approval') : vscode.l10n.t('{0} approvals', length);
  const lines = rows.map((row) => `${labelOf(row)}, ${shortLine(row.threadTitle)}`);
  return {
    text: `$(debug-pause) ${count}`,
    tooltip: [...listed(lines), ...runningLine(running)].join('\n'),
    command: COMMANDS.reviewPending,
    backgroundColor: new vscode.ThemeColor('statusBarItem.warningBackground'),
  };
}

function pausedOr(idle: Shown, { paused }: Inbox): Shown {
  const { length } = paused;
  if (length === 0) return idle;
  const count =
    length === 1
      ? vscode.l10n.t('1 thread is paused')
      : vscode.l10n.t('{0} threads are paused', length);
  return {
    text: `$(debug-breakpoint) ${count}`,
    tooltip: listed(paused.map((title) => shortLine(title))).join('\n'),
    command: RUN_COMMANDS.focusRun,
    backgroundColor: undefined,
  };
}

function runsOr(idle: Shown, inbox: Inbox): Shown {
  const { running } = inbox;
  const { length } = running;
  if (length === 0) return pausedOr(idle, inbox);
  const count =
    length === 1 ? vscode.l10n.t('1 thread runs') : vscode.l10n.t('{0} threads run', length);
  return {
    text: `$(loading~spin) ${count}`,
    tooltip: listed(running.map((title) => shortLine(title))).join('\n'),
    command: COMMANDS.focusChat,
    backgroundColor: undefined,
  };
}

function runningLine(running: readonly string[]): string[] {
  if (running.length === 0) return [];
  return ['', vscode.l10n.t('Threads that run: {0}', running.length)];
}

function listed(lines: readonly string[]): string[] {
  const more = lines.length - LISTED;
  return [...lines.slice(0, LISTED), ...(more > 0 ? [vscode.l10n.t('and {0} more', more)] : [])];
}

function spoken({ text, tooltip }: vscode.StatusBarItem): string {
  const words = text.replace(/^\$\([\w~-]+\) /u, '');
  const details = typeof tooltip === 'string' ? tooltip.replaceAll('\n', '; ') : '';
  return words === 'Countersign' ? details : `Countersign: ${words}. ${details}`;
}
