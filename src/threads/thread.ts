import type { BaseMessage } from '@langchain/core/messages';
import { t } from '@vscode/l10n';
import type { AgentEvent } from '../agent/events.ts';
import { ownedElsewhere } from '../checkpoint/leases.ts';
import type { ThreadEntry } from '../checkpoint/thread-index.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { UndoOutcome } from '../shared/protocol.ts';
import type { Mode } from '../shared/mode.ts';
import type { PlanMark } from '../shared/plan.ts';
import { createQueue } from '../shared/queue.ts';
import type { Failure, Resend, ThreadSnapshot, UndoKind } from '../shared/thread-view.ts';
import { answersTo, askPending, revalidate } from './asking.ts';
import { failureOf } from './failure.ts';
import { closeOpenCalls } from './open-calls.ts';
import { type RunInput, runAgent } from './run.ts';
import { type PendingInterrupt, pendingInterrupts, readStanding } from './standing.ts';
import type { ThreadDeps } from './thread-deps.ts';
import { ThreadMode } from './thread-mode.ts';
import { type Compose, type Redirect, type TurnInput, again } from './turn-input.ts';
import { undoIn } from './undoing.ts';
import { ViewKeeper } from './view-keeper.ts';
import { showElsewhere, showStored } from './watching.ts';

/** A thread that is loaded: its view, and the only door to its runs. */
export class LiveThread {
  readonly #deps: ThreadDeps;
  readonly #threadId: string;
  readonly #view: ViewKeeper;
  readonly mode: ThreadMode;
  /** The mutex: one run at a time. */
  readonly #queue = createQueue();
  /** As soon as nothing is done or about to be: what was sent and decided has led where it leads. */
  readonly settled = (): Promise<void> => this.#queue.idle();
  readonly #told = new Set<string>();
  #running: AbortController | null = null;
  /** A turn was asked for and has not begun to run. */
  #starting = false;
  #looking = false;

