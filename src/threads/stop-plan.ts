import type { BaseCheckpointSaver } from '@langchain/langgraph';
import { type Agent, nodesOf } from '../agent/graph.ts';
import { type BreakpointStore, NO_RUN, type RunRecord } from '../checkpoint/breakpoints.ts';
import type { Leases } from '../checkpoint/leases.ts';
import { type Breakpoints, isWithout, together } from '../shared/breakpoints.ts';
import { knownNodes } from './place.ts';
import type { StopPoints } from './run.ts';
import { threadConfig } from './standing.ts';

export interface StopPlanDeps {
  readonly agent: Agent;
  readonly saver: BaseCheckpointSaver;
  readonly leases: Leases;
  readonly breakpoints: BreakpointStore;
  /** Those that hold for every thread. */
  readonly everywhere: () => Breakpoints;
}

/**
 * Where the runs of one thread stop. Kept before a run begins to heed it, so that it is known after
 * a kill whether the thread was paused or cut off.
 */
export class StopPlan {
  readonly #deps: StopPlanDeps;
  readonly #threadId: string;
  /** Of the last run; LangGraph looks at these very arrays before each step. */
  #points: StopPoints = { before: [], after: [] };

  constructor(deps: StopPlanDeps, threadId: string) {
    this.#deps = deps;
    this.#threadId = threadId;
  }

  /** What a run that begins now has to heed. @param step null: as the run before it */
  async start(step: boolean | null): Promise<StopPoints> {
    const last = this.#last();
    await this.#record(step ?? last?.step ?? false);
    return this.#points;
  }

  /** The run that goes heeds what is set now. */
  async renew(step = this.#last()?.step ?? false): Promise<void> {
    await this.#record(step);
  }

  /** The run has ended; lists tell whether it is paused. */
  async rested(paused: boolean): Promise<void> {
    const last = this.#last();
    if (last === null || last.paused === paused) return;
    if (!this.#deps.leases.holds(this.#threadId)) return;
    await this.#deps.breakpoints.record(this.#threadId, { ...last, paused });
  }

  #last(): RunRecord | null {
    return this.#deps.breakpoints.run(this.#threadId);
  }

  async #record(step: boolean): Promise<void> {
    const { agent, saver, breakpoints, everywhere } = this.#deps;
    const { before, after } = together(everywhere(), breakpoints.of(this.#threadId));
    const next = {
      before: step ? nodesOf(agent) : knownNodes(agent, before),
      after: knownNodes(agent, after),
    };
    const last = this.#last();
    const plain: RunRecord = { ...NO_RUN, ...next, step };
    const isPlain = isWithout(next) && (last === null || sameRun(last, plain));
    if (!isPlain) {
      const tuple = await saver.getTuple(threadConfig(this.#threadId));
      const startedFrom = tuple?.checkpoint.id ?? null;
      await breakpoints.record(this.#threadId, { ...plain, startedFrom });
    }
    this.#points.before.splice(0, Infinity, ...next.before);
    this.#points.after.splice(0, Infinity, ...next.after);
  }
}

/** Apart from where it started, which does not matter where nothing can pause. */
function sameRun(one: RunRecord, other: RunRecord): boolean {
  return JSON.stringify({ ...one, startedFrom: null }) === JSON.stringify(other);
}
