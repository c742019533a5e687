import * as vscode from 'vscode';
import type { Disposable } from '../shared/lifecycle.ts';
import type { Core } from '../threads/core.ts';
import type { CoreHost } from './core-host.ts';
import { CONTEXT_KEYS } from './ids.ts';
import { proposalIdOf } from './proposal-documents.ts';

/** The proposal whose diff is the active editor, or null. */
export function activeProposal(): string | null {
  return proposalOfTab(vscode.window.tabGroups.activeTabGroup.activeTab);
}

/** Keeps the context key for Approve and Reject true to the active editor, and closes answered diffs. */
export function followDiffTabs(host: CoreHost): Disposable {
  const update = (): void => {
    const proposalId = activeProposal();
    const state = proposalId === null ? null : host.loaded()?.proposal(proposalId)?.state;
    const active = state === 'proposed';
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.reviewActive, active);
  };
  const subscriptions: Disposable[] = [
    vscode.window.tabGroups.onDidChangeTabs(update),
    vscode.window.tabGroups.onDidChangeTabGroups(update),
    host.onOpened((core) => {
      subscriptions.push(closeSettledDiffs(core), core.threads.onEvent(update));
      update();
    }),
  ];
  return {
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** A diff that was answered has nothing left to ask: its tab closes, the focus stays. */
function closeSettledDiffs(core: Core): Disposable {
  return core.threads.onEvent(({ event }) => {
    if (event.kind !== 'item' || event.item.kind !== 'tool') return;
    const proposalId = event.item.review?.proposalId;
    if (proposalId === undefined || core.proposal(proposalId)?.state === 'proposed') return;
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => proposalOfTab(tab) === proposalId);
    if (tabs.length > 0) void vscode.window.tabGroups.close(tabs, true);
  });
}

function proposalOfTab(tab: vscode.Tab | undefined): string | null {
  const input = tab?.input;
  return input instanceof vscode.TabInputTextDiff ? proposalIdOf(input.modified) : null;
}
