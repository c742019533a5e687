import * as vscode from 'vscode';
import { createChangeCommands } from './change-commands.ts';
import { registerChangeStatus } from './change-status.ts';
import { ChangeThreads } from './change-threads.ts';
import type { CoreHost } from './core-host.ts';
import type { DiffTabs } from './diff-tabs.ts';
import { showError } from './errors.ts';
import { CHANGE_COMMANDS } from './ids.ts';
import type { Reviews } from './reviews.ts';
import type { ShownFiles } from './shown-files.ts';
import { registerTextSurfaces } from './text-surfaces.ts';

export interface ChangeReviewDeps {
  readonly host: CoreHost;
  readonly reviews: Reviews;
  readonly shown: ShownFiles;
  readonly tabs: DiffTabs;
  readonly log: vscode.LogOutputChannel;
}

/** Deciding on a proposal change by change, wherever it is shown in the editor. */
export function registerChangeReview(deps: ChangeReviewDeps): vscode.Disposable {
  const { host, tabs, log } = deps;
  const threads = new ChangeThreads(host);
  const texts = registerTextSurfaces(deps);
  const handlers = createChangeCommands({ ...deps, texts, threads });
  const names = Object.keys(handlers) as (keyof typeof CHANGE_COMMANDS)[];
  return vscode.Disposable.from(
    threads,
    texts,
    registerChangeStatus(host, tabs),
    ...names.map((name) =>
      vscode.commands.registerCommand(CHANGE_COMMANDS[name], (argument: unknown) =>
        handlers[name](argument).catch((error: unknown) => showError(error, log)),
      ),
    ),
  );
}
