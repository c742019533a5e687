import * as vscode from 'vscode';
import type { Disposable } from '../shared/lifecycle.ts';
import { isStorageProblem } from '../shared/storage.ts';
import type { ApprovalsElement } from './approvals-tree.ts';
import type { CoreHost } from './core-host.ts';
import { APPROVALS_VIEW, COMMANDS, INBOX_COMMANDS, NOTIFICATION_COMMANDS } from './ids.ts';
import type { Inbox, InboxCommand, InboxDeps } from './inbox.ts';
import { CLOSED, closedItem } from './threads-tree.ts';

export interface InboxLoadingDeps extends Omit<InboxDeps, 'view' | 'status' | 'onShown'> {
  readonly host: CoreHost;
}

/**
 * The Approvals view and the item of the status bar, and the inbox that fills them, loaded with the
 * core, and for a test of what it does.
 */
export function registerInbox(deps: InboxLoadingDeps): Disposable {
  const { host, onError } = deps;
  const changed = new vscode.EventEmitter<undefined>();
  let loading: Promise<Inbox> | null = null;
  let loaded: Inbox | null = null;
  const load = (): Promise<Inbox> =>
    (loading ??= import('./inbox.ts').then(
      ({ createInbox }) => (loaded = createInbox({ ...deps, view, status, onShown })),
    ));
  const onShown = (): void => {
    changed.fire(undefined);
  };
  const view = vscode.window.createTreeView<ApprovalsElement>(APPROVALS_VIEW, {
    canSelectMany: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (parent) => [...(await childrenOf(host, load, parent))],
      getParent: (element) => loaded?.parent(element),
      getTreeItem: (element) =>
        element === CLOSED || loaded === null ? closedItem() : loaded.treeItem(element),
      resolveTreeItem: (item, element) => loaded?.resolve(item, element) ?? item,
    },
  });
  const status = createStatus();
  const showIdle = (): void => {
    if (host.loaded() !== null) return;
    loaded?.follow(null);
    if (host.readiness() === 'ready' && host.hasHistory()) status.show();
    else status.hide();
    changed.fire(undefined);
  };
  setImmediate(showIdle);
  const run: Run = async (name, row, rows) => (await load()).run(name, row, rows);
  return vscode.Disposable.from(
    changed,
    view,
    status,
    host.onOpened((core) => {
      load().then((inbox) => {
        if (host.loaded() === core) inbox.follow(core);
        onShown();
      }, onError);
    }),
    host.onReadinessChanged(showIdle),
    // What broke is closed right after that is said.
    host.onStorageChanged(() => setImmediate(showIdle)),
    ...rowCommands(run, onError),
    ...testCommands(load, onError),
    { dispose: () => loaded?.dispose() },
  );
}

type Run = (name: InboxCommand, row: unknown, rows: unknown) => Promise<void>;

function rowCommands(run: Run, onError: (error: unknown) => void): vscode.Disposable[] {
  const names = Object.keys(INBOX_COMMANDS) as InboxCommand[];
  return names.map((name) =>
    vscode.commands.registerCommand(INBOX_COMMANDS[name], (row: unknown, rows: unknown) =>
      run(name, row, rows).catch(onError),
    ),
  );
}

function testCommands(
  load: () => Promise<Inbox>,
  onError: (error: unknown) => void,
): vscode.Disposable[] {
  const tests = { testEditor: 'editor', testSystem: 'system', testSound: 'sound' } as const;
  const names = Object.keys(tests) as (keyof typeof tests)[];
  return names.map((name) =>
    vscode.commands.registerCommand(NOTIFICATION_COMMANDS[name], () =>
      load()
        .then((inbox) => inbox.test(tests[name]))
        .catch(onError),
    ),
  );
}

async function childrenOf(
  host: CoreHost,
  load: () => Promise<Inbox>,
  parent?: ApprovalsElement,
): Promise<readonly ApprovalsElement[]> {
  if (parent === CLOSED || host.readiness() !== 'ready') return [];
  const mayWait = host.loaded() !== null || host.countPending() > 0 || host.looksDamaged();
  if (!mayWait && host.storage() === null) return [];
  try {
    const core = await host.open();
    return await (await load()).children(core, parent);
  } catch (error) {
    if (!isStorageProblem(error)) throw error;
    return [CLOSED];
  }
}

/** Says that nothing is to do, until the inbox knows more. */
function createStatus(): vscode.StatusBarItem {
  const status = vscode.window.createStatusBarItem('countersign', vscode.StatusBarAlignment.Left);
  status.name = 'Countersign';
  status.text = '$(pass) Countersign';
  status.tooltip = vscode.l10n.t('Countersign: no approval is waiting, and no agent is running');
  status.command = COMMANDS.focusChat;
  return status;
}
