import type { Disposable } from '../shared/lifecycle.ts';
import type { CoreHost } from './core-host.ts';
import type { Inbox, InboxDeps } from './inbox.ts';

export interface InboxLoadingDeps extends InboxDeps {
  readonly host: CoreHost;
}

/** Loads the inbox with the core. */
export function registerInbox(deps: InboxLoadingDeps): Disposable {
  const { host, onError } = deps;
  let loading: Promise<Inbox> | null = null;
  let loaded: Inbox | null = null;
  const load = (): Promise<Inbox> =>
    (loading ??= import('./inbox.ts').then(({ createInbox }) => (loaded = createInbox(deps))));
  const opened = host.onOpened((core) => {
    load().then((inbox) => {
      if (host.loaded() === core) inbox.follow(core);
    }, onError);
  });
  return {
    dispose() {
      opened.dispose();
      loaded?.dispose();
    },
  };
}
