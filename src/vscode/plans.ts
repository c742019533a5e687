import { config as configureL10n } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import type { ChatView } from './chat-view.ts';
import type { CoreHost } from './core-host.ts';
import { PLAN_COMMANDS } from './ids.ts';
import type { OwnFiles } from './own-files.ts';
import { createPlanCommands } from './plan-commands.ts';
import { createPlanDocuments } from './plan-documents.ts';
import { PlanThreads } from './plan-threads.ts';

/** Plans in the editor: documents, comments, and what is done with them. */
export interface PlanDesk extends OwnFiles {
  run(name: keyof typeof PLAN_COMMANDS, argument: unknown): Promise<void>;
  dispose(): void;
}

export interface PlanDeskDeps {
  readonly host: CoreHost;
  readonly chat: ChatView;
  readonly changed: vscode.EventEmitter<vscode.FileChangeEvent[]>;
  readonly onError: (error: unknown) => void;
}

/** A bundle of its own, loaded with the first plan that is opened. */
export function createPlanDesk(deps: PlanDeskDeps): PlanDesk {
  configureL10n({ contents: vscode.l10n.bundle ?? {} });
  const { host, onError } = deps;
  const documents = createPlanDocuments({ ...deps, onReplaced: tellReplaced });
  const threads = new PlanThreads(onError);
  const commands = createPlanCommands({ ...deps, threads });
  let following = vscode.Disposable.from();
  const follow = (core: Core): void => {
    following.dispose();
    following = vscode.Disposable.from(documents.follow(core), threads.follow(core));
  };
  const opened = host.onOpened(follow);
  const core = host.loaded();
  if (core !== null) follow(core);
  return {
    ...documents,
    run: (name, argument) => commands[name](argument),
    dispose() {
      for (const one of [documents, threads, opened, following]) one.dispose();
    },
  };
}

function tellReplaced(): void {
  const compare = vscode.l10n.t('Compare');
  const message = vscode.l10n.t(
    'The agent has made another plan meanwhile. What you typed is kept in the one before.',
  );
  void vscode.window.showInformationMessage(message, compare).then(async (answer) => {
    if (answer === compare) await vscode.commands.executeCommand(PLAN_COMMANDS.comparePlan);
  });
}
