import type { AgentEvent } from '../agent/events.ts';
import type { Ledger } from '../approval/ledger.ts';
import { assertNever } from '../shared/lifecycle.ts';
import type { Mode } from '../shared/mode.ts';
import {
  type Failure,
  type NumberedEvent,
  type ThreadEvent,
  type ThreadItem,
  type ThreadSnapshot,
  type ThreadStatus,
  type ThreadView,
  type ToolItem,
  type ToolItemState,
  reduceThread,
} from '../shared/thread-view.ts';
import type { PlanMark } from '../shared/plan.ts';
import { refusalItem, withProposal } from './items.ts';
import { freshPlan } from './plans.ts';

type Started = Omit<Extract<AgentEvent, { kind: 'toolStarted' }>, 'kind'>;
type Ended = Extract<AgentEvent, { kind: 'toolEnded' }>;

/** A thread's view as it stands, and the numbered events that lead there. */
export class ViewKeeper {
  readonly #ledger: Ledger;
  readonly #onEvent: (event: NumberedEvent) => void;
  #view: ThreadView;
  #seq = 0;

  constructor(
    threadId: string,
    title: string,
    ledger: Ledger,
    onEvent: (event: NumberedEvent) => void,
  ) {
    this.#ledger = ledger;
    this.#onEvent = onEvent;
    const empty = {
      status: 'idle',
      failure: null,
      elsewhere: false,
      mode: 'act',
      plan: null,
      items: [],
    } as const;
    this.#view = { threadId, title, ...empty };
  }

  snapshot(): ThreadSnapshot {
    return { seq: this.#seq, view: this.#view };
  }

  show(event: ThreadEvent): void {
    this.#view = reduceThread(this.#view, event);
    this.#seq++;
    this.#onEvent({ threadId: this.#view.threadId, seq: this.#seq, event });
  }

  status(status: ThreadStatus, failure: Failure | null): void {
    if (status !== this.#view.status || failure !== this.#view.failure) {
      this.show({ kind: 'status', status, failure });
    }
  }

  mode(mode: Mode): void {
    if (mode !== this.#view.mode) this.show({ kind: 'mode', mode });
  }

  plan(plan: PlanMark | null): void {
    const before = this.#view.plan;
    if (plan?.planId === before?.planId && plan?.hash === before?.hash) return;
    this.show({ kind: 'plan', plan });
  }

  owner(elsewhere: boolean): void {
    if (elsewhere !== this.#view.elsewhere) this.show({ kind: 'owner', elsewhere });
  }

  /** Shows a tool call as it stands in the ledger. */
  refresh(toolCallId: string): void {
    const item = this.#toolItem(toolCallId);
    if (item === null) return;
    this.show({ kind: 'item', item: withProposal(item, this.#view.threadId, this.#ledger) });
  }

  /** Shows every proposal that was open as it stands now. */
  refreshOpen(): void {
    for (const item of this.#view.items) {
      if (item.kind === 'tool' && item.review !== null && isOpen(item.state)) this.refresh(item.id);
    }
  }

  /** Makes the items be these, telling only of what differs. */
  replace(items: readonly ThreadItem[]): void {
    const kept = new Set(items.map(({ id }) => id));
    const known = new Map(this.#view.items.map((item) => [item.id, JSON.stringify(item)]));
    for (const id of known.keys()) if (!kept.has(id)) this.show({ kind: 'removed', id });
    for (const item of items) {
      if (known.get(item.id) !== JSON.stringify(item)) this.show({ kind: 'item', item });
    }
  }

  agentEvent(event: AgentEvent): void {
    switch (event.kind) {
      case 'checking':
      case 'asking':
        return;
      case 'refused':
        this.show({ kind: 'item', item: refusalItem(event) });
        return;
      case 'text':
        this.show({ kind: 'text', id: event.messageId, delta: event.delta });
        return;
      case 'answered':
        this.#answered(event.messageId, event.text);
        if (event.plan) this.plan(freshPlan(event.messageId, event.text));
        return;
      case 'toolStarted':
        if (this.#toolItem(event.toolCallId) === null) {
          this.show({ kind: 'item', item: startedItem(event) });
        }
        return;
      case 'proposal':
        this.refresh(event.toolCallId);
        return;
      case 'toolEnded':
        this.show({ kind: 'item', item: endedItem(this.#toolItem(event.toolCallId), event) });
        return;
      default:
        assertNever(event);
    }
  }

  #answered(id: string, text: string): void {
    if (text === '') return;
    this.show({ kind: 'item', item: { kind: 'answer', id, text, streaming: false } });
  }

  #toolItem(toolCallId: string): ToolItem | null {
    const item = this.#view.items.findLast(({ id }) => id === toolCallId);
    return item?.kind === 'tool' ? item : null;
  }
}

function isOpen(state: ToolItemState): boolean {
  const open: readonly ToolItemState[] = ['proposed', 'approved', 'claimed', 'partial', 'unknown'];
  return open.includes(state);
}

function startedItem({ toolCallId: id, toolName, toolKind, title }: Started): ToolItem {
  return {
    kind: 'tool',
    id,
    toolName,
    toolKind,
    title,
    state: 'running',
    detail: '',
    review: null,
  };
}

function endedItem(
  item: ToolItem | null,
  { toolCallId, toolName, failed, detail }: Ended,
): ToolItem {
  const shown = item ?? startedItem({ toolCallId, toolName, toolKind: 'other', title: toolName });
  return { ...shown, state: failed ? 'failed' : 'done', detail };
}
