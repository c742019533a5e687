import type { EditedCommand } from './command.ts';
import type { Mode } from './mode.ts';
import type { LineComment } from './change-view.ts';

/** What a person answers to a proposal or a question. The first answer to an interrupt wins. */
export type Decision = PlainDecision & {
  /** What the user said to single changes: put there as the answer is taken, by nobody else. */
  readonly comments?: readonly LineComment[];
};

type PlainDecision =
  | { readonly kind: 'approve'; readonly note?: string }
  /** The user's own text of some files, each whole; the other files stay as proposed. */
  | { readonly kind: 'edit'; readonly files: readonly EditedFile[]; readonly note?: string }
  /** The user's own command instead of the proposed one, all of it. */
  | { readonly kind: 'editCommand'; readonly command: EditedCommand; readonly note?: string }
  /** Other arguments for the tool. What they lead to is a new proposal, shown before anything. */
  | { readonly kind: 'editArguments'; readonly arguments: string }
  /** Files, and in them changes or lines; what is not named is declined. */
  | {
      readonly kind: 'partial';
      readonly files: readonly AcceptedFile[];
      readonly reason: string;
    }
  | { readonly kind: 'reject'; readonly reason: string }
  /** Cancels this call and its siblings; the instruction is what the user wants instead. */
  | { readonly kind: 'redirect'; readonly instruction: string; readonly mode?: Mode }
  /** To a question of the agent. Data for the model, never an approval. */
  | { readonly kind: 'respond'; readonly answer: string }
  | { readonly kind: 'doneByHand'; readonly note?: string }
  /** To an effect whose outcome is not known, or that stopped half-way. */
  | { readonly kind: 'settle'; readonly way: SettleWay };

/** A file of a proposal by its place in it, counted from 0, with the text that the user wants. */
export interface EditedFile {
  readonly operation: number;
  /** Without a byte order mark; encoding and mark stay those of the proposal. */
  readonly text: string;
}

export interface AcceptedFile {
  readonly operation: number;
  readonly changes: 'all' | readonly AcceptedChange[];
}

/** What of one change is accepted; lines by their place in the change, counted from 0. */
export interface AcceptedChange {
  readonly change: number;
  readonly lines:
    'all' | { readonly removed: readonly number[]; readonly added: readonly number[] };
}

/**
 * `keep`: leave the files as they are now. `finish`: write what is missing of the approved effect.
 * `rollBack`: put back what was there before it. Both are shown as a new proposal first. For a command
 * instead of these two, `again`: propose it once more; and `didNotRun`: the user has seen that it did not.
 */
export type SettleWay = 'keep' | 'finish' | 'rollBack' | 'again' | 'didNotRun';

/**
 * From where a person answered: in the editor, through the HTTP control API, at a terminal, or by the
 * rule for edits that they gave to the command line.
 */
export type DecidedBy = 'user' | 'http' | 'terminal' | 'yesEdits';

/** What an answer is about: exactly the effect that was shown, under the interrupt that asks. */
export interface Shown {
  readonly interruptId: string;
  /** Hash of the effect envelope. */
  readonly effectHash: string;
}

/**
 * What became of an answer: taken; too late, because the interrupt was answered before; not taken,
 * because something else is shown by now; dismissed, because the person did not confirm it; or refused,
 * with the reason. Only `taken` changed anything.
 */
export type DecisionOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'tooLate'; readonly state: ProposalState }
  | { readonly kind: 'changed' }
  | { readonly kind: 'dismissed' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * The ledger's states of a proposal. Open: `proposed` waits for a decision; `partial` (some files are
 * changed, others not) and `unknown` wait for the user to say how to go on. `approved` and `claimed`
 * are on their way. The rest are ends: in `stale` and `failed` nothing was changed, in `rolledBack`
 * it was put back, in `kept` the user left the files as an unclear outcome had left them.
 */
export type ProposalState =
  | 'proposed'
  | 'approved'
  | 'claimed'
  | 'partial'
  | 'unknown'
  | 'applied'
  | 'rejected'
  | 'stale'
  | 'failed'
  | 'cancelled'
  | 'rolledBack'
  | 'kept'
  | 'doneByHand'
  | 'answered';

/** True while a person has to say something. */
export function awaitsPerson(state: ProposalState): boolean {
  return state === 'proposed' || state === 'partial' || state === 'unknown';
}

/** The Agent Client Protocol's kinds of tool, https://agentclientprotocol.com/protocol/tool-calls. */
export type ToolKind =
  'read' | 'search' | 'edit' | 'delete' | 'move' | 'execute' | 'fetch' | 'other';
