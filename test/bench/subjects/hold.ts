import { once } from 'node:events';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { Stall } from './job.ts';

/** How often the event loop is looked at, in milliseconds. */
const RESOLUTION = 5;

/** An approval that is not given before the benchmark says so. */
export class Hold {
  #delays: IntervalHistogram | null = null;

  async approved(): Promise<void> {
    await once(process, 'message');
    this.#delays = monitorEventLoopDelay({ resolution: RESOLUTION });
    this.#delays.enable();
    // It counts from its first look on.
    await setTimeout(4 * RESOLUTION);
  }

  /** How late the event loop was from the approval to the end of the turn; null if it had none. */
  async during(turn: Promise<void>): Promise<Stall | null> {
    let failure: string | null = null;
    try {
      await turn;
    } catch (error) {
      if (this.#delays === null) throw error;
      failure = String(error);
    }
    const delays = this.#delays;
    if (delays === null) return null;
    this.#delays = null;
    // What held it up to the very end counts as well.
    await setTimeout(2 * RESOLUTION);
    delays.disable();
    return { p99: delays.percentile(99) / 1e6, max: delays.max / 1e6, failure };
  }
}
