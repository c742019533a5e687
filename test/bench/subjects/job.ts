/** What a subject's process is to do; its only argument, as JSON. */
export interface Job {
  /**
   * `turns`: says each prompt and waits for the end of the turn. `carryOn`: goes on where an earlier
   * process was killed. `reopen`: only reads the thread and what waits in it.
   */
  readonly kind: 'turns' | 'carryOn' | 'reopen';
  readonly baseUrl: string;
  readonly workspace: string;
  readonly storage: string;
  /** Null: a new thread. */
  readonly threadId: string | null;
  readonly prompts: readonly string[];
  /** How often to say them all. */
  readonly rounds: number;
  /** The id of the tool call that is never approved: there the process waits to be killed. */
  readonly holdAt: string | null;
  /** For Countersign: the bundle of the core. */
  readonly corePath: string;
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
}

export type FromSubject =
  | { readonly kind: 'holding'; readonly threadId: string }
  | { readonly kind: 'done'; readonly report: SubjectReport };
