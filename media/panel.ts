import { t } from '@vscode/l10n';
import type { Decision, DecisionOutcome, Shown } from '../src/shared/decision.ts';
import { createEmitter, messageOf, type Event } from '../src/shared/lifecycle.ts';
import type { Mode } from '../src/shared/mode.ts';
import type { Environment, PanelCommand, PanelState } from '../src/shared/protocol.ts';
import type { PlanShown } from '../src/shared/plan.ts';
import type { StorageWay } from '../src/shared/storage.ts';
import {
  reduceThread,
  type NumberedEvent,
  type Resend,
  type ThreadSnapshot,
  type ThreadView,
  type UndoKind,
} from '../src/shared/thread-view.ts';
import type { Memory } from './memory.ts';
import type { Rpc } from './rpc.ts';

/** What the panel shows, kept equal to the host's view of it, and what it asks the host to do. */
export class Panel {
  environment: Environment | null = null;
  thread: ThreadView | null = null;
  /** False until the host has said what is true, and again from every lost event on. */
  synced = false;
  /** Why something the user asked for was not done, in the host's words. */
  problem: string | null = null;
  /** True after a `state` call without an answer: nothing can be drawn but that. */
  unreachable = false;

  private seq = 0;
  private early: NumberedEvent[] = [];
  private resuming = false;
  private readonly rpc: Rpc;
  private readonly memory: Memory;
  private readonly changes = createEmitter<undefined>();

  readonly onChange: Event<undefined> = this.changes.event;

  constructor(rpc: Rpc, memory: Memory) {
    this.rpc = rpc;
    this.memory = memory;
    rpc.on('threadEvent', (event) => {
      this.receive(event);
    });
    rpc.on('threadShown', (snapshot) => {
      this.show(snapshot);
    });
    rpc.on('environment', (environment) => {
      this.environment = environment;
      this.changed();
    });
  }

  async sync(): Promise<void> {
    this.synced = false;
    this.unreachable = false;
    this.changed();
    try {
      this.answered(await this.rpc.call('state', null));
    } catch (error) {
      this.unreachable = true;
      this.problem = messageOf(error);
    }
    this.changed();
  }

  /** Asks again after the host did not answer. */
  retrySync(): Promise<void> {
    this.problem = null;
    return this.sync();
  }

  /** In which the next message is sent. */
  get mode(): Mode {
    return this.memory.mode(this.thread?.threadId ?? null) ?? this.thread?.mode ?? 'act';
  }

  /** Until the host has kept it with its thread, and where there is none yet, it is kept here. */
  chooseMode(mode: Mode): void {
    const threadId = this.thread?.threadId ?? null;
    this.memory.keepMode(threadId, mode);
    this.changed();
    if (threadId !== null) void this.ask(this.pickMode(threadId, mode));
  }

  async send(text: string, mode = this.mode): Promise<void> {
    const from = this.thread?.threadId ?? null;
    const { threadId } = await this.rpc.call('send', { threadId: from, text, mode });
    this.memory.keepMode(from, null);
    this.changed();
    if (this.thread?.threadId !== threadId) void this.sync();
  }

  async carryOutPlan({ planId, hash }: PlanShown): Promise<void> {
    const threadId = this.thread?.threadId;
    if (threadId === undefined) return;
    this.report(null);
    const shown = { planId, hash };
    await this.ask(
      this.rpc.call('carryOutPlan', { threadId, shown }).then(({ kind }) => {
        if (kind === 'taken') return;
        this.report(t('The plan is another one by now, so nothing was sent. Look at it again.'));
      }),
    );
  }

  openPlan(): Promise<void> {
    const threadId = this.thread?.threadId ?? '';
    return this.ask(this.rpc.call('openPlan', { threadId }));
  }

  revisePlan(): Promise<void> {
    const threadId = this.thread?.threadId ?? '';
    return this.ask(this.rpc.call('revisePlan', { threadId }));
  }

  /** A blocked message once more. Pressed twice, it is still sent once. */
  async sendAgain(messageId: string, way: Resend): Promise<void> {
    const threadId = this.thread?.threadId;
    if (threadId === undefined || this.resuming) return;
    this.resuming = true;
    await this.ask(this.rpc.call('sendAgain', { threadId, messageId, way }));
    this.resuming = false;
  }

