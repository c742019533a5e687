import type { StepScript } from '../script.ts';

/** What the model says: prose for the first requests, then one tool call each, then prose again. */
export interface ServerScript {
  readonly proseFirst: number;
  readonly steps: StepScript;
  readonly prose: string;
}

export type ToServer =
  /** Forgets everything and answers by this script from now on. */
  | { readonly kind: 'script'; readonly script: ServerScript }
  | { readonly kind: 'report'; readonly expected: Expected };

/** What the last request must hold. */
export interface Expected {
  /** Tool results: one for each of the first so many steps. */
  readonly results: number;
  readonly userMessages: number;
}

export interface ServerReport {
  /** When the n-th request had arrived whole. */
  readonly arrived: readonly number[];
  /** When the answer to it was handed to the system. */
  readonly answered: readonly number[];
  readonly bytes: readonly number[];
  /** Requests whose messages or tools do not begin with those of the request before. */
  readonly prefixBreaks: number;
  /** What the last request lacks, has twice or has wrong. */
  readonly problems: readonly string[];
}

export type FromServer =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'report'; readonly report: ServerReport };
