import type { ChangeProgress, LineComment } from './change-view.ts';
import type { CommandView } from './command.ts';
import type { ProposalState, ToolKind } from './decision.ts';
import { assertNever } from './lifecycle.ts';
import type { Mode } from './mode.ts';
import type { PlanMark } from './plan.ts';

/** A thread as a surface shows it: plain data, derived from the checkpoint and the ledger. */
export interface ThreadView {
  readonly threadId: string;
  readonly title: string;
  readonly status: ThreadStatus;
  /** Why the last run ended early, or null. */
  readonly failure: Failure | null;
  /** It belongs to another window: it can be watched here, or taken over. */
  readonly elsewhere: boolean;
  /** In which the next message is sent, if nothing else is said with it. */
  readonly mode: Mode;
  /** The last plan that the agent made; null: none. */
  readonly plan: PlanMark | null;
  readonly items: readonly ThreadItem[];
}

/**
 * `idle`: nothing to do. `running`: a run is under way here. `waiting`: at least one decision is
 * awaited and nothing runs. `unfinished`: a run was cut off and can be continued.
 */
export type ThreadStatus = 'idle' | 'running' | 'waiting' | 'unfinished';

export type FailureAction =
  'retry' | 'setApiKey' | 'openSettings' | 'showLog' | 'newThread' | 'takeOver';

/** An error said to a person: what happened and why, and the one thing to do next. */
export interface Failure {
  readonly message: string;
  readonly action: FailureAction | null;
}

export type ThreadItem = UserItem | AnswerItem | ToolItem | RefusalItem;

export interface UserItem {
  readonly kind: 'user';
  readonly id: string;
  readonly text: string;
}

export interface AnswerItem {
  readonly kind: 'answer';
  readonly id: string;
  /** Markdown as the model wrote it. */
  readonly text: string;
  readonly streaming: boolean;
}

/** What stood in the way of a user's message. */
export interface Refusal {
  readonly refusalId: string;
  readonly messageId: string;
  readonly text: string;
  /** There was no verdict: checking again may lead to another end. */
  readonly unclear: boolean;
}

/** Answers a user's message that the guard kept from the agent. */
export interface RefusalItem extends Omit<Refusal, 'refusalId'> {
  readonly kind: 'refusal';
  readonly id: string;
}

/** How a blocked message is sent once more: past the guard, or through it again. */
export type Resend = 'anyway' | 'check';

/**
 * `running` and `done` belong to tools that only read; the rest are states of a proposal, `undone`
 * being an applied one whose effect the user took back.
 */
export type ToolItemState = 'running' | 'done' | 'undone' | ProposalState;

export interface ToolItem {
  readonly kind: 'tool';
  /** The tool call's id. */
  readonly id: string;
  readonly toolName: string;
  readonly toolKind: ToolKind;
  /** "Read src/app.ts", "Edit src/app.ts". */
  readonly title: string;
  readonly state: ToolItemState;
  /** The outcome in a line ("120 lines", the reason of a rejection, an error), or ''. */
  readonly detail: string;
  /** The frozen proposal, if this call proposed one. */
  readonly review: ReviewView | null;
}

export type Risk = 'low' | 'high';

export type UndoKind = 'undo' | 'redo';

/** All that a card shows of a proposal. Drawn from the frozen bytes, never from the model's words. */
export interface ReviewView {
  readonly proposalId: string;
  /** The interrupt to answer, or null once it is answered. */
  readonly interruptId: string | null;
  /** What an answer must be about; changes whenever something else is shown. */
  readonly effectHash: string;
  /** The one file that it is about, as the user knows it, or how many: "3 files". */
  readonly path: string;
  /** Each file in the order in which it would be changed. None for a question. */
  readonly files: readonly FileView[];
  /** Sums over all files. */
  readonly added: number;
  readonly removed: number;
  /** Invisible or direction-changing characters that the proposal adds. */
  readonly hiddenCharacters: number;
  /** Which rule asks, in words. */
  readonly why: string;
  readonly risk: Risk;
  /** What else the user should know before deciding, each a sentence. */
  readonly warnings: readonly string[];
  /**
   * What of it could not be taken back, a sentence for each thing. An approval of it asks about each,
   * in a dialog of the editor.
   */
  readonly irrecoverable: readonly string[];
  /** What would be run, if it is a command; there are no files then. */
  readonly command: CommandView | null;
  /** Why this is shown anew, or cannot be approved as it is. */
  readonly notice: ReviewNotice | null;
  /** False while it does not fit the files, has conflicts in it, or cannot be shown. */
  readonly approvable: boolean;
  /** The user has typed another text for it, which an approval takes instead. */
  readonly edited: boolean;
  /** What the agent asks, if this is a question. */
  readonly question: Question | null;
  /** What is known of an effect whose outcome is unclear, a line each; else empty. */
  readonly evidence: readonly string[];
  /** What the user can do with the effect now: take it back, or bring it back. Null: nothing. */
  readonly undo: UndoKind | null;
  /** How far the user is with its changes; null for what has none, or does not wait. */
  readonly progress: ChangeProgress | null;
  /** The newest rejected proposal of the thread about one of the same files; else null. */
  readonly since: string | null;
  /** What the user said to single changes, once it is decided. */
  readonly comments: readonly LineComment[];
  /**
   * What a diff does not show well: line endings, byte order marks and the like, a sentence each. Of a
   * command, all there is to know.
   */
  readonly facts: readonly string[];
}

