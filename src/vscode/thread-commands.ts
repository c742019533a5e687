import * as vscode from 'vscode';
import type { ThreadSummary } from '../threads/thread-list.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { createAuditCommands } from './audit-commands.ts';
import type { ChatView } from './chat-view.ts';
import type { CoreHost } from './core-host.ts';
import { createStorageCommands } from './storage-commands.ts';
import { describe, rowButtons, statusText, threadIcon } from './thread-words.ts';

export interface ThreadCommandDeps {
  readonly host: CoreHost;
  readonly chat: ChatView;
}

/**
 * Commands on threads, and on what is kept of them. Called without one (from the palette), they mean the thread that is shown, which
 * `takeOver` makes this window's.
 */
export type ThreadCommands = Readonly<
  Record<
    | 'showHistory'
    | 'openThread'
    | 'renameThread'
    | 'deleteThread'
    | 'takeOver'
    | 'pinThread'
    | 'unpinThread'
    | 'showStorage'
    | 'verifyAudit'
    | 'exportAudit',
    (argument: unknown) => Promise<void>
  >
>;

export function createThreadCommands({ host, chat }: ThreadCommandDeps): ThreadCommands {
  const all = async (): Promise<readonly ThreadSummary[]> => (await host.open()).threads.list();
  const named = async (argument: unknown): Promise<ThreadSummary | undefined> => {
    const threadId = isThread(argument) ? argument.threadId : chat.shownThread;
    return (await all()).find((thread) => thread.threadId === threadId);
  };
  const open = async ({ threadId }: ThreadSummary): Promise<void> => {
    await chat.showThread(threadId);
    await chat.focus();
  };
  const rename = async ({ threadId, title }: ThreadSummary): Promise<void> => {
    const name = await vscode.window.showInputBox({
      title: vscode.l10n.t('Rename the thread'),
      value: title,
      validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('A thread has a title.') : ''),
    });
    if (name !== undefined) await (await host.open()).threads.rename(threadId, name);
  };
  const remove = async ({ threadId, title }: ThreadSummary): Promise<void> => {
    const { threads } = await host.open();
    await threads.remove(threadId);
    const shown = chat.shownThread === threadId;
    if (shown) chat.newThread();
    const undo = vscode.l10n.t('Undo');
    const message = vscode.l10n.t('The thread “{0}” is deleted.', plainLine(title));
    if ((await vscode.window.showInformationMessage(message, undo)) !== undo) return;
    await threads.restore(threadId);
    if (shown) await chat.showThread(threadId);
  };
  const pin = async ({ threadId }: ThreadSummary, pinned: boolean): Promise<void> => {
    await (await host.open()).threads.pin(threadId, pinned);
  };
  const onThread =
    (work: (thread: ThreadSummary) => Promise<void>) =>
    async (argument: unknown): Promise<void> => {
      const thread = await named(argument);
      if (thread !== undefined) await work(thread);
    };
  return {
    async showHistory() {
      const chosen = await pickThread(await all(), { rename, remove, pin, all });
      if (chosen !== null) await open(chosen);
    },
    async openThread(argument) {
      const thread = isThread(argument) ? argument : await pickThread(await all(), null);
      if (thread !== null) await open(thread);
    },
    async takeOver() {
      const threadId = chat.shownThread;
      if (threadId !== null) await (await host.open()).threads.takeOver(threadId);
    },
    renameThread: onThread(rename),
    deleteThread: onThread(remove),
    pinThread: onThread((thread) => pin(thread, true)),
    unpinThread: onThread((thread) => pin(thread, false)),
    ...createStorageCommands({ host, chat }),
    ...createAuditCommands(host),
  };
}

interface RowActions {
  readonly rename: (thread: ThreadSummary) => Promise<void>;
  readonly remove: (thread: ThreadSummary) => Promise<void>;
  readonly pin: (thread: ThreadSummary, pinned: boolean) => Promise<void>;
  readonly all: () => Promise<readonly ThreadSummary[]>;
}

type Row = vscode.QuickPickItem & { readonly thread: ThreadSummary };

/** A list of threads with search; each row can be pinned, renamed or deleted too. */
function pickThread(
  threads: readonly ThreadSummary[],
  actions: RowActions | null,
): Promise<ThreadSummary | null> {
  const buttons = rowButtons();
  const toRow = (thread: ThreadSummary): Row => ({
    thread,
    label: plainLine(thread.title),
    description: describe(thread, statusText(thread.status)),
    iconPath: threadIcon(thread),
    buttons:
      actions === null
        ? []
        : [thread.pinned ? buttons.unpin : buttons.pin, buttons.rename, buttons.remove],
  });
  const pick = vscode.window.createQuickPick<Row>();
  pick.title = vscode.l10n.t('Threads');
  pick.placeholder = vscode.l10n.t('Search the threads of this folder');
  pick.items = threads.map(toRow);
  return new Promise((resolve, reject) => {
    const finish = (thread: ThreadSummary | null): void => {
      resolve(thread);
      pick.dispose();
    };
    const pin = async ({ pin: set, all }: RowActions, thread: ThreadSummary): Promise<void> => {
      await set(thread, !thread.pinned);
      pick.items = (await all()).map(toRow);
    };
    pick.onDidAccept(() => {
      finish(pick.selectedItems[0]?.thread ?? null);
    });
    pick.onDidTriggerItemButton(({ button, item: { thread } }) => {
      if (actions === null) return;
      if (button === buttons.pin || button === buttons.unpin) {
        pin(actions, thread).catch(reject);
        return;
      }
      finish(null);
      actions[button === buttons.rename ? 'rename' : 'remove'](thread).catch(reject);
    });
    pick.onDidHide(() => {
      finish(null);
    });
    pick.show();
  });
}

function isThread(argument: unknown): argument is ThreadSummary {
  return typeof argument === 'object' && argument !== null && 'threadId' in argument;
}
