import * as vscode from 'vscode';
import { type Disposable, createEmitter } from '../shared/lifecycle.ts';
import { isStorageProblem } from '../shared/storage.ts';
import type { ThreadSummary } from '../threads/thread-list.ts';
import { plainLine } from '../workspace/plain-line.ts';
import type { CoreHost } from './core-host.ts';
import { COMMANDS, THREADS_VIEW } from './ids.ts';
import { describe, threadIcon } from './thread-words.ts';

/** Stands where the conversations would be while they cannot be opened. */
export const CLOSED = 'closed';

/** The Threads view: every conversation, pinned ones first, then last used first. */
export function registerThreadsTree(host: CoreHost): Disposable {
  const changed = createEmitter<null>();
  const subscriptions: Disposable[] = [
    changed,
    host.onReadinessChanged(() => {
      changed.fire(null);
    }),
    host.onOpened(({ threads }) => {
      subscriptions.push(
        threads.onListChanged(() => {
          changed.fire(null);
        }),
      );
      changed.fire(null);
    }),
    host.onStorageChanged(() => {
      changed.fire(null);
    }),
    vscode.window.registerTreeDataProvider<ThreadSummary | typeof CLOSED>(THREADS_VIEW, {
      onDidChangeTreeData: (listener) =>
        vscode.Disposable.from(
          changed.event(() => {
            listener.call(null, undefined);
          }),
        ),
      getChildren: async (parent) => {
        if (parent !== undefined || host.readiness() !== 'ready' || !host.hasHistory()) return [];
        try {
          return [...(await host.open()).threads.list()];
        } catch (error) {
          if (!isStorageProblem(error)) throw error;
          return [CLOSED];
        }
      },
      getTreeItem: (thread) => (thread === CLOSED ? closedItem() : toTreeItem(thread)),
    }),
  ];
  return {
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Never an empty list, which would look like an empty history. */
export function closedItem(): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('The conversations cannot be opened'));
  item.iconPath = new vscode.ThemeIcon('error');
  item.command = { command: COMMANDS.focusChat, title: vscode.l10n.t('Focus Chat') };
  return item;
}

function toTreeItem(thread: ThreadSummary): vscode.TreeItem {
  const item = new vscode.TreeItem(plainLine(thread.title));
  item.id = thread.threadId;
  item.description = describe(thread);
  item.iconPath = threadIcon(thread);
  item.contextValue = thread.pinned ? 'threadPinned' : 'thread';
  item.command = {
    command: COMMANDS.openThread,
    title: vscode.l10n.t('Open Thread'),
    arguments: [thread],
  };
  return item;
}
