import { t } from '@vscode/l10n';
import type { Executor } from '../approval/executor.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { Threads } from './threads.ts';

/** Threads that are there to be read. What they show is a copy, so that no change would last. */
export function readOnlyThreads(threads: Threads): Threads {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new UserFacingError(
        'badRequest',
        t('The conversations are open for reading only. Nothing was changed.'),
      ),
    );
  return {
    ...threads,
    send: refuse,
    sendAgain: refuse,
    decide: refuse,
    edit: refuse,
    markChange: refuse,
    markLines: refuse,
    commentChange: refuse,
    pickMode: refuse,
    savePlan: refuse,
    commentPlan: refuse,
    usePlan: refuse,
    undo: refuse,
    resume: refuse,
    rename: refuse,
    remove: refuse,
    restore: refuse,
    pin: refuse,
    takeOver: refuse,
  };
}

/** Looks how much space there is before each run, which is started whatever is found. */
export function watchSpace(threads: Threads, look: () => Promise<void>): Threads {
  return {
    ...threads,
    async send(...message) {
      await look();
      return threads.send(...message);
    },
    async usePlan(...plan) {
      await look();
      return threads.usePlan(...plan);
    },
    async sendAgain(...message) {
      await look();
      return threads.sendAgain(...message);
    },
    async resume(threadId) {
      await look();
      return threads.resume(threadId);
    },
  };
}

/** Carries nothing out and settles nothing: what would come of it could not be recorded. */
export function inertExecutor(executor: Executor): Executor {
  return {
    ...executor,
    apply: () => Promise.reject(new Error('An effect that could not be recorded')),
    recover: () => Promise.resolve(),
  };
}
