import { t } from '@vscode/l10n';
import type { Ledger } from '../approval/ledger.ts';
import type { ThreadEntry, ThreadIndex } from '../checkpoint/thread-index.ts';
import { UserFacingError } from '../shared/errors.ts';
import { type Disposable, type Event, createEmitter } from '../shared/lifecycle.ts';
import type { Mode } from '../shared/mode.ts';
import type { ThreadStatus } from '../shared/thread-view.ts';
import type { Loader } from './loader.ts';

/** A thread as a list shows it. */
export interface ThreadSummary extends ThreadEntry {
  readonly status: ThreadStatus;
}

export interface ThreadList {
  /** Fires when a thread came, went, was renamed or has another status. */
  readonly onListChanged: Event<null>;
  /** Every thread: pinned ones first, then last used first. */
  list(): readonly ThreadSummary[];
  /** Threads that are loaded in this window. */
  loadedIds(): readonly string[];
  rename(threadId: string, title: string): Promise<void>;
  /** A pinned thread is listed first, and no setting removes it. */
  pin(threadId: string, pinned: boolean): Promise<void>;
  /** Keeps the mode in which the next message of a thread is sent. */
  pickMode(threadId: string, mode: Mode): Promise<void>;
  /** Stops the thread's run and takes it out of every list. Nothing of it is lost for a week. */
  remove(threadId: string): Promise<void>;
  /** Brings a removed thread back, with everything that waited in it. */
  restore(threadId: string): Promise<void>;
}

export interface ThreadListDeps {
  readonly index: ThreadIndex;
  readonly ledger: Ledger;
  readonly loader: Loader;
  readonly log: (error: unknown) => void;
}

/** The list, and the call by which others tell that a thread's status or title changed. */
export interface KeptThreadList extends ThreadList, Disposable {
  readonly changed: () => void;
}

export function createThreadList({ index, ledger, loader, log }: ThreadListDeps): KeptThreadList {
  const listChanged = createEmitter<null>(log);
  const changed = (): void => {
    listChanged.fire(null);
  };
  return {
    changed,
    onListChanged: listChanged.event,
    list() {
      const waiting = new Set(ledger.open().map(({ threadId }) => threadId));
      return index.list().map((entry) => {
        const live = loader.loaded(entry.threadId)?.snapshot().view.status;
        return { ...entry, status: live ?? (waiting.has(entry.threadId) ? 'waiting' : 'idle') };
      });
    },
    loadedIds: loader.loadedIds,
    async rename(threadId, title) {
      const words = title.trim();
      if (words === '') throw new UserFacingError('badRequest', t('The title is empty.'));
      await index.rename(threadId, words);
      (await loader.load(threadId)).rename(words);
    },
    async pin(threadId, pinned) {
      await index.pin(threadId, pinned);
      changed();
    },
    async pickMode(threadId, mode) {
      const thread = await loader.load(threadId);
      thread.assertOwned();
      await thread.mode.keep(mode);
    },
    async remove(threadId) {
      (await loader.load(threadId)).assertOwned();
      await loader.unload(threadId);
      await index.markDeleted(threadId, true);
      changed();
    },
    async restore(threadId) {
      await index.markDeleted(threadId, false);
      // What waits in it is told of again.
      if (ledger.openOf(threadId).length > 0) await loader.load(threadId);
      changed();
    },
    dispose() {
      listChanged.dispose();
    },
  };
}
