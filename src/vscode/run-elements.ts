import type { HistoryEntry } from '../threads/history.ts';

/** A row of the Run view. */
export type RunElement =
  | PointElement
  | { readonly kind: 'history' }
  | CheckpointElement
  | { readonly kind: 'more' }
  /** Something is not as it should be. */
  | { readonly kind: 'problem'; readonly text: string };

/** A place where runs of a thread can stop. The one before a node is the node's own row. */
export interface PointElement {
  readonly kind: 'point';
  readonly node: string;
  readonly when: 'before' | 'after';
}

export interface CheckpointElement {
  readonly kind: 'checkpoint';
  readonly threadId: string;
  readonly entry: HistoryEntry;
}

export function isCheckpoint(argument: unknown): argument is CheckpointElement {
  return kindOf(argument) === 'checkpoint';
}

export function isPoint(argument: unknown): argument is PointElement {
  return kindOf(argument) === 'point';
}

function kindOf(argument: unknown): unknown {
  return typeof argument === 'object' && argument !== null && 'kind' in argument
    ? argument.kind
    : null;
}
