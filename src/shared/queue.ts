/** A mutex: runs jobs one after the other, in the order they came. */
export interface Queue {
  /** True while a job runs or waits. */
  readonly busy: boolean;
  /** Settles as the job does. A job that fails does not stop the next one. */
  run<T>(job: () => Promise<T>): Promise<T>;
  /** Settles as soon as no job runs or waits. */
  idle(): Promise<void>;
}

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  return {
    get busy() {
      return count > 0;
    },
    run(job) {
      count++;
      const result = last.then(job).finally(() => {
        count--;
      });
      last = result.catch(() => undefined);
      return result;
    },
    async idle() {
      for (let seen: unknown = null; seen !== last;) {
        seen = last;
        await seen;
      }
    },
  };
}
