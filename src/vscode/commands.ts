import * as vscode from 'vscode';
import { createApiCommands } from './api-commands.ts';
import type { ChatView } from './chat-view.ts';
import type { CoreHost } from './core-host.ts';
import { showError } from './errors.ts';
import { COMMANDS, WALKTHROUGH } from './ids.ts';
import type { ModelSettings } from './model-settings.ts';
import type { DiffTabs } from './diff-tabs.ts';
import { shownAt } from './proposal-uris.ts';
import type { Reviews } from './reviews.ts';
import { recoverStorage } from './storage-notices.ts';
import type { ThreadCommands } from './thread-commands.ts';

export interface CommandDeps {
  readonly chat: ChatView;
  readonly host: CoreHost;
  readonly reviews: Reviews;
  readonly tabs: DiffTabs;
  readonly settings: ModelSettings;
  readonly log: vscode.LogOutputChannel;
  readonly secrets: vscode.SecretStorage;
  readonly extensionId: string;
  readonly version: string;
}

type Handler = (argument: unknown) => Promise<void>;

export function registerCommands(deps: CommandDeps): vscode.Disposable {
  const { chat, reviews, settings, log } = deps;
  const api = createApiCommands(deps);
  const handlers: Record<keyof typeof COMMANDS, Handler> = {
    newThread: async () => {
      chat.newThread();
      await chat.focus();
    },
    focusChat: () => chat.focus(),
    cycleMode: () => chat.focus('cycleMode'),
    reviewPending: () => reviews.reviewPending(),
    ...createReviewCommands(deps),
    stop: async () => {
      const threadId = chat.shownThread;
      if (threadId !== null) await deps.host.loaded()?.threads.stop(threadId);
    },
    recoverStorage: () => recoverStorage(deps.host),
    continueRun: async () =>
      (await import('./after-run.ts')).continueRun(await deps.host.open(), chat.shownThread),
    undoChange: async () =>
      (await import('./after-run.ts')).takeBack(await deps.host.open(), chat.shownThread, 'undo'),
    redoChange: async () =>
      (await import('./after-run.ts')).takeBack(await deps.host.open(), chat.shownThread, 'redo'),
    sendAnyway: async () =>
      (await import('./inbox.ts')).askToSendAnyway(await deps.host.open(), chat),
    ...onThreads(deps),
    ...api.commands,
    setUpModel: async () => (await import('./set-up-model.ts')).setUpModel(settings),
    setApiKey: async () => (await import('./set-up-model.ts')).setApiKey(settings),
    shareHistory: async () => (await import('./share-history.ts')).shareHistory(deps),
    openSettings: async () => {
      await vscode.commands.executeCommand(
        'workbench.action.openSettings',
        `@ext:${deps.extensionId}`,
      );
    },
    openWalkthrough: async () => {
      await vscode.commands.executeCommand(
        'workbench.action.openWalkthrough',
        `${deps.extensionId}#${WALKTHROUGH}`,
      );
    },
    showLog: () => {
      log.show(true);
      return Promise.resolve();
    },
  };
  const names = Object.keys(handlers) as (keyof typeof COMMANDS)[];
  return vscode.Disposable.from(
    api.end,
    ...names.map((name) =>
      vscode.commands.registerCommand(COMMANDS[name], (argument: unknown) =>
        handlers[name](argument).catch((error: unknown) => showError(error, log)),
      ),
    ),
  );
}

/** Their lists and boxes are loaded with the first one that is called. */
function onThreads(deps: CommandDeps): ThreadCommands {
  const call = (name: keyof ThreadCommands): Handler => {
    return async (argument) =>
      (await import('./thread-commands.ts')).createThreadCommands(deps)[name](argument);
  };
  return {
    showHistory: call('showHistory'),
    openThread: call('openThread'),
    renameThread: call('renameThread'),
    deleteThread: call('deleteThread'),
    takeOver: call('takeOver'),
    pinThread: call('pinThread'),
    unpinThread: call('unpinThread'),
    showStorage: call('showStorage'),
    verifyAudit: call('verifyAudit'),
    exportAudit: call('exportAudit'),
  };
}

type ReviewCommand =
  | 'approve'
  | 'approveRest'
  | 'approveAccepted'
  | 'approveWithNote'
  | 'approveSome'
  | 'editArguments'
  | 'reject'
  | 'redirect'
  | 'doneByHand'
  | 'reviewAll'
  | 'compareRejected';

/** What is done with the proposal that an editor shows. */
function createReviewCommands({ reviews, tabs }: CommandDeps): Record<ReviewCommand, Handler> {
  /** Runs on the proposal of the editor that the command was called on, else of the active one. */
  const reviewed =
    (work: (proposalId: string) => Promise<void>): Handler =>
    async (argument) => {
      const named = argument instanceof vscode.Uri ? shownAt(argument) : null;
      const proposalId = named ?? tabs.active()?.proposalId;
      if (proposalId !== undefined) await work(proposalId);
    };
  return {
    approve: reviewed((id) => reviews.approve(id)),
    approveRest: reviewed((id) => reviews.approve(id)),
    approveAccepted: reviewed((id) => reviews.approveAccepted(id)),
    approveWithNote: reviewed((id) => reviews.approveWithNote(id)),
    approveSome: reviewed((id) => reviews.approveSome(id)),
    editArguments: reviewed((id) => reviews.editArguments(id)),
    reject: reviewed((id) => reviews.reject(id)),
    redirect: reviewed((id) => reviews.redirect(id)),
    doneByHand: reviewed((id) => reviews.doneByHand(id)),
    reviewAll: reviewed((id) => reviews.open(id)),
    compareRejected: reviewed((id) => reviews.compareRejected(id)),
  };
}
