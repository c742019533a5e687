import { type Breakpoints, NO_BREAKPOINTS } from '../shared/breakpoints.ts';
import type { Database } from './database.ts';
import type { Leases } from './leases.ts';

/**
 * What the last run of a thread went with. With the thread's newest checkpoint it says whether the
 * thread is paused, whatever the process was killed at.
 */
export interface RunRecord extends Breakpoints {
  /** It was to stop before every node. */
  readonly step: boolean;
  /** The checkpoint that it went on from: a thread that is still there was cut off, not paused. */
  readonly startedFrom: string | null;
  /** A checkpoint that waits for the user, as does what the user makes of it. */
  readonly held: string | null;
  /** It was paused when it was last looked at. */
  readonly paused: boolean;
}

export interface BreakpointStore {
  /** Those that the user has set for a thread. */
  of(threadId: string): Breakpoints;
  set(threadId: string, breakpoints: Breakpoints): Promise<void>;
  /** Null for a thread whose runs could never pause. */
  run(threadId: string): RunRecord | null;
  /** @throws UserFacingError if the thread is not this window's */
  record(threadId: string, run: RunRecord): Promise<void>;
  /** Threads that were paused when they were last looked at. */
  paused(): ReadonlySet<string>;
}

export const NO_RUN: RunRecord = {
  ...NO_BREAKPOINTS,
  step: false,
  startedFrom: null,
  held: null,
  paused: false,
};

export function createBreakpointStore(
  database: Database,
  leases: Pick<Leases, 'guard'>,
): BreakpointStore {
  return {
    of(threadId) {
      const row = database.get('SELECT * FROM breakpoints WHERE thread_id = ?', threadId);
      return row === undefined
        ? NO_BREAKPOINTS
        : { before: namesIn(row['before']), after: namesIn(row['after']) };
    },
    async set(threadId, { before, after }) {
      const sql = 'INSERT OR REPLACE INTO breakpoints VALUES (?, ?, ?)';
      await database.transaction(() =>
        database.run(sql, threadId, JSON.stringify(before), JSON.stringify(after)),
      );
    },
    run(threadId) {
      const row = database.get('SELECT * FROM runs WHERE thread_id = ?', threadId);
      if (row === undefined) return null;
      return {
        before: namesIn(row['before']),
        after: namesIn(row['after']),
        step: row['step'] !== 0,
        startedFrom: textIn(row['started_from']),
        held: textIn(row['held']),
        paused: row['paused'] !== 0,
      };
    },
    async record(threadId, { before, after, step, startedFrom, held, paused }) {
      await database.transaction(() => {
        leases.guard(threadId);
        database.run(
          'INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)',
          ...[threadId, JSON.stringify(before), JSON.stringify(after), step ? 1 : 0],
          ...[startedFrom, held, paused ? 1 : 0],
        );
      });
    },
    paused() {
      const rows = database.all('SELECT thread_id FROM runs WHERE paused = 1');
      return new Set(rows.map((row) => String(row['thread_id'])));
    },
  };
}

function namesIn(stored: unknown): readonly string[] {
  return JSON.parse(String(stored)) as string[];
}

function textIn(stored: unknown): string | null {
  return typeof stored === 'string' ? stored : null;
}
