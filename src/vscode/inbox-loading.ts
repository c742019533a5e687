import * as vscode from 'vscode';
import type { Disposable } from '../shared/lifecycle.ts';
import type { CoreHost } from './core-host.ts';
import { NOTIFICATION_COMMANDS } from './ids.ts';
import type { Inbox, InboxDeps } from './inbox.ts';

export interface InboxLoadingDeps extends InboxDeps {
  readonly host: CoreHost;
}

/** Loads the inbox with the core, and for a test of what it does. */
export function registerInbox(deps: InboxLoadingDeps): Disposable {
  const { host, onError } = deps;
  let loading: Promise<Inbox> | null = null;
  let loaded: Inbox | null = null;
  const load = (): Promise<Inbox> =>
    (loading ??= import('./inbox.ts').then(({ createInbox }) => (loaded = createInbox(deps))));
  const tests = { testEditor: 'editor', testSystem: 'system', testSound: 'sound' } as const;
  const names = Object.keys(tests) as (keyof typeof tests)[];
  const registered = vscode.Disposable.from(
    host.onOpened((core) => {
      load().then((inbox) => {
        if (host.loaded() === core) inbox.follow(core);
      }, onError);
    }),
    ...names.map((name) =>
      vscode.commands.registerCommand(NOTIFICATION_COMMANDS[name], () =>
        load()
          .then((inbox) => inbox.test(tests[name]))
          .catch(onError),
      ),
    ),
  );
  return {
    dispose() {
      registered.dispose();
      loaded?.dispose();
    },
  };
}
