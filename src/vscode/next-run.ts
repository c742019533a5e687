import { type Breakpoints, NO_BREAKPOINTS, isWithout } from '../shared/breakpoints.ts';
import type { SendOptions } from '../threads/threads.ts';

/** What is chosen for a run before it begins. */
export class NextRun {
  /** It stops before every node. */
  step = false;
  /** Of a thread that has no message yet. */
  breakpoints: Breakpoints = NO_BREAKPOINTS;

  /** For the message that begins the run, and for no other. */
  take(threadId: string | null): SendOptions {
    const { step, breakpoints } = this;
    const isNew = threadId === null && !isWithout(breakpoints);
    this.step = false;
    if (threadId === null) this.breakpoints = NO_BREAKPOINTS;
    return { step, ...(isNew ? { breakpoints } : {}) };
  }
}
