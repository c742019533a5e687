import { t } from '@vscode/l10n';
import type { ThreadIndex } from '../checkpoint/thread-index.ts';
import { UserFacingError } from '../shared/errors.ts';
import { LiveThread, type ThreadDeps } from './thread.ts';

/** The threads that are loaded, each once. */
export interface Loader {
  /** @throws UserFacingError if there is no such thread */
  readonly load: (threadId: string) => Promise<LiveThread>;
  /** Stops every run; each can be continued later. */
  readonly stopAll: () => Promise<void>;
}

export function createLoader(deps: ThreadDeps, index: ThreadIndex): Loader {
  const live = new Map<string, Promise<LiveThread>>();
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
      loading.catch(() => live.delete(threadId));
      return loading;
    },
    async stopAll() {
      const stopping = [...live.values()].map(async (loading) => (await loading).stop());
      await Promise.allSettled(stopping);
    },
  };
}
