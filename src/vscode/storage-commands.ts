import * as vscode from 'vscode';
import type { StorageUse, ThreadSize } from '../checkpoint/sizes.ts';
import { plainLine } from '../workspace/plain-line.ts';
import type { ChatView } from './chat-view.ts';
import { COMMANDS } from './ids.ts';
import type { CoreHost } from './core-host.ts';
import { rowButtons, sizeText } from './thread-words.ts';

export interface StorageCommands {
  /** Lists how much is stored for each thread, and in total. */
  showStorage(): Promise<void>;
}

interface Row extends vscode.QuickPickItem {
  /** Null for the total. */
  readonly thread: ThreadSize | null;
}

type Buttons = ReturnType<typeof rowButtons> & { readonly reveal: vscode.QuickInputButton };

export function createStorageCommands({
  host,
  chat,
}: {
  readonly host: CoreHost;
  readonly chat: ChatView;
}): StorageCommands {
  return {
    async showStorage() {
      const { storage, threads } = await host.open();
      const buttons: Buttons = { ...rowButtons(), reveal: revealButton() };
      const pick = vscode.window.createQuickPick<Row>();
      pick.title = vscode.l10n.t('Storage Used');
      pick.placeholder = vscode.l10n.t('Largest first. Choose a thread to open it');
      const refresh = async (): Promise<void> => {
        pick.busy = true;
        pick.items = rowsOf(await storage.use(), buttons);
        pick.busy = false;
      };
      const press = async (button: vscode.QuickInputButton, row: Row): Promise<void> => {
        const { thread } = row;
        if (thread === null) {
          await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(storage.path));
        } else if (button === buttons.remove) {
          pick.hide();
          await vscode.commands.executeCommand(COMMANDS.deleteThread, thread);
        } else {
          await threads.pin(thread.threadId, button === buttons.pin);
          await refresh();
        }
      };
      const chosen = await pickWith(pick, refresh, press);
      if (chosen === null || chosen.thread?.deleted === true) return;
      if (chosen.thread === null) {
        await press(buttons.reveal, chosen);
        return;
      }
      await chat.showThread(chosen.thread.threadId);
      await chat.focus();
    },
  };
}

function revealButton(): vscode.QuickInputButton {
  return {
    iconPath: new vscode.ThemeIcon('folder-opened'),
    tooltip: vscode.l10n.t('Show the File'),
  };
}

function rowsOf({ onDisk, stored, threads }: StorageUse, buttons: Buttons): Row[] {
  const total: Row = {
    thread: null,
    label: vscode.l10n.t('In total: {0}', sizeText(onDisk)),
    description: vscode.l10n.t('on the disk, for {0} of content', sizeText(stored)),
    iconPath: new vscode.ThemeIcon('database'),
    buttons: [buttons.reveal],
  };
  return [total, ...threads.map((thread) => toRow(thread, buttons))];
}

function toRow(thread: ThreadSize, buttons: Buttons): Row {
  const { title, bytes, pinned, deleted } = thread;
  const notes = deleted ? [vscode.l10n.t('deleted; goes within a week')] : [];
  return {
    thread,
    label: plainLine(title),
    description: [sizeText(bytes), ...notes].join(' · '),
    iconPath: new vscode.ThemeIcon(deleted ? 'trash' : pinned ? 'pinned' : 'comment-discussion'),
    buttons: deleted ? [] : [pinned ? buttons.unpin : buttons.pin, buttons.remove],
  };
}

/** Answers what is accepted, or null. What goes wrong on the way ends it. */
function pickWith(
  pick: vscode.QuickPick<Row>,
  fill: () => Promise<void>,
  press: (button: vscode.QuickInputButton, row: Row) => Promise<void>,
): Promise<Row | null> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      pick.dispose();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0] ?? null);
      pick.dispose();
    });
    pick.onDidTriggerItemButton(({ button, item }) => {
      press(button, item).catch(fail);
    });
    pick.onDidHide(() => {
      resolve(null);
      pick.dispose();
    });
    pick.show();
    fill().catch(fail);
  });
}
