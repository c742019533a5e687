import * as vscode from 'vscode';
import { ChatView, type PanelMemory } from './vscode/chat-view.ts';
import { registerCommands } from './vscode/commands.ts';
import { type CoreHost, createCoreHost } from './vscode/core-host.ts';
import { followDiffTabs } from './vscode/diff-tabs.ts';
import { showError } from './vscode/errors.ts';
import { createModelSettings } from './vscode/model-settings.ts';
import { registerNotifications } from './vscode/notifications.ts';
import { registerProposalDocuments } from './vscode/proposal-documents.ts';
import { createReviews } from './vscode/reviews.ts';
import { registerThreadsTree } from './vscode/threads-tree.ts';

const PANEL_MEMORY = 'countersign.panel';

let host: CoreHost | null = null;

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, secrets, storageUri, workspaceState, extension } = context;
  const log = vscode.window.createOutputChannel('Countersign', { log: true });
  const settings = createModelSettings(secrets);
  const core = createCoreHost({ storageUri, settings, log });
  host = core;
  const reviews = createReviews(core);
  const memory: PanelMemory = {
    read: () => workspaceState.get<string>(PANEL_MEMORY, ''),
    write: (text) => workspaceState.update(PANEL_MEMORY, text),
  };
  const chat = new ChatView({ extensionUri, host: core, settings, reviews, log, memory });
  context.subscriptions.push(
    log,
    settings,
    chat,
    followDiffTabs(core),
    registerProposalDocuments(core),
    registerThreadsTree(core),
    registerNotifications({ host: core, chat, reviews, log }),
    registerCommands({ chat, host: core, reviews, settings, log, extensionId: extension.id }),
  );
  const announcePending = (): void => {
    announce(core).catch((error: unknown) => showError(error, log));
  };
  context.subscriptions.push(core.onReadinessChanged(announcePending));
  setImmediate(announcePending);
}

export async function deactivate(): Promise<void> {
  await host?.close();
}

/** Loads the core only if an approval waits since before the editor was started. */
async function announce(core: CoreHost): Promise<void> {
  if (core.readiness() !== 'ready' || core.loaded() !== null || core.countPending() === 0) return;
  await (await core.open()).threads.pending();
}
