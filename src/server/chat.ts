import type { Confirm } from '../approval/confirming.ts';
import type { Decision } from '../shared/decision.ts';
import type { ThreadView } from '../shared/thread-view.ts';
import { waitingIn } from '../threads/asked.ts';
import type { Core } from '../threads/core.ts';
import type { Asked } from '../threads/threads.ts';
import type { DecideBody, Outcome, PendingToolCall, SessionState, StartBody } from './answers.ts';
import { Shown, toPending } from './pending.ts';
import {
  elsewhere,
  endedEarly,
  nothingWaits,
  notTaken,
  severalWait,
  somethingElse,
  stillWaits,
} from './refusals.ts';

export interface ChatDeps {
  /** @throws UserFacingError while it cannot be opened */
  readonly core: () => Promise<Core>;
  /** Says yes or no to what an approval could not take back; null: only the editor can. */
  readonly confirm: Confirm | null;
}

/** What an answer is about, as far as the caller says it. */
export type About = Pick<DecideBody, 'interrupt_id' | 'effect_hash'>;

/** What programs outside can do; their sessions are threads. Whatever is refused is a `Problem`. */
export class Chat {
  readonly #deps: ChatDeps;
  readonly #shown = new Shown();

  constructor(deps: ChatDeps) {
    this.#deps = deps;
  }

  /** Starts a turn and waits for where it leads. */
  async start({ question, session_id, mode }: StartBody): Promise<Outcome> {
    const core = await this.#deps.core();
    if (session_id !== undefined) {
      const waiting = await this.#waiting(core, session_id);
      // A new question would withdraw what waits, which nobody has asked for.
      if (waiting.length > 0) throw stillWaits(session_id, await this.#show(core, waiting));
    }
    return this.#settled(core, await core.threads.send(session_id ?? null, question, mode));
  }

  /** Decides, and waits for where that leads. */
  async decide(sessionId: string, about: About, decision: Decision): Promise<Outcome> {
    const core = await this.#deps.core();
    const waiting = await this.#waiting(core, sessionId);
    const calls = await this.#answered(core, sessionId, about, waiting);
    const interruptId = about.interrupt_id ?? calls?.item.review?.interruptId ?? '';
    const effectHash = about.effect_hash ?? calls?.item.review?.effectHash ?? '';
    const named = about.effect_hash !== undefined || calls === null;
    if (approves(decision) && !named && !this.#shown.isOnly(interruptId, effectHash)) {
      throw somethingElse(sessionId, await this.#show(core, waiting));
    }
    const shown = { interruptId, effectHash };
    const from = { by: 'http', confirm: this.#deps.confirm } as const;
    const outcome = await core.threads.decide(sessionId, shown, decision, from);
    const left = await this.#waiting(core, sessionId);
    const stillWaits = left.some(({ item }) => item.review?.interruptId === interruptId);
    if (!stillWaits) this.#shown.forget(interruptId);
    if (outcome.kind === 'taken') return this.#settled(core, sessionId);
    throw notTaken(outcome, sessionId, await this.#show(core, left));
  }

  /** Goes on with a run that was cut off, and waits for where it leads. */
  async resume(sessionId: string): Promise<Outcome> {
    const core = await this.#deps.core();
    await this.#waiting(core, sessionId);
    await core.threads.resume(sessionId);
    return this.#settled(core, sessionId);
  }

  async cancel(sessionId: string): Promise<SessionState> {
    const core = await this.#deps.core();
    await this.#waiting(core, sessionId);
    await core.threads.stop(sessionId);
    return this.stateOf(core, (await core.threads.settled(sessionId)).view);
  }

  async state(sessionId: string): Promise<SessionState> {
    const core = await this.#deps.core();
    return this.stateOf(core, (await core.threads.open(sessionId)).view);
  }

  async approvals(): Promise<readonly PendingToolCall[]> {
    const core = await this.#deps.core();
    return this.#show(core, await core.threads.pending());
  }

  async stateOf(core: Core, view: ThreadView): Promise<SessionState> {
    const { threadId: session_id, status, failure } = view;
    if (status === 'running') return { status, session_id };
    const waiting = waitingIn(view);
    if (waiting.length > 0) {
      const pending_tool_calls = await this.#show(core, waiting);
      return { status: 'pending_approval', session_id, pending_tool_calls };
    }
    if (status === 'idle' && failure === null) {
      return { status: 'complete', session_id, answer: answerIn(view) };
    }
    return { status: 'unfinished', session_id, failure: failure?.message ?? null };
  }

  async #settled(core: Core, sessionId: string): Promise<Outcome> {
    const { view } = await core.threads.settled(sessionId);
    const state = await this.stateOf(core, view);
    if (state.status === 'complete' || state.status === 'pending_approval') return state;
    throw endedEarly(view);
  }

  async #waiting(core: Core, sessionId: string): Promise<readonly Asked[]> {
    const { view } = await core.threads.open(sessionId);
    if (view.elsewhere) throw elsewhere(sessionId);
    return waitingIn(view);
  }

  /** The tool call that is answered; null for one that does not wait any more. */
  async #answered(
    core: Core,
    sessionId: string,
    { interrupt_id, effect_hash }: About,
    waiting: readonly Asked[],
  ): Promise<Asked | null> {
    const by = (field: 'interruptId' | 'effectHash', value: string): Asked | null =>
      waiting.find(({ item }) => item.review?.[field] === value) ?? null;
    if (interrupt_id !== undefined) return by('interruptId', interrupt_id);
    const [first, ...others] = waiting;
    if (first === undefined) throw nothingWaits(sessionId);
    if (others.length === 0) return first;
    const named = effect_hash === undefined ? null : by('effectHash', effect_hash);
    if (named === null) throw severalWait(sessionId, await this.#show(core, waiting));
    return named;
  }

  async #show(core: Core, asked: readonly Asked[]): Promise<PendingToolCall[]> {
    const all = await Promise.all(asked.map((one) => toPending(core, one)));
    const calls = all.filter((call) => call !== null);
    this.#shown.add(calls);
    return calls;
  }
}

/** True if something happens by it that must be exactly what was shown. */
function approves({ kind }: Decision): boolean {
  return kind === 'approve' || kind === 'partial' || kind === 'edit' || kind === 'editCommand';
}

/** What the agent said last to what was asked last. */
export function answerIn({ items }: ThreadView): string {
  const said = items.slice(items.findLastIndex(({ kind }) => kind === 'user') + 1);
  const last = said.findLast(({ kind }) => kind === 'answer' || kind === 'refusal');
  return last !== undefined && 'text' in last ? last.text : '';
}
