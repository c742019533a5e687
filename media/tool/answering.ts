import type { ReactiveControllerHost } from 'lit';
import type {
  Decision,
  DecisionOutcome,
  ProposalState,
  SettleWay,
  Shown,
} from '../../src/shared/decision.ts';
import { messageOf } from '../../src/shared/lifecycle.ts';
import type { Mode } from '../../src/shared/mode.ts';
import type { ToolItem } from '../../src/shared/thread-view.ts';
import type { Panel } from '../panel.ts';
import { awaitsAnswer } from '../words.ts';
import { faultOf, type Written } from './answers.ts';

/**
 * `open`: awaits an answer. `confirm`: an approval is asked for once more. A written answer: it is
 * being written. `sent`: the host has taken one.
 */
export type Phase = 'open' | 'confirm' | Written | 'sending' | 'sent';

/** How far the answer to a proposal is, and what became of it. */
export class Answering {
  phase: Phase = 'open';
  error: string | null = null;
  /** What had become of the proposal when our answer came too late. */
  late: ProposalState | null = null;
  /** Something else was shown by the time our answer came, or before it was given. */
  changed = false;
  /** Why the text in the box was not sent. */
  fault: string | null = null;
  /** In which mode the agent goes on after a redirect; null: as it is. */
  route: Mode | null = null;
  /** The arguments are on their way here. */
  reading = false;
  private shown: Shown | null = null;
  private reopens = false;
  private readonly drafts = new Map<Written | 'answer', string>();
  private readonly host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
  }

  /** True while the user can still answer. */
  get open(): boolean {
    return this.phase !== 'sending' && this.phase !== 'sent';
  }

  get writing(): Written | null {
    const { phase } = this;
    return phase === 'open' || phase === 'confirm' || !this.open ? null : (phase as Written);
  }

  /** Takes note of what is shown now. True if it awaits an answer, and is not what was shown last. */
  see(item: ToolItem): boolean {
    const before = this.shown;
    this.shown = shownOf(item);
    if (!awaitsAnswer(item)) return false;
    if (same(before, this.shown)) {
      if (this.reopens && this.phase === 'sent') this.phase = 'open';
      return false;
    }
    if (!this.open || this.phase === 'confirm') this.phase = 'open';
    for (const of of ['arguments', 'command'] as const) {
      if (this.phase !== of) this.drafts.delete(of);
    }
    this.late = null;
    return true;
  }

  draft(of: Written | 'answer'): string {
    return this.drafts.get(of) ?? '';
  }

  write(of: Written | 'answer', text: string): void {
    this.drafts.set(of, text);
    this.fault = null;
    this.host.requestUpdate();
  }

  /** Fills a box, unless there is something in it already. */
  begin(of: Written, text: string): void {
    if (!this.drafts.has(of)) this.write(of, text);
  }

  takeRoute(route: Mode | null): void {
    this.route = route;
    this.host.requestUpdate();
  }

  go(phase: Phase): void {
    this.phase = phase;
    this.fault = null;
    this.host.requestUpdate();
  }

  /** True if the text in the box can be sent; if not, it is said why. */
  checks(written: Written): boolean {
    if (this.reading) return false;
    this.refuse(faultOf(written, this.draft(written)));
    return this.fault === null;
  }

  /** Says why the text in the box was not sent. */
  refuse(fault: string | null): void {
    this.fault = fault;
    this.host.requestUpdate();
  }

  /** Fills the box of the arguments, unless there is something in it already. */
  async readArguments(panel: Panel, proposalId: string): Promise<void> {
    if (this.drafts.has('arguments') || this.reading) return;
    this.reading = true;
    try {
      this.drafts.set('arguments', await panel.readArguments(proposalId));
    } catch (error) {
      if (this.phase === 'arguments') this.phase = 'open';
      this.error = messageOf(error);
    }
    this.reading = false;
    this.host.requestUpdate();
  }

  /** Null if nothing was sent, or no outcome came back. */
  async send(panel: Panel, decision: Decision): Promise<DecisionOutcome | null> {
    const { shown, phase } = this;
    if (!this.open || shown === null) return null;
    this.go('sending');
    this.error = null;
    this.changed = false;
    this.reopens = leadsToAnother(decision);
    try {
      return this.become(await panel.decide(shown, decision), shown, phase);
    } catch (error) {
      this.error = messageOf(error);
      this.goBack(phase);
      return null;
    }
  }

  private become(outcome: DecisionOutcome, about: Shown, from: Phase): DecisionOutcome {
    this.changed = outcome.kind === 'changed';
    if (outcome.kind === 'refused') this.error = outcome.reason;
    if (outcome.kind === 'changed' || outcome.kind === 'refused' || outcome.kind === 'dismissed') {
      this.goBack(from);
    }
    // Something else has been shown meanwhile, and is open already.
    else if (this.shown === null || same(this.shown, about)) {
      this.late = outcome.kind === 'tooLate' ? outcome.state : null;
      this.go('sent');
    }
    return outcome;
  }

  private goBack(phase: Phase): void {
    if (this.phase === 'sending') this.go(phase === 'confirm' ? 'open' : phase);
    this.host.requestUpdate();
  }
}

const SHOWN_FIRST: readonly SettleWay[] = ['finish', 'rollBack', 'again'];

/** True for an answer that ends nothing: what it leads to is shown as a new proposal. */
export function leadsToAnother(decision: Decision): boolean {
  return (
    decision.kind === 'editArguments' ||
    (decision.kind === 'settle' && SHOWN_FIRST.includes(decision.way))
  );
}

/** What an answer would be about; null if none is awaited. */
function shownOf(item: ToolItem): Shown | null {
  const { interruptId = null, effectHash = '' } = item.review ?? {};
  return interruptId === null || !awaitsAnswer(item) ? null : { interruptId, effectHash };
}

function same(one: Shown | null, other: Shown | null): boolean {
  return one?.interruptId === other?.interruptId && one?.effectHash === other?.effectHash;
}
