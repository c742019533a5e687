import * as vscode from 'vscode';
import type { ThreadView } from '../shared/thread-view.ts';
import type { HistoryEntry } from '../threads/history.ts';
import { COMMANDS, RUN_COMMANDS } from './ids.ts';
import { isChosen } from './run-breakpoints.ts';
import type { CheckpointElement, PointElement, RunElement } from './run-elements.ts';
import type { Drawn } from './run-view.ts';
import { sinceText } from './thread-words.ts';

/** What stands above the rows. */
export function messageFor(view: ThreadView | null, step: boolean): string {
  const next = step ? [vscode.l10n.t('The next run stops before every node.')] : [];
  return [standing(view), ...next].join(' ');
}

function standing(view: ThreadView | null): string {
  if (view === null) return vscode.l10n.t('No run yet. Tick the nodes before which it is to stop.');
  const at = view.at.join(', ');
  if (view.elsewhere)
    return vscode.l10n.t('The thread is open in another window or on another machine.');
  switch (view.status) {
    case 'idle':
      return vscode.l10n.t('The run is done.');
    case 'running':
      return vscode.l10n.t('Running.');
    case 'waiting':
      return vscode.l10n.t('Waits in {0} for your decision.', at);
    case 'paused':
      return vscode.l10n.t('Paused before {0}. F5 continues, F10 steps.', at);
    case 'unfinished':
      return vscode.l10n.t('Cut off in {0}. Continue the run, or end it.', at);
  }
}

export function itemOf(element: RunElement, drawn: Drawn): vscode.TreeItem {
  switch (element.kind) {
    case 'point':
      return pointItem(element, drawn);
    case 'history':
      return historyItem();
    case 'checkpoint':
      return checkpointItem(element);
    case 'more':
      return moreItem();
    case 'problem':
      return problemItem(element.text);
  }
}

/** A box for stopping there; the row of a node, before which it is, says where the run stands, too. */
function pointItem(point: PointElement, { view, everywhere, own }: Drawn): vscode.TreeItem {
  const { node, when } = point;
  const isNode = when === 'before';
  const item = new vscode.TreeItem(isNode ? node : vscode.l10n.t('after {0}', node));
  const isAlways = isChosen(point, everywhere);
  const isHere = isNode && view?.at.includes(node) === true;
  item.id = `${when} ${node}`;
  if (isHere) item.iconPath = hereIcon(view);
  item.description = [
    isHere ? hereText(view) : '',
    isAlways ? vscode.l10n.t('in every thread, by the setting') : '',
  ]
    .filter((one) => one !== '')
    .join(' · ');
  item.checkboxState = {
    state:
      isAlways || isChosen(point, own)
        ? vscode.TreeItemCheckboxState.Checked
        : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: pointLabel(point),
    accessibilityInformation: { label: pointLabel(point) },
  };
  const label = [pointLabel(point), item.description].filter((one) => one !== '').join(', ');
  item.accessibilityInformation = { label };
  item.command = {
    command: RUN_COMMANDS.toggleBreakpoint,
    title: vscode.l10n.t('Toggle'),
    arguments: [point],
  };
  return item;
}

function hereText({ status }: ThreadView): string {
  if (status === 'running') return vscode.l10n.t('works now');
  return status === 'waiting' ? vscode.l10n.t('waits for you') : vscode.l10n.t('comes next');
}

function hereIcon({ status }: ThreadView): vscode.ThemeIcon {
  if (status === 'running') return new vscode.ThemeIcon('loading~spin');
  const color = new vscode.ThemeColor('debugIcon.breakpointCurrentStackframeForeground');
  return new vscode.ThemeIcon('debug-stackframe', color);
}

/** The same as it is read without the row above it. */
export function pointLabel({ node, when }: PointElement): string {
  return when === 'before'
    ? vscode.l10n.t('Stop before {0}', node)
    : vscode.l10n.t('Stop after {0}', node);
}

function historyItem(): vscode.TreeItem {
  const item = new vscode.TreeItem(
    vscode.l10n.t('History'),
    vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = 'history';
  item.iconPath = new vscode.ThemeIcon('history');
  item.contextValue = 'runHistory';
  return item;
}

function checkpointItem(element: CheckpointElement): vscode.TreeItem {
  const { entry } = element;
  const item = new vscode.TreeItem(placeText(entry));
  item.id = `checkpoint ${entry.checkpointId}`;
  item.description = [sinceText(entry.at), entry.asked ? vscode.l10n.t('approval') : '']
    .filter((one) => one !== '')
    .join(' · ');
  item.tooltip = `${new Date(entry.at).toLocaleString(vscode.env.language)}\n${entry.checkpointId}`;
  item.iconPath = new vscode.ThemeIcon(entry.next.length === 0 ? 'pass' : 'git-commit');
  item.contextValue = 'runCheckpoint';
  item.command = {
    command: RUN_COMMANDS.showCheckpoint,
    title: vscode.l10n.t('Show State'),
    arguments: [element],
  };
  return item;
}

/** Who made a checkpoint, and what comes after it. */
export function placeText({ source, ran, next }: HistoryEntry): string {
  const after = next.length === 0 ? vscode.l10n.t('done') : next.join(', ');
  const own = ran.filter((node) => !node.startsWith('__'));
  return `${own.length > 0 ? own.join(', ') : madeText(source)} → ${after.replace('__start__', '…')}`;
}

function madeText(source: string): string {
  switch (source) {
    case 'update':
      return vscode.l10n.t('state changed');
    case 'fork':
      return vscode.l10n.t('fork');
    default:
      return vscode.l10n.t('message');
  }
}

function moreItem(): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show Older Checkpoints'));
  item.id = 'more';
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: RUN_COMMANDS.moreHistory, title: '' };
  return item;
}

function problemItem(text: string): vscode.TreeItem {
  const item = new vscode.TreeItem(text);
  item.iconPath = new vscode.ThemeIcon('warning');
  item.command = { command: COMMANDS.openSettings, title: '' };
  return item;
}
