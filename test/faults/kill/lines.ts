/** What the observer in a child saw of one call that changes a file by its own name. */
export interface Act {
  readonly kind: 'act';
  readonly number: number;
  readonly call: string;
  readonly path: string;
  /** Of the bytes that the path has afterwards; null: no file. */
  readonly sha256: string | null;
  /** The claimed proposal with this in its approved effect, as another connection sees it. */
  readonly proposalId: string | null;
  /** The audit row of that approval, committed before the call. */
  readonly approvedBy: number | null;
}

/** One message of what the model was asked. */
export interface Asked {
  readonly type: string;
  readonly calls: readonly string[];
  readonly answers: string | null;
  readonly text: string;
}

/** What a child says, one JSON text a line; it survives the child in the pipe. */
export type Line =
  /** The thread is loaded, with all that an earlier process left behind settled. */
  | { readonly kind: 'ready' }
  /** Stopped at a failpoint, to be killed there. */
  | { readonly kind: 'at'; readonly name: string; readonly callId: string }
  | {
      readonly kind: 'shown';
      readonly callId: string;
      readonly proposalId: string;
      readonly interruptId: string;
      readonly effectHash: string;
      readonly state: string;
      readonly notice: string | null;
      readonly evidence: readonly string[];
    }
  | {
      readonly kind: 'deciding';
      readonly callId: string;
      readonly effectHash: string;
      readonly decision: string;
    }
  | { readonly kind: 'decided'; readonly callId: string; readonly outcome: string }
  /** The user sees that the run is paused before these nodes, or was cut off there. */
  | { readonly kind: 'paused' | 'cutOff'; readonly at: readonly string[] }
  | { readonly kind: 'undoing'; readonly callId: string; readonly proposalId: string }
  | { readonly kind: 'undone'; readonly callId: string; readonly outcome: string }
  | Act
  | { readonly kind: 'acted'; readonly number: number }
  /** All that the model server was sent. */
  | { readonly kind: 'asked'; readonly messages: readonly Asked[] }
  /** What the user sees of a call. */
  | { readonly kind: 'item'; readonly callId: string; readonly state: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'failure'; readonly text: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'finished' };

/** Where a child stops to be killed. */
export interface StopAt {
  /** Null: any failpoint. */
  readonly name: string | null;
  /** While this call is decided, and what follows from that; null: whenever. */
  readonly callId: string | null;
  /** Not before this failpoint was passed. */
  readonly after?: string;
  /** At the how many-th pass, counted from 1. */
  readonly pass: number;
  /** Goes on after so many milliseconds; else never. */
  readonly milliseconds?: number;
}

export interface ChildConfig {
  readonly folder: string;
  readonly storage: string;
  /** Where the head of the audit is kept. */
  readonly headFile: string;
  readonly scenarioFile: string;
  readonly stopAt: StopAt | null;
  /** Milliseconds by which its clock is wrong. */
  readonly clock: number;
}
