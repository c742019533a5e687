import type { Database } from './database.ts';
import { pause } from './timing.ts';

/** How long one transaction may go on before it lets others write, in milliseconds. */
const LENGTH = 8;
/**
 * How long nothing is done between two, in milliseconds: longer than the time after which another
 * connection that waits looks again, so that it always finds the lock free.
 */
const BETWEEN = 15;

/** Upkeep in small transactions, which waits while others have something better to do. */
export interface Steps {
  /** Repeats work, which answers whether there is more of it, in transactions of a few milliseconds. */
  repeat(work: () => boolean): Promise<void>;
  /** A single transaction. */
  once<T>(work: () => T): Promise<T>;
  /** Answers when the next step may begin. @throws Stopped if no more shall */
  pass(): Promise<void>;
}

/** Nobody wants the rest any more. What was done stays; the rest is for the next time. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  override readonly message = 'Stopped before it was done';
}

/** Lets steps go on, or holds them up. */
export class Gate {
  #opened = Promise.withResolvers<undefined>();
  #stopped = false;

  constructor() {
    this.#opened.resolve(undefined);
  }

  hold(held: boolean): void {
    this.#opened.resolve(undefined);
    if (held && !this.#stopped) this.#opened = Promise.withResolvers<undefined>();
  }

  stop(): void {
    this.#stopped = true;
    this.#opened.resolve(undefined);
  }

  /** @throws Stopped */
  async pass(): Promise<void> {
    await this.#opened.promise;
    if (this.#stopped) throw new Stopped();
  }
}

export function createSteps(database: Database, gate: Gate): Steps {
  const pass = async (): Promise<void> => {
    await pause(BETWEEN);
    await gate.pass();
  };
  return {
    pass,
    async once(work) {
      await pass();
      return database.transaction(work);
    },
    async repeat(work) {
      for (let more = true; more;) {
        await pass();
        more = await database.transaction(() => inTime(work));
      }
    },
  };
}

function inTime(work: () => boolean): boolean {
  const end = performance.now() + LENGTH;
  while (work()) {
    if (performance.now() >= end) return true;
  }
  return false;
}
