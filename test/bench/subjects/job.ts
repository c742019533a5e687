/** What a subject's process is to do; its only argument, as JSON. */
export interface Job {
  /**
   * `turns`: says each prompt and waits for the end of the turn. `carryOn`: goes on where an earlier
   * process was killed. `reopen`: only reads the thread and what waits in it. `upkeep`: as `turns`,
   * and then stays until the database has been looked after.
   */
  readonly kind: 'turns' | 'carryOn' | 'reopen' | 'upkeep';
  readonly baseUrl: string;
  readonly workspace: string;
  readonly storage: string;
  /** Null: a new thread. */
  readonly threadId: string | null;
  readonly prompts: readonly string[];
  /** How often to say them all. */
  readonly rounds: number;
  /** The id of the tool call that waits for its approval: until it is sent, or the process killed. */
  readonly holdAt: string | null;
  /** For Countersign: the bundles of the core and of its maintenance worker. */
  readonly corePath: string;
  readonly maintenancePath: string;
  /** For Countersign: writes a file of its own as durably before each approval, and times both. */
  readonly compareWrites: boolean;
}

export interface SubjectReport {
  readonly threadId: string;
  /** When each prompt was given, and how long its turn took. */
  readonly promptedAt: readonly number[];
  readonly turnMs: readonly number[];
  /** Of the process, over all turns: user and system. */
  readonly cpuMs: number;
  readonly peakRssMb: number;
  /** What else the subject timed, in milliseconds, by name. */
  readonly timings: Readonly<Record<string, readonly number[]>>;
  /** From the approval that it had to wait for to the end of that turn; null without one. */
  readonly afterHold: Stall | null;
}

/** How late the event loop of a process was, in milliseconds. */
export interface Stall {
  readonly p99: number;
  readonly max: number;
  /** What ended the turn, if it failed. */
  readonly failure: string | null;
}

/** What a process that waits for an approval is told. */
export type ToSubject = 'approved';

export type FromSubject =
  | { readonly kind: 'holding'; readonly threadId: string }
  | { readonly kind: 'done'; readonly report: SubjectReport };
