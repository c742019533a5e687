import type { ServerSettings } from '../agent/models/openai.ts';
import { type Core, connectShared, openCore, openWith } from '../threads/core.ts';
import { withoutEditor } from '../workspace/without-editor.ts';
import { takeFromEnvironment } from './place.ts';
import type { StateFolder } from './state-folder.ts';

export interface HeadlessDeps {
  /** Real path. */
  readonly workspace: string;
  readonly state: StateFolder;
  /** Null: the demo model answers. */
  readonly model: ServerSettings | null;
  /** Of the code that looks after the database; null: nothing does, since the process ends soon. */
  readonly maintenancePath: string | null;
  readonly log: (error: unknown) => void;
}

/**
 * The core without an editor: the same, but for what only an editor knows or can do. Its threads are
 * shared if the environment names a PostgreSQL database.
 */
export async function openHeadless(deps: HeadlessDeps): Promise<Core> {
  const { workspace, state, model, maintenancePath, log } = deps;
  state.make();
  const url = takeFromEnvironment('COUNTERSIGN_POSTGRES_URL');
  const known = url === '' ? null : await connectShared(url, { log });
  return openWith(known, (shared) =>
    openCore(
      {
        shared,
        storageFolder: state.storage,
        editor: withoutEditor(workspace),
        auditHead: state.auditHead,
        marker: state.marker,
        ...(maintenancePath === null ? {} : { maintenance: keepAll(maintenancePath) }),
        onStorageProblem: log,
        log,
        strings: {},
      },
      () => Promise.resolve(model),
    ),
  );
}

/** No conversation is removed by a setting: there is none. */
function keepAll(path: string) {
  return { path, retention: () => ({ keepDays: 0, maxBytes: 0 }), onTidied: () => undefined };
}
