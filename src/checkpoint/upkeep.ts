import type { Disposable } from '../shared/lifecycle.ts';
import { type Database, MOST_WAL } from './database.ts';
import type { JobKind } from './jobs.ts';
import type { Maintenance } from './maintenance-worker.ts';
import type { Retention } from './retention.ts';
import { diskBytes } from './space.ts';
import type { TidyResult } from './tidy.ts';
import type { After } from './timing.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** After the database was opened: when the editor has started by any measure. */
const AT_FIRST = 10 * SECOND;
/** After a turn has ended: the user may go on at once. */
const AFTER_TURN = 5 * SECOND;
/** While an agent works. */
const LATER = 15 * SECOND;

/** What is done by the clock, and how often at most. */
type Regular = Extract<JobKind, 'check' | 'backup' | 'tidy'>;
// In this order: what is damaged is known before anything is made of it.
const EVERY: Readonly<Record<Regular, number>> = { check: DAY, backup: DAY, tidy: HOUR };

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
  /** Gets what is wrong with the file, in the words of SQLite. */
  readonly onDamaged: (cause: string) => void;
  readonly now: () => number;
  readonly after: After;
  readonly log: (error: unknown) => void;
}

/** Looks after the database when nobody waits for anything. */
export interface Upkeep {
  /** An agent has begun to work, or has stopped. */
  busyChanged(): void;
  /** A thread's run has ended: what it left in the middle of its turns can go. */
  runEnded(threadId: string): void;
  /** Ends what goes. */
  close(): Promise<void>;
}

export function createUpkeep(deps: UpkeepDeps): Upkeep {
  const { database, maintenance, isBusy, now } = deps;
  const tried = new Map<Regular, number>();
  const ended = new Set<string>();
  let next: Disposable | null = null;
  let passing = false;
  let again = false;
  let closed = false;

  const isDue = (job: Regular): boolean => {
    const stored = database.get('SELECT done_at FROM upkeep WHERE job = ?', job)?.['done_at'];
    const last = Math.max(Number(stored ?? -Infinity), tried.get(job) ?? -Infinity);
    // A time that is to come is of a clock that was set back.
    return last > now() || now() - last >= EVERY[job];
  };

  /** What was stopped because the database is being closed is no news. */
  const tell = (error: unknown): void => {
    if (!closed) deps.log(error);
  };

  const pass = async (): Promise<void> => {
    for (const threadId of ended) {
      if (closed || isBusy()) break;
      ended.delete(threadId);
      await maintenance.run('prune', { threadId }).catch(tell);
    }
    for (const job of Object.keys(EVERY) as Regular[]) {
      if (closed || isBusy() || !isDue(job)) continue;
      tried.set(job, now());
      await RUN[job](deps).catch(tell);
    }
  };

  const tick = (): void => {
    schedule(isBusy() ? LATER : HOUR);
    boundWal(deps).catch(tell);
    again = true;
    if (!passing) passAll().catch(tell);
  };

  /** One pass at a time; what was asked for meanwhile comes after it. */
  const passAll = async (): Promise<void> => {
    passing = true;
    while (again) {
      again = false;
      await pass();
    }
    passing = false;
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
    runEnded: (threadId) => void ended.add(threadId),
    async close() {
      closed = true;
      next?.dispose();
      await maintenance.close();
    },
  };
}

/** How each is asked for, and what becomes of its result. */
const RUN: Readonly<Record<Regular, (deps: UpkeepDeps) => Promise<void>>> = {
  async tidy({ maintenance, retention, loaded, now, onTidied }) {
    const request = { ...retention(), now: now(), loaded: loaded() };
    onTidied(await maintenance.run('tidy', request, now()));
  },
  async check({ maintenance, now, onDamaged, log }) {
    const found = await maintenance.run('check', null, now());
    if (found.ok) return;
    const problems = found.problems.join('; ');
    if (found.structural) onDamaged(problems);
    else log(new Error(`The database is not in order: ${problems}`));
  },
  async backup({ maintenance, now }) {
    await maintenance.run('backup', null, now());
  },
};

/**
 * Also while an agent works: else the commit at which SQLite brings the log in by itself (4 MB) would
 * do so on the thread that everybody waits for.
 */
async function boundWal({ database, maintenance }: UpkeepDeps): Promise<void> {
  if (diskBytes(database.path).wal > MOST_WAL / 4) await maintenance.run('shortenWal', null);
}
