import * as vscode from 'vscode';
import { OPEN_ONE } from './change-commands.ts';
import { progressOf } from './change-words.ts';
import type { CoreHost } from './core-host.ts';
import type { DiffTabs } from './diff-tabs.ts';
import { CHANGE_COMMANDS } from './ids.ts';

/** While a proposal is looked at, the status bar says how much of it is decided. */
export function registerChangeStatus(host: CoreHost, tabs: DiffTabs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    'countersign.changes',
    vscode.StatusBarAlignment.Left,
    90,
  );
  item.name = vscode.l10n.t('Countersign: Changes');
  item.tooltip = vscode.l10n.t('Go to the next change that is still open');
  item.command = {
    title: item.tooltip,
    command: CHANGE_COMMANDS.nextChange,
    arguments: [OPEN_ONE],
  };
  const update = (): void => {
    const active = tabs.active();
    const changes = active === null ? null : (host.loaded()?.changes(active.proposalId) ?? null);
    if (changes === null || changes.progress.total === 0) {
      item.hide();
      return;
    }
    item.text = `$(checklist) ${progressOf(changes.progress)}`;
    item.show();
  };
  const subscriptions: { dispose(): unknown }[] = [
    item,
    vscode.window.tabGroups.onDidChangeTabs(update),
    vscode.window.tabGroups.onDidChangeTabGroups(update),
    host.onOpened((core) => {
      subscriptions.push(
        core.threads.onEvent(({ event }) => {
          if (event.kind === 'item' && event.item.kind === 'tool' && event.item.review) update();
        }),
      );
      update();
    }),
  ];
  return new vscode.Disposable(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}
