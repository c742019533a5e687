import { setTimeout } from 'node:timers/promises';
import type { Decision } from '../../../src/shared/decision.ts';
import type { ThreadView, ToolItem } from '../../../src/shared/thread-view.ts';
import type { Core } from '../../../src/threads/core.ts';
import { shownOf } from '../../support/core.ts';
import type { Line } from './lines.ts';
import type { Plan, Scenario } from './scenario.ts';

export interface UserDeps {
  readonly core: Core;
  readonly scenario: Scenario;
  readonly say: (line: Line) => void;
  /** Told which call the user is at, and that the user looks at it or is through with it. */
  readonly onAttention: (callId: string, what: 'looking' | 'deciding' | 'paused') => void;
}

/** Looks again after so many milliseconds, should an event have been missed. */
const LOOK_AGAIN = 200;

/** Goes through a scenario, from wherever an earlier process left it. */
export class User {
  readonly #deps: UserDeps;
  readonly #plans: ReadonlyMap<string, Plan>;
  readonly #undone = new Set<string>();
  readonly #refused = new Set<string>();
  #event = Promise.withResolvers<null>();

  constructor(deps: UserDeps) {
    this.#deps = deps;
    const calls = deps.scenario.turns.flatMap((turn) => turn.calls);
    this.#plans = new Map(calls.map(({ id, plan }) => [id, plan]));
    deps.core.threads.onEvent(({ event }) => {
      if (event.kind === 'item' && event.item.kind === 'tool') {
        deps.say({ kind: 'item', callId: event.item.id, state: event.item.state });
      }
      if (event.kind === 'status' && event.failure !== null) {
        deps.say({ kind: 'failure', text: event.failure.message });
      }
      this.#event.resolve(null);
      this.#event = Promise.withResolvers();
    });
  }

  async work(): Promise<void> {
    const { threads } = this.#deps.core;
    let threadId = threads.list()[0]?.threadId ?? null;
    if (threadId !== null) await threads.open(threadId);
    this.#deps.say({ kind: 'ready' });
    threadId ??= await threads.send(null, this.#deps.scenario.turns[0]?.text ?? '');
    for (;;) {
      const event = this.#event.promise;
      const { view } = await threads.open(threadId);
      const did = await this.#act(view);
      if (did === 'finished') return;
      if (did === 'waits') await Promise.race([event, setTimeout(LOOK_AGAIN, null)]);
    }
  }

  async #act(view: ThreadView): Promise<'acted' | 'waits' | 'finished'> {
    switch (view.status) {
      case 'running':
        return 'waits';
      case 'paused':
        this.#deps.say({ kind: 'paused', at: view.at });
        this.#deps.onAttention('', 'paused');
        return this.#resume(view);
      case 'unfinished':
        this.#deps.say({ kind: 'cutOff', at: view.at });
        return this.#resume(view);
      case 'waiting':
        return this.#answer(view);
      case 'idle':
        return this.#goOn(view);
    }
  }

  async #resume({ threadId }: ThreadView): Promise<'waits'> {
    await this.#deps.core.threads.resume(threadId);
    return 'waits';
  }

  async #goOn(view: ThreadView): Promise<'acted' | 'finished'> {
    const { core, scenario, say, onAttention } = this.#deps;
    const undo = itemsOf(view).find(
      ({ id, state }) =>
        state === 'applied' && this.#plans.get(id)?.undo === true && !this.#undone.has(id),
    );
    if (undo !== undefined && undo.review !== null) {
      const { id, review } = undo;
      this.#undone.add(id);
      onAttention(id, 'looking');
      onAttention(id, 'deciding');
      say({ kind: 'undoing', callId: id, proposalId: review.proposalId });
      const { kind } = await core.threads.undo(view.threadId, review.proposalId, 'undo');
      say({ kind: 'undone', callId: id, outcome: kind });
      return 'acted';
    }
    const said = view.items.filter(({ kind }) => kind === 'user').length;
    const turn = scenario.turns[said];
    if (turn === undefined) return 'finished';
    await core.threads.send(view.threadId, turn.text);
    return 'acted';
  }

  async #answer(view: ThreadView): Promise<'acted' | 'waits'> {
    const { scenario, say } = this.#deps;
    const waiting = itemsOf(view).filter(
      ({ review }) => review !== null && review.interruptId !== null,
    );
    for (const { id, state, review } of waiting) {
      if (typeof review?.interruptId !== 'string') continue;
      const { proposalId, interruptId, effectHash, evidence } = review;
      const notice = review.notice?.kind ?? null;
      const shown = { proposalId, interruptId, effectHash, state, notice, evidence };
      say({ kind: 'shown', callId: id, ...shown });
    }
    const said = view.items.filter(({ kind }) => kind === 'user').length;
    const together = scenario.turns[said - 1]?.together === true;
    const busy = itemsOf(view).some(({ state }) => state === 'approved' || state === 'claimed');
    if (busy && !together) return 'waits';
    const answered = together ? waiting.toReversed() : waiting.slice(0, 1);
    await Promise.all(answered.map((item) => this.#decide(view.threadId, item)));
    return answered.length > 0 ? 'acted' : 'waits';
  }

  async #decide(threadId: string, item: ToolItem): Promise<void> {
    const { core, say, onAttention } = this.#deps;
    const { id: callId } = item;
    const shown = shownOf(item);
    onAttention(callId, 'looking');
    const decision = this.#decisionOn(item);
    onAttention(callId, 'deciding');
    const { effectHash } = shown;
    say({ kind: 'deciding', callId, effectHash, decision: decision.kind });
    const { kind } = await core.threads.decide(threadId, shown, decision);
    if (kind === 'refused') this.#refused.add(effectHash);
    say({ kind: 'decided', callId, outcome: kind });
  }

  #decisionOn({ id, state, review }: ToolItem): Decision {
    const { decision, settle } = this.#plans.get(id) ?? { decision: 'reject', settle: 'keep' };
    if (state === 'partial' || state === 'unknown') return { kind: 'settle', way: settle };
    const notice = review?.notice?.kind;
    const unfit = notice === 'conflict' || notice === 'stale';
    if (review === null || unfit || this.#refused.has(review.effectHash)) {
      return { kind: 'reject', reason: 'It does not fit any more' };
    }
    // What was edited or chosen before the process ended is what is shown now.
    if (notice === 'settling' || notice === 'interrupted') return { kind: 'approve' };
    switch (decision) {
      case 'approve':
        return { kind: 'approve' };
      case 'reject':
        return { kind: 'reject', reason: 'Not this one' };
      case 'edit': {
        const [operation] = this.#deps.core.proposal(review.proposalId)?.operations ?? [];
        const proposed = Buffer.from(this.#deps.core.bytes(operation?.newSha256 ?? '')).toString();
        return { kind: 'edit', files: [{ operation: 0, text: `${proposed}and the user\n` }] };
      }
      case 'partial':
        return {
          kind: 'partial',
          files: [{ operation: 0, changes: [{ change: 1, lines: 'all' }] }],
          reason: 'Only the second half of the first file',
        };
    }
  }
}

function itemsOf({ items }: ThreadView): readonly ToolItem[] {
  return items.filter((item) => item.kind === 'tool');
}
