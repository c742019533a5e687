import * as vscode from 'vscode';
import { PLAN_SCHEME } from '../shared/scheme.ts';
import type { ChatView } from './chat-view.ts';
import type { CoreHost } from './core-host.ts';
import { PLAN_COMMANDS } from './ids.ts';
import { serveFiles } from './own-files.ts';
import type { PlanDesk } from './plans.ts';

export interface PlanLoadingDeps {
  readonly host: CoreHost;
  readonly chat: ChatView;
  readonly onError: (error: unknown) => void;
}

/** Plans as documents and their commands; what does the work is loaded with the first one. */
export function registerPlans(deps: PlanLoadingDeps): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  let loaded: PlanDesk | null = null;
  let loading: Promise<PlanDesk> | null = null;
  const load = (): Promise<PlanDesk> =>
    (loading ??= import('./plans.ts').then(
      ({ createPlanDesk }) => (loaded = createPlanDesk({ ...deps, changed })),
    ));
  const names = Object.keys(PLAN_COMMANDS) as (keyof typeof PLAN_COMMANDS)[];
  // The editor brings back what was typed right before it was closed, and may ask for no file then.
  const see = ({ uri }: vscode.TextDocument): void => {
    if (uri.scheme === PLAN_SCHEME) load().catch(deps.onError);
  };
  vscode.workspace.textDocuments.forEach(see);
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidOpenTextDocument(see),
    serveFiles(PLAN_SCHEME, changed, {
      stat: async (uri) => (await load()).stat(uri),
      readFile: async (uri) => (await load()).readFile(uri),
      writeFile: async (uri, bytes) => (await load()).writeFile(uri, bytes),
    }),
    ...names.map((name) =>
      vscode.commands.registerCommand(PLAN_COMMANDS[name], (argument: unknown) =>
        load()
          .then((desk) => desk.run(name, argument))
          .catch(deps.onError),
      ),
    ),
    { dispose: () => loaded?.dispose() },
  );
}
