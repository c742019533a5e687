import type { BaseMessage } from '@langchain/core/messages';
import { t } from '@vscode/l10n';
import type { AgentEvent } from '../agent/events.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { Failure } from '../shared/thread-view.ts';
import { answersTo, askPending, revalidate } from './asking.ts';
import { failureOf } from './failure.ts';
import { closeOpenCalls } from './open-calls.ts';
import { type RunInput, runAgent } from './run.ts';
import { type Stop, readStanding, readStop } from './standing.ts';
import { StopPlan } from './stop-plan.ts';
import type { ThreadDeps } from './thread-deps.ts';
import type { ThreadMode } from './thread-mode.ts';
import type { Compose } from './turn-input.ts';
import type { ViewKeeper } from './view-keeper.ts';
import { showElsewhere, showStored } from './watching.ts';

export interface GoOptions {
  /** Stop before every node; null: as the run before. */
  readonly step?: boolean | null;
  readonly heed?: (event: AgentEvent) => void;
  readonly onBegun?: () => void;
}

/** The runs of one thread, one after the other. The caller holds the thread's queue. */
export class ThreadRuns {
  readonly #deps: ThreadDeps;
  readonly #threadId: string;
  readonly #view: ViewKeeper;
  readonly #mode: ThreadMode;
  readonly #plan: StopPlan;
  readonly #told = new Set<string>();
  #running: AbortController | null = null;
  /** A turn was asked for and has not begun to run. */
  starting = false;

  constructor(deps: ThreadDeps, threadId: string, view: ViewKeeper, mode: ThreadMode) {
    this.#deps = deps;
    this.#threadId = threadId;
    this.#view = view;
    this.#mode = mode;
    this.#plan = new StopPlan(deps, threadId);
  }

  get busy(): boolean {
    return this.#running !== null || this.starting;
  }

  abort(): void {
    this.#running?.abort();
  }

  /** The breakpoints are others now: also for a run that goes. */
  async breakpointsChanged(): Promise<void> {
    if (this.#running !== null) await this.#plan.renew();
  }

  /** Stops the run that goes before its next node. */
  async pause(): Promise<void> {
    if (this.#running !== null) await this.#plan.renew(true);
  }

  async startTurn(compose: Compose, step: boolean, stored: () => void): Promise<void> {
    try {
      const { id: messageId, text, messages, mode, replaced, undone } = await compose();
      const unread = await this.#closeOpen();
      await this.#mode.keep(mode);
      for (const id of replaced) this.#view.show({ kind: 'removed', id });
      this.#view.show({ kind: 'item', item: { kind: 'user', id: messageId, text } });
      let isStored = false as boolean;
      const onStored = (): void => {
        isStored = true;
        if (mode !== null) this.#mode.began(mode);
        stored();
      };
      const heed = ({ kind }: AgentEvent): void => {
        if (kind === 'checking') onStored();
        if (kind === 'asking') this.#deps.ledger.markTold(undone).catch(this.#deps.log);
      };
      const input: RunInput = { kind: 'messages', messages: [...unread, ...messages], mode };
      const failure = await this.go(input, { step, heed });
      if (isStored) return;
      // What is not in the thread now was not stored: its text must stay where it was typed.
      const { items } = this.#view.snapshot().view;
      if (items.some(({ id }) => id === messageId)) {
        onStored();
        return;
      }
      // The sender is told; there is nothing in the thread to try again.
      this.#view.status(this.#view.snapshot().view.status, null);
      throw new UserFacingError('storage', failure?.message ?? t('The message was not kept.'));
    } finally {
      this.starting = false;
    }
  }

  /** Resumes with every answer that is in the ledger and that the graph does not know yet. */
  async resumeDecided(): Promise<void> {
    const { interrupts } = await readStop(this.#deps, this.#threadId);
    const answers = answersTo(interrupts, this.#deps.ledger);
    if (answers !== null) await this.go({ kind: 'answers', answers });
  }

  /** Answers why the run failed, or null if it did not. */
  async go(
    input: RunInput,
    { step = null, heed, onBegun }: GoOptions = {},
  ): Promise<Failure | null> {
    const { agent, log } = this.#deps;
    const controller = new AbortController();
    this.#running = controller;
    this.starting = false;
    this.#view.status('running', null);
    onBegun?.();
    const onEvent = (event: AgentEvent): void => {
      heed?.(event);
      this.#view.agentEvent(event);
    };
    try {
      const breakpoints = await this.#plan.start(step);
      const { signal } = controller;
      await runAgent(agent, this.#threadId, input, { signal, breakpoints, onEvent });
      this.#running = null;
      const stop = await readStop(this.#deps, this.#threadId);
      // Calls that have not begun are to be seen where it pauses.
      if (stop.paused) await this.reload(null);
      else await this.#rest(stop, null);
      return null;
    } catch (error) {
      this.#running = null;
      const failure = controller.signal.aborted ? null : failureOf(error, log);
      await this.#failed(failure);
      return failure;
    }
  }

  /** Answers what is open and lets nothing come next. */
  async end(): Promise<void> {
    const standing = await readStanding(this.#deps, this.#threadId);
    if (standing.next.length === 0) return;
    await closeOpenCalls(this.#deps, this.#threadId, standing, 'ended');
    await this.reload(null);
  }

  /** The thread is this window's from now on. */
  async takeUp(): Promise<void> {
    await this.#deps.executor.recover(this.#threadId);
    this.#view.owner(false);
    await this.reload(null);
  }

  watch(): Promise<void> {
    return showElsewhere(this.#deps, this.#threadId, this.#view);
  }

  /** Shows the thread as it is stored. */
  async reload(failure: Failure | null): Promise<void> {
    const standing = await readStanding(this.#deps, this.#threadId);
    this.#mode.began(standing.mode);
    showStored(this.#deps, standing, this.#view);
    await this.#rest(standing, failure);
  }

  /** Answers the calls that a new message would drop; gives back the messages that it would drop. */
  async #closeOpen(): Promise<readonly BaseMessage[]> {
    // An idle thread has nothing open: its whole history need not be read to see that.
    if (this.#view.snapshot().view.status === 'idle') return [];
    const standing = await readStanding(this.#deps, this.#threadId);
    await closeOpenCalls(this.#deps, this.#threadId, standing, 'newMessage');
    this.#view.refreshOpen();
    return standing.unread;
  }

  /** A run ended early; if even the store cannot be read, the thread says at least that. */
  async #failed(failure: Failure | null): Promise<void> {
    try {
      if (this.#deps.leases.holds(this.#threadId)) await this.reload(failure);
      else await this.watch();
    } catch (error) {
      this.#view.status('unfinished', failure ?? failureOf(error, this.#deps.log));
    }
  }

  /** Shows where the thread stands while nothing runs, and asks what is to be asked. */
  async #rest(stop: Stop, failure: Failure | null): Promise<void> {
    const { onAsked } = this.#deps;
    if (!stop.unfinished) await revalidate(this.#deps, this.#threadId, this.#view);
    const { status, asked } = await askPending(this.#deps, this.#view, stop);
    await this.#plan.rested(stop.paused);
    this.#view.at(stop.next);
    this.#view.status(status, failure);
    for (const [interruptId, toolCallId] of asked) {
      if (this.#told.has(interruptId)) continue;
      this.#told.add(interruptId);
      onAsked(this.#threadId, toolCallId);
    }
  }
}
