/**
 * What became of a change that the agent proposed: still to be looked at; accepted, which is a mark of
 * the user's; taken out of the shown text; or the user's own text is in its place, which counts as
 * accepted.
 */
export type ChangeState = 'open' | 'accepted' | 'rejected' | 'edited';

/** A change that the agent proposed: its file's place in the proposal, and its own in that file. */
export interface ChangePlace {
  readonly operation: number;
  readonly change: number;
  /** What the change is, by which it is found wherever it is by now; by its place if not given. */
  readonly key?: string;
}

/** Lines counted from 0; `end` is the first one after. Empty: between two lines. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

export interface ChangeView extends Required<ChangePlace> {
  readonly state: ChangeState;
  /** It is a whole file, which can only be taken or left: deleted, moved, no text, or empty. */
  readonly whole: boolean;
  /** In the text that the proposal is on top of. */
  readonly base: LineRange;
  /** In the text that is shown, and would be written, now. */
  readonly shown: LineRange;
  /** Without their ends: what goes, and what the agent wants to come. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** The user's, or ''. */
  readonly comment: string;
}

export interface FileChanges {
  readonly operation: number;
  readonly path: string;
  readonly realPath: string;
  /** Where a move leads; else null. */
  readonly to: string | null;
  readonly kind: 'create' | 'edit' | 'delete' | 'move';
  /** False also where it is too large to be shown. */
  readonly isText: boolean;
  /** Why no editor could show it; '' if one can. */
  readonly tooLarge: string;
  readonly changes: readonly ChangeView[];
  /** Lines of the shown text that the user typed apart from the agent's changes. */
  readonly own: readonly LineRange[];
}

/** Every change of a proposal that waits, as it stands now. */
export interface ProposalChanges {
  readonly proposalId: string;
  readonly threadId: string;
  readonly effectHash: string;
  readonly files: readonly FileChanges[];
  readonly progress: ChangeProgress;
}

export interface ChangeProgress {
  readonly total: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly edited: number;
  readonly open: number;
}

/** The user's words to some lines of a proposal. */
export interface LineComment {
  readonly path: string;
  /** In the text that the agent proposed. */
  readonly range: LineRange;
  /** The lines as in a diff: `-` for what would go, `+` for what would come. */
  readonly quote: string;
  readonly comment: string;
}

/** The files of a proposal beside those of the one that was rejected before it. */
export interface SinceRejected {
  /** The rejected one. */
  readonly proposalId: string;
  readonly files: readonly {
    readonly operation: number;
    readonly path: string;
    /** The file's place in the rejected proposal; null if that was not about it. */
    readonly rejected: number | null;
    /** Hashes of what was proposed then, and is now; null where there is no file. */
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

export function progressOf(files: readonly FileChanges[]): ChangeProgress {
  const states = files.flatMap(({ changes }) => changes.map(({ state }) => state));
  const count = (state: ChangeState): number => states.filter((one) => one === state).length;
  return {
    total: states.length,
    accepted: count('accepted'),
    rejected: count('rejected'),
    edited: count('edited'),
    open: count('open'),
  };
}
