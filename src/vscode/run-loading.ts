import * as vscode from 'vscode';
import type { Disposable } from '../shared/lifecycle.ts';
import { STATE_SCHEME } from '../shared/scheme.ts';
import type { CoreHost } from './core-host.ts';
import { RUN_COMMANDS, RUN_VIEW, SETTINGS } from './ids.ts';
import type { RunElement } from './run-elements.ts';
import type { RunCommand, RunDeps, RunView } from './run-view.ts';
import { serveDocuments } from './served-documents.ts';

/** The Run view, its commands and the documents with states; what fills them is loaded on first use. */
export function registerRunView(deps: Omit<RunDeps, 'view' | 'onShown'>): Disposable {
  const { host, chat, onError } = deps;
  const changed = new vscode.EventEmitter<undefined>();
  const onShown = (): void => {
    if (view.visible) changed.fire(undefined);
  };
  let loading: Promise<RunView> | null = null;
  let loaded: RunView | null = null;
  const load = (): Promise<RunView> =>
    (loading ??= import('./run-view.ts').then(
      ({ createRunView }) => (loaded = createRunView({ ...deps, view, onShown })),
    ));
  const view = vscode.window.createTreeView<RunElement>(RUN_VIEW, {
    manageCheckboxStateManually: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (parent) =>
        host.readiness() === 'ready' ? [...(await (await load()).children(parent))] : [],
      getParent: (element) => (element.kind === 'checkpoint' ? { kind: 'history' } : undefined),
      getTreeItem: (element) => loaded?.item(element) ?? new vscode.TreeItem(''),
    },
  });
  const subscriptions: Disposable[] = [
    changed,
    view,
    ...serveStates(host, load),
    view.onDidChangeVisibility(onShown),
    view.onDidChangeCheckboxState(({ items }) => {
      load()
        .then((run) => run.check(items))
        .catch(onError);
    }),
    chat.onShown(onShown),
    host.onReadinessChanged(onShown),
    host.onOpened(onShown),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(SETTINGS.breakpoints)) return;
      host.loaded()?.threads.breakpointsChanged().catch(onError);
      onShown();
    }),
    ...(Object.keys(RUN_COMMANDS) as RunCommand[]).map((name) =>
      vscode.commands.registerCommand(RUN_COMMANDS[name], (argument: unknown) =>
        load()
          .then((run) => run.run(name, argument))
          .catch(onError),
      ),
    ),
  ];
  return {
    dispose() {
      loaded?.dispose();
      for (const one of subscriptions) one.dispose();
    },
  };
}

/** The documents with states; one is read anew once it was saved, and when its thread stands elsewhere. */
function serveStates(host: CoreHost, load: () => Promise<RunView>): Disposable[] {
  const documents = serveDocuments(host, STATE_SCHEME, {
    serve: async (core, uri) => (await load()).serve(core, uri),
    save: async (core, uri, bytes) => (await load()).save(core, uri, bytes),
    isRewritten: true,
  });
  const tell = (isChanged: (uri: vscode.Uri) => boolean): void => {
    const uris = vscode.workspace.textDocuments.map(({ uri }) => uri);
    documents.changed(uris.filter((uri) => uri.scheme === STATE_SCHEME && isChanged(uri)));
  };
  let following: Disposable | null = null;
  return [
    documents,
    { dispose: () => following?.dispose() },
    host.onOpened(({ threads }) => {
      following?.dispose();
      following = threads.onEvent(({ threadId, event }) => {
        if (event.kind === 'status') tell(({ authority }) => authority === threadId);
      });
    }),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      tell((one) => one.toString() === uri.toString());
    }),
  ];
}
