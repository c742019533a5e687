import type { Disposable } from '../shared/lifecycle.ts';
import type { ControlApi, ControlApiDeps } from './control-api.ts';

export interface ApiCommands {
  readonly startApi: () => Promise<void>;
  readonly stopApi: () => Promise<void>;
  readonly renewApiToken: () => Promise<void>;
}

/** The server is loaded with the first of them. */
export function createApiCommands(deps: ControlApiDeps): {
  readonly commands: ApiCommands;
  readonly end: Disposable;
} {
  let loading: Promise<ControlApi> | null = null;
  const api = (): Promise<ControlApi> =>
    (loading ??= import('./control-api.ts').then(({ createControlApi }) => createControlApi(deps)));
  const commands = {
    startApi: async () => (await api()).start(),
    stopApi: async () => (await api()).stop(),
    renewApiToken: async () => (await api()).renewToken(),
  };
  const end = {
    dispose: () => {
      void loading?.then((loaded) => {
        loaded.dispose();
      });
    },
  };
  return { commands, end };
}