/**
 * `rebased`: the file changed, and the proposal was put on top of the change. `conflict`: the same,
 * with places for the user to resolve. `interrupted`: approved before, but the editor stopped.
 * `settling`: finishes or rolls back an unclear effect. `arguments`: the user changed the arguments.
 * `stacked`: on top of another proposal that still waits. `stale`: does not fit the files any more.
 * `tooLarge`: some file of it cannot be shown. `expired`: a command that was not answered in time. `again`: one that may have run before.
 */
export interface ReviewNotice {
  readonly kind:
    | 'rebased'
    | 'conflict'
    | 'interrupted'
    | 'settling'
    | 'arguments'
    | 'stacked'
    | 'stale'
    | 'tooLarge'
    | 'expired'
    | 'again';
  readonly text: string;
}

export interface Question {
  readonly text: string;
  readonly choices: readonly string[];
}

/** One file of a proposal. */
export interface FileView {
  readonly operation: number;
  readonly change: 'create' | 'edit' | 'delete' | 'move';
  /** Path as the user knows it, relative to the workspace folder. */
  readonly path: string;
  /** Where a move leads; else null. */
  readonly to: string | null;
  readonly added: number;
  readonly removed: number;
  /** False if the bytes are no text: there are no rows then, and nothing of it can be edited. */
  readonly isText: boolean;
  /** Why no editor could show it, which makes it no text here; '' if one can. */
  readonly tooLarge: string;
  readonly diff: readonly DiffRow[];
  /** Rows of the diff left out of the card; the diff editor shows all. */
  readonly moreRows: number;
  /** The user has rejected it whole: an approval leaves it out. */
  readonly declined: boolean;
  /** How many changes there are to accept or decline one by one, the rows left out included. */
  readonly changes: number;
}

export interface DiffRow {
  readonly kind: 'context' | 'added' | 'removed' | 'gap';
  /** Line number in the new text, or in the old one for a removed line; null for a gap. */
  readonly line: number | null;
  readonly text: string;
  /** Which change of its file an added or removed line belongs to, counted from 0; else null. */
  readonly change: number | null;
}

/** What changes a thread's view. Numbered per thread by the sender. */
export type ThreadEvent =
  | { readonly kind: 'item'; readonly item: ThreadItem }
  | { readonly kind: 'text'; readonly id: string; readonly delta: string }
  | { readonly kind: 'removed'; readonly id: string }
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'mode'; readonly mode: Mode }
  | { readonly kind: 'plan'; readonly plan: PlanMark | null }
  | { readonly kind: 'owner'; readonly elsewhere: boolean }
  | {
      readonly kind: 'status';
      readonly status: ThreadStatus;
      readonly failure: Failure | null;
    };

/** A view and the number of the last event that is in it. */
export interface ThreadSnapshot {
  readonly seq: number;
  readonly view: ThreadView;
}

export interface NumberedEvent {
  readonly threadId: string;
  readonly seq: number;
  readonly event: ThreadEvent;
}

/** Pure; host and webview both use it, so that they cannot disagree. */
export function reduceThread(view: ThreadView, event: ThreadEvent): ThreadView {
  switch (event.kind) {
    case 'item':
      return { ...view, items: withItem(view.items, event.item) };
    case 'text':
      return { ...view, items: withText(view.items, event.id, event.delta) };
    case 'removed':
      return { ...view, items: view.items.filter((item) => item.id !== event.id) };
    case 'title':
      return { ...view, title: event.title };
    case 'mode':
      return { ...view, mode: event.mode };
    case 'plan':
      return { ...view, plan: event.plan };
    case 'owner':
      return { ...view, elsewhere: event.elsewhere };
    case 'status':
      return { ...view, status: event.status, failure: event.failure };
    default:
      return assertNever(event);
  }
}

function withItem(items: readonly ThreadItem[], item: ThreadItem): readonly ThreadItem[] {
  const at = lastIndexOf(items, item.id);
  return at === -1 ? [...items, item] : items.with(at, item);
}

function withText(items: readonly ThreadItem[], id: string, delta: string): readonly ThreadItem[] {
  const at = lastIndexOf(items, id);
  const item = items[at];
  if (item === undefined) {
    return [...items, { kind: 'answer', id, text: delta, streaming: true }];
  }
  return item.kind === 'answer' ? items.with(at, { ...item, text: item.text + delta }) : items;
}

function lastIndexOf(items: readonly ThreadItem[], id: string): number {
  return items.findLastIndex((item) => item.id === id);
}
