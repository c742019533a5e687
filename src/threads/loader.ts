import { t } from '@vscode/l10n';
import type { ThreadIndex } from '../checkpoint/thread-index.ts';
import { UserFacingError } from '../shared/errors.ts';
import { LiveThread } from './thread.ts';
import type { ThreadDeps } from './thread-deps.ts';

/** The threads that are loaded, each once. */
export interface Loader {
  /** @throws UserFacingError if there is no such thread */
  readonly load: (threadId: string) => Promise<LiveThread>;
  /** The thread if it is loaded. */
  readonly loaded: (threadId: string) => LiveThread | null;
  /** Those that are loaded, or are being loaded. */
  readonly loadedIds: () => readonly string[];
  /** Stops a thread's run and forgets that it was loaded. */
  readonly unload: (threadId: string) => Promise<void>;
  /** Stops every run; each can be continued later. */
  readonly stopAll: () => Promise<void>;
  readonly all: () => Iterable<LiveThread>;
}

export function createLoader(deps: ThreadDeps, index: ThreadIndex): Loader {
  const live = new Map<string, Promise<LiveThread>>();
  const loaded = new Map<string, LiveThread>();
  return {
    load(threadId) {
      const known = live.get(threadId);
      if (known !== undefined) return known;
      const entry = index.find(threadId);
      if (entry === null) {
        const message = t('This conversation does not exist any more.');
        return Promise.reject(new UserFacingError('notFound', message));
      }
      const loading = LiveThread.open(deps, entry);
      live.set(threadId, loading);
      loading.then(
        (thread) => loaded.set(threadId, thread),
        () => live.delete(threadId),
      );
      return loading;
    },
    loaded: (threadId) => loaded.get(threadId) ?? null,
    loadedIds: () => [...live.keys()],
    async unload(threadId) {
      await (await live.get(threadId))?.stop();
      live.delete(threadId);
      loaded.delete(threadId);
      await deps.leases.release(threadId);
    },
    all: () => loaded.values(),
    async stopAll() {
      const stopping = [...live.values()].map(async (loading) => (await loading).stop());
      await Promise.allSettled(stopping);
    },
  };
}