  private constructor(deps: ThreadDeps, { threadId, title }: ThreadEntry) {
    this.#deps = deps;
    this.#threadId = threadId;
    this.#view = new ViewKeeper(threadId, title, deps.ledger, deps.onEvent);
    this.mode = new ThreadMode(deps, this.#view);
  }

  /** Loads a thread and settles what an earlier process left behind. */
  static async open(deps: ThreadDeps, entry: ThreadEntry): Promise<LiveThread> {
    const thread = new LiveThread(deps, entry);
    if (await deps.leases.acquire(entry.threadId)) await thread.#begin();
    else await thread.#watch();
    return thread;
  }

  snapshot(): ThreadSnapshot {
    return this.#view.snapshot();
  }

  /** @throws UserFacingError if the thread is another window's */
  assertOwned(): void {
    if (!this.#deps.leases.holds(this.#threadId)) throw ownedElsewhere();
  }

  /**
   * Sees to whose the thread is: takes it if its window is gone, lets go of it if it was taken, and
   * follows what happens to it elsewhere.
   */
  look(changed: boolean): void {
    const { leases } = this.#deps;
    const { elsewhere } = this.snapshot().view;
    if (!elsewhere && (!changed || leases.holds(this.#threadId))) return;
    if (!elsewhere) this.#running?.abort();
    if (this.#looking) return;
    this.#looking = true;
    this.#enqueue(async () => {
      this.#looking = false;
      if (await leases.acquire(this.#threadId)) await this.#begin();
      else if (changed) await this.#watch();
    });
  }

  /** Takes the thread from another window. */
  async takeOver(): Promise<void> {
    const { leases } = this.#deps;
    await this.#queue.run(async () => {
      if (leases.holds(this.#threadId)) return;
      await leases.takeOver(this.#threadId);
      await this.#begin();
    });
  }

  /** Starts a turn. Answers when the message is stored. @throws UserFacingError while a run goes */
  send(text: string, mode?: Mode): Promise<void> {
    return this.#send(() => this.mode.compose(text, mode));
  }

  /** The same with a message that was blocked; that it goes past the guard is on record before. */
  sendAgain(messageId: string, way: Resend): Promise<void> {
    return this.#send(async () => {
      const input = again(await this.messages(), messageId, way === 'anyway');
      if (way === 'anyway') {
        await this.#deps.ledger.recordSentAnyway(this.#threadId, messageId, input.text);
      }
      return input;
    });
  }

  #send(compose: Compose): Promise<void> {
    if (this.#running !== null || this.#starting) {
      const message = t('The agent is still working. Stop it first, or wait for its answer.');
      return Promise.reject(new UserFacingError('badRequest', message));
    }
    if (!this.#deps.leases.holds(this.#threadId)) return Promise.reject(ownedElsewhere());
    this.#starting = true;
    return new Promise((stored, refused) => {
      this.#enqueue(() => this.#startTurn(compose, stored).catch(refused));
    });
  }

  /** A decision on this call is in the ledger: shows it, and resumes the run with it. */
  decided(toolCallId: string): void {
    this.#view.refresh(toolCallId);
    this.#enqueue(() => this.#resumeDecided());
  }

  /** The user wants something else than a call and its siblings: answers them and says so. */
  redirected(toolCallId: string, { instruction, mode }: Redirect): void {
    this.#view.refresh(toolCallId);
    const compose = (): TurnInput => this.mode.compose(instruction, mode);
    this.#enqueue(() => this.#startTurn(compose, () => undefined));
  }

  refresh(toolCallId: string): void {
    this.#view.refresh(toolCallId);
  }

  /** The messages as they are stored. */
  async messages(): Promise<readonly BaseMessage[]> {
    const { agent, saver } = this.#deps;
    return (await readStanding(agent, saver, this.#threadId)).messages;
  }

  /** Goes on with a run that was cut off or failed. */
  resume(): void {
    this.assertOwned();
    this.#enqueue(async () => {
      const { status, failure } = this.snapshot().view;
      const left = status === 'unfinished' || (status === 'waiting' && failure !== null);
      if (left) await this.#perform({ kind: 'continue' });
    });
  }

  /** Takes an effect back or brings it back. */
  async undo(proposalId: string, kind: UndoKind): Promise<UndoOutcome> {
    this.assertOwned();
    const { toolCallId, outcome } = await undoIn(this.#deps, this.#threadId, proposalId, kind);
    this.#view.refresh(toolCallId);
    await revalidate(this.#deps, this.#threadId, this.#view);
    return outcome;
  }

  showPlan(plan: PlanMark): void {
    this.#view.plan(plan);
  }

  rename(title: string): void {
    this.#view.show({ kind: 'title', title });
  }

  /** Cancels the run that goes; the thread stays resumable. */
  async stop(): Promise<void> {
    this.#running?.abort();
    await this.#queue.run(() => Promise.resolve());
  }

  async #startTurn(compose: Compose, stored: () => void): Promise<void> {
    try {
      const { id: messageId, text, messages, mode, replaced, undone } = await compose();
      const unread = await this.#closeOpen();
      await this.mode.keep(mode);
      for (const id of replaced) this.#view.show({ kind: 'removed', id });
      this.#view.show({ kind: 'item', item: { kind: 'user', id: messageId, text } });
      let isStored = false as boolean;
      const onStored = (): void => {
        isStored = true;
        if (mode !== null) this.mode.began(mode);
        stored();
      };
      const heed = ({ kind }: AgentEvent): void => {
        if (kind === 'checking') onStored();
        if (kind === 'asking') this.#deps.ledger.markTold(undone).catch(this.#deps.log);
      };
      const input: RunInput = { kind: 'messages', messages: [...unread, ...messages], mode };
      const failure = await this.#perform(input, heed);
      if (isStored) return;
      // What is not in the thread now was not stored: its text must stay where it was typed.
      const { items } = this.snapshot().view;
      if (items.some(({ id }) => id === messageId)) {
        onStored();
        return;
      }
      // The sender is told; there is nothing in the thread to try again.
      this.#view.status(this.snapshot().view.status, null);
      throw new UserFacingError('storage', failure?.message ?? t('The message was not kept.'));
    } finally {
      this.#starting = false;
    }
  }

  /** Answers the calls that a new message would drop; gives back the messages that it would drop. */
  async #closeOpen(): Promise<readonly BaseMessage[]> {
    const { agent, saver } = this.#deps;
    // An idle thread has nothing open: its whole history need not be read to see that.
    if (this.snapshot().view.status === 'idle') return [];
    const standing = await readStanding(agent, saver, this.#threadId);
    await closeOpenCalls(this.#deps, this.#threadId, standing);
    this.#view.refreshOpen();
    return standing.unread;
  }

  /** Resumes with every answer that is in the ledger and that the graph does not know yet. */
  async #resumeDecided(): Promise<void> {
    const { saver, ledger } = this.#deps;
    const answers = answersTo(await pendingInterrupts(saver, this.#threadId), ledger);
    if (answers !== null) await this.#perform({ kind: 'answers', answers });
  }

  /** Answers why the run failed, or null if it did not. */
  async #perform(input: RunInput, heed?: (event: AgentEvent) => void): Promise<Failure | null> {
    const { agent, saver, log } = this.#deps;
    const controller = new AbortController();
    this.#running = controller;
    this.#starting = false;
    this.#view.status('running', null);
    const onEvent = (event: AgentEvent): void => {
      heed?.(event);
      this.#view.agentEvent(event);
    };
    try {
      await runAgent(agent, this.#threadId, input, controller.signal, onEvent);
      this.#running = null;
      await this.#ask(await pendingInterrupts(saver, this.#threadId), null);
      return null;
    } catch (error) {
      this.#running = null;
      const failure = controller.signal.aborted ? null : failureOf(error, log);
      await this.#failed(failure);
      return failure;
    }
  }

  /** A run ended early; if even the store cannot be read, the thread says at least that. */
  async #failed(failure: Failure | null): Promise<void> {
    try {
      if (this.#deps.leases.holds(this.#threadId)) await this.#reload(failure);
      else await this.#watch();
    } catch (error) {
      this.#view.status('unfinished', failure ?? failureOf(error, this.#deps.log));
    }
  }

  /** The thread is this window's from now on. */
  async #begin(): Promise<void> {
    await this.#deps.executor.recover(this.#threadId);
    this.#view.owner(false);
    await this.#reload(null);
  }

  #watch(): Promise<void> {
    return showElsewhere(this.#deps, this.#threadId, this.#view);
  }

  /** Shows the thread as it is stored. */
  async #reload(failure: Failure | null): Promise<void> {
    const { agent, saver } = this.#deps;
    const standing = await readStanding(agent, saver, this.#threadId);
    this.mode.began(standing.mode);
    showStored(this.#deps, standing, this.#view);
    if (standing.unfinished) this.#view.status('unfinished', failure);
    else await this.#ask(standing.interrupts, failure);
  }

  async #ask(interrupts: readonly PendingInterrupt[], failure: Failure | null): Promise<void> {
    const { onAsked } = this.#deps;
    await revalidate(this.#deps, this.#threadId, this.#view);
    const { status, asked } = await askPending(this.#deps, this.#view, interrupts);
    this.#view.status(status, failure);
    for (const [interruptId, toolCallId] of asked) {
      if (this.#told.has(interruptId)) continue;
      this.#told.add(interruptId);
      onAsked(this.#threadId, toolCallId);
    }
  }

  /** A run's errors reach the user through the view; what is left is a bug. */
  #enqueue(job: () => Promise<unknown>): void {
    this.#queue.run(job).catch(this.#deps.log);
  }
}
