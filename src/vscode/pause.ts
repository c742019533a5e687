/** Does something once a thing has been left alone for a while. Never decides anything. */
export interface Pause {
  /** Begins the wait anew. */
  soon(key: string): void;
  /** Ends the wait without anything being done. */
  cancel(key: string): void;
  dispose(): void;
}

/** `wait` is in milliseconds. */
export function createPause(wait: number, work: (key: string) => void): Pause {
  const timers = new Map<string, NodeJS.Timeout>();
  const cancel = (key: string): void => {
    clearTimeout(timers.get(key));
    timers.delete(key);
  };
  return {
    cancel,
    soon(key) {
      cancel(key);
      const timer = setTimeout(() => {
        timers.delete(key);
        work(key);
      }, wait);
      timers.set(key, timer);
    },
    dispose() {
      for (const key of [...timers.keys()]) cancel(key);
    },
  };
}

/** In milliseconds. */
export function wait(time: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, time);
  });
}
