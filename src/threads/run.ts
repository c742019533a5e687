import type { BaseMessage } from '@langchain/core/messages';
import { Command } from '@langchain/langgraph';
import type { z } from 'zod';
import type { AgentEvent } from '../agent/events.ts';
import type { Agent, GraphNode } from '../agent/graph.ts';
import type { wakeUp } from '../agent/tool-task.ts';
import type { Mode } from '../shared/mode.ts';
import { threadConfig } from './standing.ts';

/** Supersteps in one run; a tool loop uses two a turn. Past them the user is asked to go on. */
export const MAX_STEPS = 400;

export type RunInput =
  | {
      readonly kind: 'messages';
      readonly messages: readonly BaseMessage[];
      /** Null: as it is. */
      readonly mode: Mode | null;
    }
  /** By interrupt id; never a bare value, which would answer whatever is pending. */
  | { readonly kind: 'answers'; readonly answers: Record<string, z.infer<typeof wakeUp>> }
  /** Go on where a run was cut off or paused. */
  | { readonly kind: 'continue' };

export interface StopPoints {
  readonly before: GraphNode[];
  readonly after: GraphNode[];
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Where it stops. LangGraph looks again before each step, so that they may change while it goes. */
  readonly breakpoints: StopPoints;
  readonly onEvent: (event: AgentEvent) => void;
}

/**
 * Starts or resumes a run and answers when it is done, paused, interrupted, cancelled or failed. The only
 * place that does. The caller holds the thread's queue.
 */
export async function runAgent(
  agent: Agent,
  threadId: string,
  input: RunInput,
  { signal, breakpoints, onEvent }: RunOptions,
): Promise<void> {
  const { configurable } = threadConfig(threadId);
  const stream = await agent.stream(graphInput(input), {
    // Refuses answers to interrupts that are not pending (`CONFIG_KEY_STRICT_RESUME`).
    configurable: { ...configurable, __pregel_strict_resume: true },
    durability: 'sync',
    streamMode: 'custom',
    recursionLimit: MAX_STEPS,
    interruptBefore: breakpoints.before,
    interruptAfter: breakpoints.after,
    signal,
  });
  for await (const event of stream) onEvent(event as AgentEvent);
  signal.throwIfAborted();
}

function graphInput(input: RunInput): Parameters<Agent['stream']>[0] {
  switch (input.kind) {
    case 'messages':
      return {
        messages: [...input.messages],
        ...(input.mode === null ? {} : { mode: input.mode }),
      };
    case 'answers':
      return new Command({ resume: input.answers });
    case 'continue':
      return null;
  }
}
