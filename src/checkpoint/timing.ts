import { setTimeout as wait } from 'node:timers/promises';
import type { Disposable } from '../shared/lifecycle.ts';

/** Does something later, in milliseconds, unless it is disposed. Keeps no process alive. */
export type After = (milliseconds: number, work: () => void) => Disposable;

export const after: After = (milliseconds, work) => {
  const timer = setTimeout(work, milliseconds);
  timer.unref();
  return {
    dispose() {
      clearTimeout(timer);
    },
  };
};

export function pause(milliseconds: number): Promise<void> {
  return wait(milliseconds);
}
