import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Decision } from '../../src/shared/decision.ts';
import type { ThreadStatus, ThreadView, ToolItem } from '../../src/shared/thread-view.ts';
import { type Core, assembleCore } from '../../src/threads/core.ts';
import { type ScriptedReply, ScriptedModel } from './scripted-model.ts';

/** A folder of files and the core on it, with a scripted model. */
export interface Bench {
  readonly folder: string;
  readonly storage: string;
  readonly model: ScriptedModel;
  readonly core: Core;
  /** Files with unsaved changes in the editor. */
  readonly unsaved: Set<string>;
  readonly logged: unknown[];
  view(threadId: string): Promise<ThreadView>;
  /** Waits until the thread has this status. */
  reaches(threadId: string, status: ThreadStatus): Promise<ThreadView>;
  pendingItems(threadId: string): Promise<ToolItem[]>;
  decide(threadId: string, item: ToolItem, decision: Decision): Promise<void>;
  /** The same folder and database in a new process, as far as the core can tell. */
  restart(replies: readonly ScriptedReply[]): Bench;
  close(): Promise<void>;
}

/** A temporary folder with these files in it; real path. */
export function makeFolder(files: Record<string, string | Uint8Array> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-')));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export function makeBench(
  files: Record<string, string | Uint8Array>,
  replies: readonly ScriptedReply[],
): Bench {
  return openBench(makeFolder(files), makeFolder(), replies);
}

function openBench(folder: string, storage: string, replies: readonly ScriptedReply[]): Bench {
  const model = new ScriptedModel(replies);
  const unsaved = new Set<string>();
  const logged: unknown[] = [];
  const core = assembleCore(
    {
      storageFolder: storage,
      editor: {
        folders: () => [{ name: 'project', path: folder }],
        hasUnsavedChanges: (path) => unsaved.has(path),
        moveToTrash: () => Promise.resolve(false),
      },
      log: (error) => logged.push(error),
      strings: {},
    },
    () => Promise.resolve({ model, patience: 60 }),
  );
  const view = async (threadId: string): Promise<ThreadView> =>
    (await core.threads.open(threadId)).view;
  return {
    folder,
    storage,
    model,
    core,
    unsaved,
    logged,
    view,
    async reaches(threadId, status) {
      const reached = Promise.withResolvers<undefined>();
      const subscription = core.threads.onEvent(({ event }) => {
        if (event.kind === 'status' && event.status === status) reached.resolve(undefined);
      });
      if ((await view(threadId)).status !== status) await reached.promise;
      subscription.dispose();
      return view(threadId);
    },
    async pendingItems(threadId) {
      const { items } = await view(threadId);
      return items
        .filter((item) => item.kind === 'tool')
        .filter(({ review }) => review?.interruptId);
    },
    async decide(threadId, item, decision) {
      const outcome = await core.threads.decide(threadId, item.review!.interruptId!, decision);
      if (outcome.kind !== 'taken') throw new Error(`Too late: ${outcome.state}`);
    },
    restart: (next) => openBench(folder, storage, next),
    async close() {
      await core.close();
      for (const path of [folder, storage]) rmSync(path, { recursive: true, force: true });
    },
  };
}
