import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { ServerSettings } from '../../src/agent/models/openai.ts';
import type { ThreadStatus, ThreadView } from '../../src/shared/thread-view.ts';
import { type Core, openCore } from '../../src/threads/core.ts';
import { makeFolder } from './core.ts';
import { FakeEditor } from './fake-editor.ts';
import { ModelServer } from './model-server.ts';

/** The core as it is, with a scripted model server. */
export interface ServedCore {
  readonly server: ModelServer;
  readonly core: Core;
  /** Of the workspace. */
  readonly folder: string;
  /** Does something with a thread and waits until nothing runs there. */
  through(act: () => Promise<string>): Promise<ThreadView>;
  /** Gets what nobody foresaw. */
  readonly log: (error: unknown) => void;
  /** Fails if anything was logged. */
  close(): Promise<void>;
}

const SETTLED: readonly ThreadStatus[] = ['idle', 'waiting', 'unfinished'];

export async function serveCore(
  settings: (baseUrl: string) => ServerSettings,
): Promise<ServedCore> {
  const server = await ModelServer.start();
  const [folder, storage] = [makeFolder(), makeFolder()];
  const logged: unknown[] = [];
  const log = (error: unknown): void => {
    logged.push(error);
  };
  const core = openCore(
    {
      storageFolder: storage,
      editor: new FakeEditor([{ name: 'p', path: folder }]),
      auditHead: { read: () => null, write: () => undefined },
      log,
      strings: {},
    },
    () => Promise.resolve(settings(server.baseUrl)),
  );
  return {
    ...{ server, core, folder, log },
    async through(act) {
      const done = Promise.withResolvers<undefined>();
      const subscription = core.threads.onEvent(({ event }) => {
        if (event.kind === 'status' && SETTLED.includes(event.status)) done.resolve(undefined);
      });
      const id = await act();
      await done.promise;
      subscription.dispose();
      return (await core.threads.open(id)).view;
    },
    async close() {
      await core.close();
      await server.close();
      for (const path of [folder, storage]) rmSync(path, { recursive: true });
      assert.deepEqual(logged, []);
    },
  };
}
