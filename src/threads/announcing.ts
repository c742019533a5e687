import type { ThreadEvent } from '../shared/thread-view.ts';
import type { Asked } from './threads.ts';

/** When the user is told of something. `unlessInView`: not while it is before their eyes. */
export type When = 'always' | 'unlessInView' | 'whenUnfocused' | 'never';

export interface Attention {
  /** The window has the focus. */
  readonly focused: boolean;
  /** It is shown where the user can answer it. */
  readonly inView: boolean;
}

export function isTold(when: When, { focused, inView }: Attention): boolean {
  switch (when) {
    case 'always':
      return true;
    case 'unlessInView':
      return !(focused && inView);
    case 'whenUnfocused':
      return !focused;
    case 'never':
      return false;
  }
}

export interface AnnouncingDeps {
  /** The interrupts that were told of, for as long as the editor runs. */
  readonly told: Set<string>;
  /** An approval as it stands now; null if it is answered. */
  readonly now: (asked: Asked) => Asked | null;
  /** Gets those that wait, all that came together. */
  readonly tell: (together: readonly Asked[]) => void;
}

/** Tells of each interrupt once, however often and by whatever way it is heard of. */
export interface Announcing {
  add(asked: Asked): void;
  /** What has waited since before is told together with whatever comes while it is gathered. */
  addAll(gathering: Promise<readonly Asked[]>): Promise<void>;
}

export function createAnnouncing({ told, now, tell }: AnnouncingDeps): Announcing {
  let batch: Asked[] = [];
  let gathering = 0;
  const flush = (): void => {
    if (gathering > 0) return;
    const together = batch.map(now).filter((asked) => asked !== null);
    batch = [];
    if (together.length > 0) tell(together);
  };
  const add = (asked: Asked): void => {
    const interruptId = asked.item.review?.interruptId ?? null;
    if (interruptId === null || told.has(interruptId)) return;
    told.add(interruptId);
    batch.push(asked);
    if (batch.length === 1) setImmediate(flush);
  };
  return {
    add,
    async addAll(all) {
      gathering++;
      try {
        for (const asked of await all) add(asked);
      } finally {
        gathering--;
        setImmediate(flush);
      }
    },
  };
}

export interface RunEnd {
  readonly threadId: string;
  /** Why it failed; null if it is done. */
  readonly failure: string | null;
}

/**
 * Tells runs that have ended by themselves from events: not those of other windows, not what was
 * stopped, and not what waits for an answer.
 */
export function createRunEnds(): (threadId: string, event: ThreadEvent) => RunEnd | null {
  const running = new Set<string>();
  const elsewhere = new Set<string>();
  return (threadId, event) => {
    if (event.kind === 'owner') {
      if (event.elsewhere) elsewhere.add(threadId);
      else elsewhere.delete(threadId);
      running.delete(threadId);
    }
    if (event.kind !== 'status' || elsewhere.has(threadId)) return null;
    const { status, failure } = event;
    if (status === 'running') {
      running.add(threadId);
      return null;
    }
    if (!running.delete(threadId)) return null;
    if (failure !== null) return { threadId, failure: failure.message };
    return status === 'idle' ? { threadId, failure: null } : null;
  };
}
