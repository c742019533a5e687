import { backupDatabase } from './backup.ts';
import type { Database } from './database.ts';
import { type Integrity, checkIntegrity } from './integrity.ts';
import { pruneThread } from './prune.ts';
import { type StorageUse, measureStorage } from './sizes.ts';
import { shortenWal } from './space.ts';
import type { Steps } from './steps.ts';
import { type TidyRequest, type TidyResult, tidy } from './tidy.ts';

/** What the maintenance worker can do: what each job is asked with, and what it answers. */
export interface Jobs {
  tidy: [TidyRequest, TidyResult];
  prune: [{ readonly threadId: string }, { readonly removed: number }];
  shortenWal: [null, null];
  sizes: [null, StorageUse];
  check: [null, Integrity];
  backup: [null, null];
}

export type JobKind = keyof Jobs;
export type JobRequest<K extends JobKind> = Jobs[K][0];
export type JobResult<K extends JobKind> = Jobs[K][1];

export interface JobTools {
  readonly database: Database;
  readonly folder: string;
  readonly steps: Steps;
}

interface Job<K extends JobKind> {
  run(request: JobRequest<K>, tools: JobTools): Promise<JobResult<K>>;
  /** It is short or only reads: it waits neither for other jobs nor for an agent that works. */
  readonly atOnce?: true;
}

/** A further job is a line here and one in `Jobs`. */
export const JOBS: { readonly [K in JobKind]: Job<K> } = {
  tidy: { run: (request, { database, steps }) => tidy(database, request, steps) },
  prune: {
    run: ({ threadId }, { database, steps }) =>
      pruneThread({ ...database, transaction: (work) => steps.once(work) }, threadId),
  },
  shortenWal: {
    atOnce: true,
    run(_, { database }) {
      shortenWal(database);
      return Promise.resolve(null);
    },
  },
  sizes: { atOnce: true, run: (_, { database }) => Promise.resolve(measureStorage(database)) },
  check: { run: (_, { folder }) => Promise.resolve(checkIntegrity(folder)) },
  backup: {
    async run(_, { folder }) {
      await backupDatabase(folder);
      return null;
    },
  },
};

export interface JobMessage<K extends JobKind = JobKind> {
  readonly kind: 'job';
  readonly id: number;
  readonly job: K;
  readonly request: JobRequest<K>;
  /** The time to note it at as done, in milliseconds since 1970; null for what is not noted. */
  readonly noteAt: number | null;
}

/** What the worker is told. */
export type ToWorker =
  | JobMessage
  | { readonly kind: 'hold'; readonly held: boolean }
  /** It ends after the step that it is at. */
  | { readonly kind: 'stop' };

/** What it answers. */
export type FromWorker =
  | { readonly id: number; readonly result: Jobs[JobKind][1] }
  | { readonly id: number; readonly problem: string };

/** What the worker is started with. */
export interface WorkerData {
  readonly folder: string;
  /** An agent works just now. */
  readonly held: boolean;
}
