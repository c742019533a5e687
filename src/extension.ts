import * as vscode from 'vscode';
import { isStorageProblem } from './shared/storage.ts';
import { registerChangeReview } from './vscode/change-review.ts';
import { ChatView, type PanelMemory } from './vscode/chat-view.ts';
import { registerCommands } from './vscode/commands.ts';
import { type CoreHost, createCoreHost } from './vscode/core-host.ts';
import { createDiffTabs } from './vscode/diff-tabs.ts';
import { showError } from './vscode/errors.ts';
import { registerFileHints } from './vscode/file-hints.ts';
import { followDiffs } from './vscode/follow-diffs.ts';
import { registerInbox } from './vscode/inbox-loading.ts';
import { createModelSettings } from './vscode/model-settings.ts';
import { registerPlans } from './vscode/plan-loading.ts';
import { registerProposalDocuments } from './vscode/proposal-documents.ts';
import { NextRun } from './vscode/next-run.ts';
import { createReviews } from './vscode/reviews.ts';
import { registerRunView } from './vscode/run-loading.ts';
import { ShownFiles } from './vscode/shown-files.ts';
import { registerStorageNotices } from './vscode/storage-notices.ts';
import { registerThreadsTree } from './vscode/threads-tree.ts';
import { followTyping } from './vscode/typing.ts';

const PANEL_MEMORY = 'countersign.panel';

let host: CoreHost | null = null;

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, secrets, storageUri, workspaceState, extension } = context;
  const log = vscode.window.createOutputChannel('Countersign', { log: true });
  const settings = createModelSettings(secrets);
  const memory = workspaceState;
  const core = createCoreHost({ storageUri, settings, log, memory, extensionUri, secrets });
  host = core;
  const onError = (error: unknown): void => void showError(error, log);
  const shown = new ShownFiles();
  const typing = followTyping({ host: core, shown, onError });
  const tabs = createDiffTabs({ host: core, memory });
  const reviews = createReviews({ host: core, shown, tabs, typing });
  const panel: PanelMemory = {
    read: () => memory.get<string>(PANEL_MEMORY, ''),
    write: (text) => memory.update(PANEL_MEMORY, text),
  };
  const nextRun = new NextRun();
  const views = { extensionUri, host: core, settings, reviews, log, nextRun };
  const chat = new ChatView({ ...views, memory: panel });
  context.subscriptions.push(
    log,
    settings,
    chat,
    typing,
    followDiffs({ host: core, tabs, typing, onError }),
    registerProposalDocuments({
      host: core,
      shown,
      onArguments: (proposalId) => void reviews.openDiff(proposalId, null).catch(onError),
    }),
    registerChangeReview({ host: core, reviews, shown, tabs, log }),
    registerFileHints({ host: core, onError }),
    registerPlans({ host: core, chat, onError }),
    registerThreadsTree(core),
    registerStorageNotices({ host: core, log }),
    registerInbox({ host: core, chat, reviews, tabs, memory, log, onError }),
    registerRunView({ host: core, chat, nextRun, onError }),
    registerCommands({
      ...{ chat, host: core, reviews, tabs, settings, log, secrets },
      extensionId: extension.id,
      version: (extension.packageJSON as { version: string }).version,
    }),
  );
  const announcePending = (): void => {
    announce(core).catch((error: unknown) => {
      // The notices tell it.
      if (!isStorageProblem(error)) onError(error);
    });
  };
  context.subscriptions.push(core.onReadinessChanged(announcePending));
  setImmediate(announcePending);
}

export async function deactivate(): Promise<void> {
  await host?.close();
}

/**
 * Loads the core only if an approval waits since before the editor was started, or if something
 * happened to the conversations, which is to be said at once.
 */
async function announce(core: CoreHost): Promise<void> {
  if (core.readiness() !== 'ready' || core.loaded() !== null) return;
  if (core.countPending() === 0 && !core.looksDamaged()) return;
  await (await core.open()).threads.pending();
}
