/** Lines of a plan, counted from 1, the last one included. */
export interface PlanRange {
  readonly start: number;
  readonly end: number;
}

/** What the user says to some lines of a plan. */
export interface PlanComment {
  readonly range: PlanRange;
  /** The lines as they are, or as they were before they were taken out. */
  readonly quote: string;
  readonly comment: string;
}

export interface KeptPlanComment extends PlanComment {
  /** Within its plan. */
  readonly id: string;
}

/** A plan of the agent, as the user has it. */
export interface Plan {
  readonly threadId: string;
  /** The id of the answer that it is. */
  readonly planId: string;
  /** What its thread was called at first: one that stays. */
  readonly name: string;
  /** The how many-th of its thread, counted from 1. */
  readonly number: number;
  /** As the agent wrote it. Lines end with a line feed, here and in `text`. */
  readonly written: string;
  /** As the user left it. */
  readonly text: string;
  readonly comments: readonly KeptPlanComment[];
  /** Of text and comments. */
  readonly hash: string;
}

/** What a surface shows of the last plan of a thread. */
export interface PlanMark extends PlanShown {
  /** The user has changed its text. */
  readonly edited: boolean;
  /** How many. */
  readonly comments: number;
}

/** What an order to use a plan is about: exactly the plan that was shown. */
export interface PlanShown {
  readonly planId: string;
  readonly hash: string;
}

/** `carryOut`: the agent acts on it. `revise`: the agent makes another one of it. */
export type PlanUse = 'carryOut' | 'revise';

/** `changed`: another plan is shown by now, so nothing was sent. */
export type PlanOutcome = { readonly kind: 'taken' } | { readonly kind: 'changed' };
