import { callId, callOf, readAndEdit, stepAt } from '../bench/script.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';

/** The part of the work on a thread that one process does. */
export interface Part {
  readonly folder: string;
  readonly storage: string;
  /** Null: a new thread. */
  readonly threadId: string | null;
  /** The first step and the last one. */
  readonly from: number;
  readonly to: number;
}

/** Each odd step reads a file of ten, each even one changes a line of it. */
export const SCRIPT = readAndEdit(1002);

export function repliesFor({ from, to }: Pick<Part, 'from' | 'to'>): ScriptedReply[] {
  const replies: ScriptedReply[] = [];
  for (let step = from; step <= to; step++) {
    replies.push({ calls: [{ id: callId(step), ...callOf(stepAt(SCRIPT, step)) }] });
  }
  return [...replies, { text: 'Done.' }];
}
