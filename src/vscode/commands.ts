import * as vscode from 'vscode';
import type { ChatView } from './chat-view.ts';
import type { CoreHost } from './core-host.ts';
import { showError } from './errors.ts';
import { COMMANDS, WALKTHROUGH } from './ids.ts';
import type { ModelSettings } from './model-settings.ts';
import { activeProposal } from './diff-tabs.ts';
import { proposalIdOf } from './proposal-documents.ts';
import type { Reviews } from './reviews.ts';
import { setApiKey, setUpModel } from './set-up-model.ts';
import { createThreadCommands } from './thread-commands.ts';

export interface CommandDeps {
  readonly chat: ChatView;
  readonly host: CoreHost;
  readonly reviews: Reviews;
  readonly settings: ModelSettings;
  readonly log: vscode.LogOutputChannel;
  readonly extensionId: string;
}

type Handler = (argument: unknown) => Promise<void>;

export function registerCommands(deps: CommandDeps): vscode.Disposable {
  const { chat, reviews, settings, log } = deps;
  const handlers: Record<keyof typeof COMMANDS, Handler> = {
    newThread: async () => {
      chat.newThread();
      await chat.focus();
    },
    focusChat: () => chat.focus(),
    reviewPending: () => reviews.reviewPending(),
    approve: (uri) => onReviewed(uri, (id) => reviews.approve(id)),
    reject: (uri) => onReviewed(uri, (id) => reviews.reject(id)),
    stop: async () => {
      const threadId = chat.shownThread;
      if (threadId !== null) await deps.host.loaded()?.threads.stop(threadId);
    },
    ...createThreadCommands(deps),
    setUpModel: () => setUpModel(settings),
    setApiKey: () => setApiKey(settings),
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
    ...names.map((name) =>
      vscode.commands.registerCommand(COMMANDS[name], (argument: unknown) =>
        handlers[name](argument).catch((error: unknown) => showError(error, log)),
      ),
    ),
  );
}

/** Runs on the proposal of the editor that the command was called on, else of the active one. */
async function onReviewed(
  argument: unknown,
  work: (proposalId: string) => Promise<void>,
): Promise<void> {
  const named = argument instanceof vscode.Uri ? proposalIdOf(argument) : null;
  const proposalId = named ?? activeProposal();
  if (proposalId !== null) await work(proposalId);
}
