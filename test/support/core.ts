import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Living, createLiving } from '../../src/checkpoint/living.ts';
import type { Decision, Shown } from '../../src/shared/decision.ts';
import type { ThreadStatus, ThreadView, ToolItem } from '../../src/shared/thread-view.ts';
import { type Core, type CoreDeps, assembleCore } from '../../src/threads/core.ts';
import { FakeEditor } from './fake-editor.ts';
import { PLACE } from './place.ts';
import { type ScriptedReply, ScriptedModel } from './scripted-model.ts';

/** A folder of files and the core on it, with a scripted model. */
export interface Bench {
  readonly folder: string;
  readonly storage: string;
  readonly model: ScriptedModel;
  readonly core: Core;
  readonly editor: FakeEditor;
  readonly logged: unknown[];
  view(threadId: string): Promise<ThreadView>;
  /** Waits until the thread has this status. */
  reaches(threadId: string, status: ThreadStatus): Promise<ThreadView>;
  pendingItems(threadId: string): Promise<ToolItem[]>;
  decide(threadId: string, item: ToolItem, decision: Decision): Promise<void>;
  /** The same folder and database in a new process, as far as the core can tell. */
  restart(replies: readonly ScriptedReply[], options?: BenchOptions): Bench;
  /** Another window on the same folder. */
  window(replies: readonly ScriptedReply[]): Bench;
  /** As far as the others can tell, its process was killed. */
  die(): void;
  close(): Promise<void>;
}

export type BenchOptions = Partial<
  Omit<CoreDeps, 'storageFolder' | 'editor' | 'auditHead' | 'log' | 'strings'>
>;

/** A temporary folder with these files in it; real path. */
export function makeFolder(files: Record<string, string | Uint8Array> = {}): string {
  const folder = realpathSync(mkdtempSync(join(PLACE, 'countersign-')));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** What an answer to an item is about. */
export function shownOf({ review }: ToolItem): Shown {
  const { interruptId = null, effectHash = '' } = review ?? {};
  if (interruptId === null) throw new Error('This waits for nobody');
  return { interruptId, effectHash };
}

export function makeBench(
  files: Record<string, string | Uint8Array>,
  replies: readonly ScriptedReply[],
  options?: BenchOptions,
): Bench {
  return openBench(makeFolder(files), makeFolder(), replies, options);
}

/** Heads of audits, by their storage: kept away from the database. */
const auditHeads = new Map<string, string>();

/** On a folder and a storage that are there already. */
export function openBench(
  folder: string,
  storage: string,
  replies: readonly ScriptedReply[],
  options: BenchOptions = {},
): Bench {
  const model = new ScriptedModel(replies);
  const editor = new FakeEditor([{ name: 'project', path: folder }]);
  const logged: unknown[] = [];
  let alive: Living | null = null;
  const core = assembleCore(
    {
      storageFolder: storage,
      editor,
      auditHead: {
        read: () => auditHeads.get(storage) ?? null,
        write: (head) => auditHeads.set(storage, head),
      },
      ...options,
      living: (...args) => (alive = createLiving(...args)),
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
    editor,
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
      const outcome = await core.threads.decide(threadId, shownOf(item), decision);
      if (outcome.kind !== 'taken') throw new Error(JSON.stringify(outcome));
    },
    restart(next, nextOptions) {
      alive?.close();
      return openBench(folder, storage, next, nextOptions);
    },
    window: (next) => openBench(folder, storage, next),
    die: () => alive?.close(),
    async close() {
      await core.close();
      for (const path of [folder, storage]) rmSync(path, { recursive: true, force: true });
    },
  };
}