  async decide(shown: Shown, decision: Decision): Promise<DecisionOutcome> {
    const threadId = this.thread?.threadId;
    if (threadId === undefined || !this.synced) throw new Error(t('The panel is still loading.'));
    const redirects = decision.kind === 'redirect';
    const sent = redirects ? { mode: this.mode, ...decision } : decision;
    const outcome = await this.rpc.call('decide', { threadId, shown, decision: sent });
    if (redirects && outcome.kind === 'taken') this.memory.keepMode(threadId, null);
    if (outcome.kind === 'tooLate' || outcome.kind === 'changed') void this.sync();
    return outcome;
  }

  /** Pressed twice, it still continues once. */
  async resume(): Promise<void> {
    const threadId = this.thread?.threadId;
    if (threadId === undefined || this.resuming) return;
    this.resuming = true;
    await this.ask(this.rpc.call('resume', { threadId }));
    this.resuming = false;
  }

  stop(): Promise<void> {
    const threadId = this.thread?.threadId;
    return this.ask(
      threadId === undefined ? Promise.resolve() : this.rpc.call('stop', { threadId }),
    );
  }

  /** Null when it was done, or why it was not. */
  async undo(proposalId: string, kind: UndoKind): Promise<string | null> {
    const threadId = this.thread?.threadId;
    if (threadId === undefined) return null;
    const outcome = await this.rpc.call('undo', { threadId, proposalId, kind });
    return outcome.kind === 'refused' ? outcome.reason : null;
  }

  /** Of one file, or of the whole proposal. */
  openDiff(proposalId: string, operation: number | null): Promise<void> {
    return this.ask(this.rpc.call('openDiff', { proposalId, operation }));
  }

  /** What is proposed now beside what was rejected before. */
  compareRejected(proposalId: string): Promise<void> {
    return this.ask(this.rpc.call('compareRejected', { proposalId }));
  }

  /** The arguments of the call behind a proposal, as JSON. */
  async readArguments(proposalId: string): Promise<string> {
    const threadId = this.thread?.threadId;
    if (threadId === undefined) throw new Error(t('The panel is still loading.'));
    return (await this.rpc.call('readArguments', { threadId, proposalId })).arguments;
  }

  openLink(href: string): Promise<void> {
    return this.ask(this.rpc.call('openLink', { href }));
  }

  runCommand(command: PanelCommand): Promise<void> {
    return this.ask(this.rpc.call('runCommand', { command }));
  }

  chooseStorage(way: StorageWay): Promise<void> {
    return this.ask(this.rpc.call('chooseStorage', { way }));
  }

  report(problem: string | null): void {
    this.problem = problem;
    this.changed();
  }

  /** A thread that was shown while the answer was under way is newer than the answer. */
  private answered({ environment, thread, memory }: PanelState): void {
    this.memory.restore(memory);
    this.environment = environment;
    if (!this.synced) this.show(thread);
  }

  private async pickMode(threadId: string, mode: Mode): Promise<void> {
    await this.rpc.call('pickMode', { threadId, mode });
    if (this.memory.mode(threadId) === mode) this.memory.keepMode(threadId, null);
    this.changed();
  }

  private async ask(call: Promise<unknown>): Promise<void> {
    try {
      await call;
    } catch (error) {
      this.report(messageOf(error));
    }
  }

  private receive(event: NumberedEvent): void {
    if (!this.synced) {
      this.early.push(event);
      return;
    }
    if (this.thread?.threadId !== event.threadId || event.seq <= this.seq) return;
    if (event.seq !== this.seq + 1) {
      this.early.push(event);
      void this.sync();
      return;
    }
    this.apply(this.thread, event);
    this.changed();
  }

  private apply(view: ThreadView, { seq, event }: NumberedEvent): void {
    this.seq = seq;
    this.thread = reduceThread(view, event);
  }

  /** Events that came early are made up for; a gap right after an answer waits for the next one. */
  private show(snapshot: ThreadSnapshot | null): void {
    if (snapshot?.view.threadId !== this.thread?.threadId) this.problem = null;
    this.seq = snapshot?.seq ?? 0;
    this.thread = snapshot?.view ?? null;
    this.synced = true;
    const early = this.early;
    this.early = [];
    for (const event of early) {
      if (event.threadId === this.thread?.threadId && event.seq === this.seq + 1) {
        this.apply(this.thread, event);
      }
    }
    this.changed();
  }

  private changed(): void {
    this.changes.fire(undefined);
  }
}
