import type { Decision, DecisionOutcome, Shown } from './decision.ts';
import type { Mode } from './mode.ts';
import type { PlanOutcome, PlanShown } from './plan.ts';
import type { StorageNotice, StorageWay } from './storage.ts';
import type { NumberedEvent, Resend, ThreadSnapshot, UndoKind } from './thread-view.ts';

/** What stands in the way of the agent, or nothing. */
export type Readiness = 'ready' | 'noFolder' | 'untrusted' | 'unsupported';

/** What the panel says about its surroundings. */
export interface Environment {
  readonly readiness: Readiness;
  /** The model that answers, as shown under the composer. */
  readonly modelLabel: string;
  /** True while the built-in offline demo model answers. */
  readonly demo: boolean;
  /** Address of the configured model server, or null where none is. */
  readonly endpoint: string | null;
  /** True if a key is kept for it. */
  readonly keySet: boolean;
  /** What is to be said about the file with the conversations, or null if all is well. */
  readonly storage: StorageNotice | null;
}

export interface PanelState {
  readonly environment: Environment;
  /** The open thread, or null before its first message. */
  readonly thread: ThreadSnapshot | null;
  /** What `remember` was last given; '' at first. */
  readonly memory: string;
}

/** Commands that the panel may ask the host to run; nothing else. */
export type PanelCommand =
  | 'newThread'
  | 'takeOver'
  | 'setUpModel'
  | 'setApiKey'
  | 'openSettings'
  | 'showLog'
  | 'openWalkthrough'
  | 'manageTrust'
  | 'openFolder';

/** What became of an undo: done, or refused with the reason, in which case nothing was changed. */
export type UndoOutcome =
  { readonly kind: 'done' } | { readonly kind: 'refused'; readonly reason: string };

/** `refused`: no page may make a sound before the user has clicked or typed in it. */
export type SoundOutcome = 'played' | 'refused';

/** Calls that the webview makes and the host answers. */
export interface HostCalls {
  /** The webview is loaded, or lost count of the events: everything it needs to draw. */
  state: { params: null; result: PanelState };
  /** Starts a turn; a null thread means a new one. Answers when the message is stored. */
  send: {
    params: { threadId: string | null; text: string; mode: Mode };
    result: { threadId: string };
  };
  /** Sends a blocked message once more. Answers when that is stored. */
  sendAgain: {
    params: { threadId: string; messageId: string; way: Resend };
    result: null;
  };
  /** Keeps the mode in which the next message of a thread is sent. */
  pickMode: { params: { threadId: string; mode: Mode }; result: null };
  /** Opens the last plan of a thread in the editor. */
  openPlan: { params: { threadId: string }; result: null };
  /** Has the agent revise it, with what the user made of it and says about it. */
  revisePlan: { params: { threadId: string }; result: null };
  /** Has exactly the plan that was shown carried out, as it stands. */
  carryOutPlan: { params: { threadId: string; shown: PlanShown }; result: PlanOutcome };
  decide: {
    params: { threadId: string; shown: Shown; decision: Decision };
    result: DecisionOutcome;
  };
  /** Continues an unfinished or failed run from where it stopped. */
  resume: { params: { threadId: string }; result: null };
  stop: { params: { threadId: string }; result: null };
  /** Takes an applied effect back, or brings it back. Refused with a reason if the file changed. */
  undo: {
    params: { threadId: string; proposalId: string; kind: UndoKind };
    result: UndoOutcome;
  };
  /** Opens the whole change in the editor; one file of it if there is one named. */
  openDiff: { params: { proposalId: string; operation: number | null }; result: null };
  /** Opens what a proposal proposes beside what was rejected before it. */
  compareRejected: { params: { proposalId: string }; result: null };
  /** The arguments of the tool call behind a proposal, as indented JSON, for editing them. */
  readArguments: {
    params: { threadId: string; proposalId: string };
    result: { arguments: string };
  };
  /** Opens a workspace file, or an http(s) address after the editor's own question. */
  openLink: { params: { href: string }; result: null };
  /** Keeps what the panel wants to find again (drafts, places), whatever becomes of its page. */
  remember: { params: { memory: string }; result: null };
  /** Goes on in the way that was chosen, after a question of the editor where something is set aside. */
  chooseStorage: { params: { way: StorageWay }; result: null };
  /** What came of the sound that the host asked for. */
  soundPlayed: { params: { outcome: SoundOutcome }; result: null };
  runCommand: { params: { command: PanelCommand }; result: null };
}

/** What the host tells the webview, unasked. */
export interface HostEvents {
  /** Sent in order; a gap in `seq` means: ask for `state`. */
  threadEvent: NumberedEvent;
  /** Another thread is shown from now on (null: an empty new one). */
  threadShown: ThreadSnapshot | null;
  environment: Environment;
  focusComposer: null;
  /** Take the next mode for what is sent next. */
  cycleMode: null;
  /** Play the sound that calls the user; answered by `soundPlayed`. */
  playSound: null;
  /** Scroll to an item and put the focus on it. */
  reveal: { readonly itemId: string };
}

export type HostMethod = keyof HostCalls;

export type ToHost = {
  [M in HostMethod]: {
    readonly type: 'call';
    readonly id: number;
    readonly method: M;
    readonly params: HostCalls[M]['params'];
  };
}[HostMethod];

export type ToWebview =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly message: string }
  | {
      [E in keyof HostEvents]: {
        readonly type: 'event';
        readonly event: E;
        readonly data: HostEvents[E];
      };
    }[keyof HostEvents];
