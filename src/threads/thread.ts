import type { BaseMessage } from '@langchain/core/messages';
import { t } from '@vscode/l10n';
import { ownedElsewhere } from '../checkpoint/leases.ts';
import type { ThreadEntry } from '../checkpoint/thread-index.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { UndoOutcome } from '../shared/protocol.ts';
import type { Mode } from '../shared/mode.ts';
import type { PlanMark } from '../shared/plan.ts';
import { createQueue } from '../shared/queue.ts';
import type { Resend, ThreadSnapshot, UndoKind } from '../shared/thread-view.ts';
import { revalidate } from './asking.ts';
import { ThreadRuns } from './runs.ts';
import { readStanding } from './standing.ts';
import type { ThreadDeps } from './thread-deps.ts';
import { ThreadMode } from './thread-mode.ts';
import { type Compose, type Redirect, type TurnInput, again } from './turn-input.ts';
import { undoIn } from './undoing.ts';
import { ViewKeeper } from './view-keeper.ts';

/** A thread that is loaded: its view, and the only door to its runs. */
export class LiveThread {
  readonly #deps: ThreadDeps;
  readonly #threadId: string;
  readonly #view: ViewKeeper;
  readonly mode: ThreadMode;
  /** The mutex: one run at a time. */
  readonly #queue = createQueue();
  readonly #runs: ThreadRuns;
  #looking = false;
  /** Something was stored elsewhere since it was last looked at. */
  #unseen = false;

  private constructor(deps: ThreadDeps, { threadId, title }: ThreadEntry) {
    this.#deps = deps;
    this.#threadId = threadId;
    this.#view = new ViewKeeper(threadId, title, deps.ledger, deps.onEvent);
    this.mode = new ThreadMode(deps, this.#view);
    this.#runs = new ThreadRuns(deps, threadId, this.#view, this.mode);
  }

  /** Loads a thread and settles what an earlier process left behind. */
  static async open(deps: ThreadDeps, entry: ThreadEntry): Promise<LiveThread> {
    const thread = new LiveThread(deps, entry);
    if (await deps.leases.acquire(entry.threadId)) await thread.#runs.takeUp();
    else await thread.#runs.watch();
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
    if (!elsewhere) this.#runs.abort();
    this.#unseen ||= changed;
    if (this.#looking) return;
    this.#looking = true;
    this.#enqueue(async () => {
      const isNew = this.#unseen;
      this.#unseen = false;
      try {
        if (await leases.acquire(this.#threadId)) await this.#runs.takeUp();
        else if (isNew) await this.#runs.watch();
      } catch (error) {
        this.#unseen ||= isNew;
        throw error;
      } finally {
        // Not before: where the answer is long in coming, the queue would fill with looks.
        this.#looking = false;
      }
    });
  }

  /** Takes the thread from another window. */
  async takeOver(): Promise<void> {
    const { leases } = this.#deps;
    await this.#queue.run(async () => {
      if (leases.holds(this.#threadId)) return;
      await leases.takeOver(this.#threadId);
      await this.#runs.takeUp();
    });
  }

  /** Starts a turn. Answers when the message is stored. @throws UserFacingError while a run goes */
  send(text: string, mode?: Mode, step = false): Promise<void> {
    return this.#send(() => this.mode.compose(text, mode), step);
  }

  /** Changes what is stored, and shows it. @throws UserFacingError while a run goes */
  async change<T>(work: () => Promise<T>): Promise<T> {
    this.assertOwned();
    if (this.#runs.busy) throw atWork();
    return this.#queue.run(async () => {
      const result = await work();
      await this.#runs.reload(null);
      return result;
    });
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

  #send(compose: Compose, step = false): Promise<void> {
    if (this.#runs.busy) return Promise.reject(atWork());
    if (!this.#deps.leases.holds(this.#threadId)) return Promise.reject(ownedElsewhere());
    this.#runs.starting = true;
    return new Promise((stored, refused) => {
      this.#enqueue(() => this.#runs.startTurn(compose, step, stored).catch(refused));
    });
  }

  /** A decision on this call is in the ledger: shows it, and resumes the run with it. */
  decided(toolCallId: string): void {
    this.#view.refresh(toolCallId);
    this.#enqueue(() => this.#runs.resumeDecided());
  }

  /** The user wants something else than a call and its siblings: answers them and says so. */
  redirected(toolCallId: string, { instruction, mode }: Redirect): void {
    this.#view.refresh(toolCallId);
    const compose = (): TurnInput => this.mode.compose(instruction, mode);
    this.#enqueue(() => this.#runs.startTurn(compose, false, () => undefined));
  }

  refresh(toolCallId: string): void {
    this.#view.refresh(toolCallId);
  }

  /** The messages as they are stored. */
  async messages(): Promise<readonly BaseMessage[]> {
    return (await readStanding(this.#deps, this.#threadId)).messages;
  }

  /**
   * Goes on with a run that is paused, was cut off or failed; answers once it goes.
   * @param step only to the next node
   */
  async resume(step: boolean): Promise<void> {
    this.assertOwned();
    const begun = Promise.withResolvers<undefined>();
    const onBegun = (): void => {
      begun.resolve(undefined);
    };
    const isBusy = this.#runs.busy;
    this.#enqueue(async () => {
      const { status, failure } = this.snapshot().view;
      const failed = status === 'waiting' && failure !== null;
      if (status === 'paused' || status === 'unfinished' || failed) {
        await this.#runs.go({ kind: 'continue' }, { step, onBegun });
      }
      onBegun();
    });
    // For what follows another run, nobody waits.
    if (!isBusy) await begun.promise;
  }

  /** Stops the run that goes before its next node. */
  async pause(): Promise<void> {
    this.assertOwned();
    await this.#runs.pause();
  }

  breakpointsChanged(): Promise<void> {
    return this.#runs.breakpointsChanged();
  }

  /** Ends a run for good, whatever it stands at: each open call is answered, and nothing comes next. */
  async cancel(): Promise<void> {
    this.assertOwned();
    this.#runs.abort();
    await this.#queue.run(() => this.#runs.end());
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
    this.#runs.abort();
    await this.#queue.run(() => Promise.resolve());
  }

  /** As soon as nothing is done or about to be: what was sent and decided has led where it leads. */
  async settled(): Promise<ThreadSnapshot> {
    await this.#queue.idle();
    return this.snapshot();
  }

  /** A run's errors reach the user through the view; what is left is a bug. */
  #enqueue(job: () => Promise<unknown>): void {
    this.#queue.run(job).catch(this.#deps.log);
  }
}

function atWork(): UserFacingError {
  const message = t('The agent is still working. Stop it first, or wait for its answer.');
  return new UserFacingError('badRequest', message);
}
