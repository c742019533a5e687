import type { Disposable } from '../shared/lifecycle.ts';
import type { Database } from './database.ts';
import type { JobKind, JobResult } from './jobs.ts';
import type { Maintenance } from './maintenance-worker.ts';
import type { Retention } from './retention.ts';
import { MOST_WAL, diskBytes } from './space.ts';
import type { TidyResult } from './tidy.ts';
import type { After } from './timing.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** After the database was opened: when the editor has started by any measure. */
const AT_FIRST = 10 * SECOND;
/** After a turn has ended: the user may go on at once. */
const AFTER_TURN = 5 * SECOND;
/** While an agent works. */
const LATER = 15 * SECOND;

/** What is done by the clock, and how often at most. */
type Regular = Extract<JobKind, 'tidy'>;
const EVERY: Readonly<Record<Regular, number>> = { tidy: HOUR };

export interface UpkeepDeps {
  readonly database: Database;
  readonly maintenance: Maintenance;
  /** What the user wants to keep, as it is set now. */
  readonly retention: () => Retention;
  /** Threads that this window has loaded. */
  readonly loaded: () => readonly string[];
  /** True while an agent works: nothing begins then, and what has begun waits. */
  readonly isBusy: () => boolean;
  readonly onTidied: (result: TidyResult) => void;
  readonly now: () => number;
  readonly after: After;
  readonly log: (error: unknown) => void;
}

/** Looks after the database when nobody waits for anything. */
export interface Upkeep {
  /** An agent has begun to work, or has stopped. */
  busyChanged(): void;
  /** Ends what goes. */
  close(): Promise<void>;
}

export function createUpkeep(deps: UpkeepDeps): Upkeep {
  const { database, maintenance, isBusy, now } = deps;
  const tried = new Map<Regular, number>();
  let next: Disposable | null = null;
  let passing = false;
  let closed = false;

  const run: { readonly [K in Regular]: () => Promise<JobResult<K>> } = {
    async tidy() {
      const request = { ...deps.retention(), now: now(), loaded: deps.loaded() };
      const result = await maintenance.run('tidy', request, now());
      deps.onTidied(result);
      return result;
    },
  };

  const isDue = (job: Regular): boolean => {
    const stored = database.get('SELECT done_at FROM upkeep WHERE job = ?', job)?.['done_at'];
    const last = Math.max(Number(stored ?? -Infinity), tried.get(job) ?? -Infinity);
    // A time that is to come is of a clock that was set back.
    return last > now() || now() - last >= EVERY[job];
  };

  const pass = async (): Promise<void> => {
    for (const job of Object.keys(EVERY) as Regular[]) {
      if (closed || isBusy() || !isDue(job)) continue;
      tried.set(job, now());
      await run[job]();
    }
  };

  /** What was stopped because the database is being closed is no news. */
  const tell = (error: unknown): void => {
    if (!closed) deps.log(error);
  };

  const tick = (): void => {
    schedule(isBusy() ? LATER : HOUR);
    boundWal(deps).catch(tell);
    if (passing) return;
    passing = true;
    pass()
      .catch(tell)
      .finally(() => {
        passing = false;
      });
  };

  const schedule = (wait: number): void => {
    next?.dispose();
    next = closed ? null : deps.after(wait, tick);
  };

  schedule(AT_FIRST);
  return {
    busyChanged() {
      maintenance.hold(isBusy());
      schedule(isBusy() ? LATER : AFTER_TURN);
    },
    async close() {
      closed = true;
      next?.dispose();
      await maintenance.close();
    },
  };
}

/** Also while an agent works: the log would grow and grow, and be the longer to bring in. */
async function boundWal({ database, maintenance }: UpkeepDeps): Promise<void> {
  if (diskBytes(database.path).wal > MOST_WAL / 2) await maintenance.run('shortenWal', null);
}
