import { config as configureL10n } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import { NOTHING, type Inbox as Waiting, areSame, followInbox } from '../threads/inbox.ts';
import { createRowCommands } from './approvals-commands.ts';
import { type ApprovalsElement, type ShownElement, createApprovalsTree } from './approvals-tree.ts';
import { type Channels, createChannels } from './channels.ts';
import type { ChatView } from './chat-view.ts';
import type { DiffTabs } from './diff-tabs.ts';
import { CONTEXT_KEYS, type INBOX_COMMANDS } from './ids.ts';
import { followNotifications } from './notifications.ts';
import { createPendingMarks } from './pending-marks.ts';
import { createPendingStatus } from './pending-status.ts';
import { followRefusals } from './refusals.ts';
import type { Reviews } from './reviews.ts';

export { choosePending } from './choose-pending.ts';
export { askToSendAnyway } from './refusals.ts';

export type InboxCommand = keyof typeof INBOX_COMMANDS;

/** Where the user learns that something waits, and answers it, outside the panel and the files. */
export interface Inbox {
  /** Shows what waits there, from now on; null: nothing is open. */
  follow(core: Core | null): void;
  /** The rows of the Approvals view, or those below one of its threads. */
  children(core: Core, parent?: ApprovalsElement): Promise<readonly ApprovalsElement[]>;
  parent(element: ApprovalsElement): ApprovalsElement | undefined;
  treeItem(element: ShownElement): vscode.TreeItem;
  /** The same with its tooltip. */
  resolve(item: vscode.TreeItem, element: ApprovalsElement): vscode.TreeItem;
  /** Does something with a row of the view, or with several. */
  run(name: InboxCommand, row: unknown, rows: unknown): Promise<void>;
  /** Shows what one of the ways to tell comes to here, whatever the settings say. */
  test(channel: keyof Channels['tests']): Promise<void>;
  dispose(): void;
}

export interface InboxDeps {
  readonly chat: ChatView;
  readonly reviews: Reviews;
  readonly tabs: DiffTabs;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
  readonly view: vscode.TreeView<ApprovalsElement>;
  readonly status: vscode.StatusBarItem;
  /** The view is to be drawn anew. */
  readonly onShown: () => void;
  readonly onError: (error: unknown) => void;
}

/** A bundle of its own, loaded with the core: an editor that nothing waits in does without. */
export function createInbox(deps: InboxDeps): Inbox {
  configureL10n({ contents: vscode.l10n.bundle ?? {} });
  const { onShown, onError } = deps;
  let followed: { readonly core: Core; readonly announced: Promise<unknown> } | null = null;
  let subscriptions = vscode.Disposable.from();
  let waiting: Waiting = NOTHING;
  const tree = createApprovalsTree(deps, () => waiting.rows);
  const marks = createPendingMarks();
  const showStatus = createPendingStatus(deps.status);
  const channels = createChannels(deps);
  /** By interrupt. */
  const told = new Set<string>();
  const core = (): Core | null => followed?.core ?? null;
  const commands = createRowCommands({ ...deps, tree, core, rows: () => waiting.rows });
  const show = (now: Waiting): void => {
    const before = waiting;
    waiting = now;
    showStatus(now);
    if (areSame(before.rows, now.rows)) return;
    const key = CONTEXT_KEYS.pendingCount;
    void vscode.commands.executeCommand('setContext', key, now.rows.length);
    tree.update();
    marks.show(core(), now.rows);
    onShown();
  };
  const follow = (opened: Core | null): void => {
    if (opened === core()) return;
    subscriptions.dispose();
    followed = null;
    if (opened === null) {
      subscriptions = vscode.Disposable.from();
      show(NOTHING);
      return;
    }
    const notifications = followNotifications(opened, { ...deps, channels, told });
    const refusals = followRefusals(opened, { ...deps, channels });
    subscriptions = vscode.Disposable.from(notifications, refusals, followInbox(opened, show));
    const announced = opened.threads.pending();
    announced.catch(onError);
    followed = { core: opened, announced };
  };
  return {
    follow,
    async children(opened, parent) {
      follow(opened);
      await followed?.announced;
      return tree.children(parent);
    },
    parent: (element) => tree.parent(element),
    treeItem: (element) => tree.item(element),
    resolve: (item, element) => tree.resolve(item, element),
    test: (channel) => channels.tests[channel](),
    run: (name, row, rows) => commands(name, row, rows),
    dispose() {
      subscriptions.dispose();
      tree.dispose();
      marks.dispose();
    },
  };
}
