import type { BaseCheckpointSaver } from '@langchain/langgraph';
import type { Agent } from '../agent/graph.ts';
import type { UndoDeps } from '../approval/undo.ts';
import type { Leases } from '../checkpoint/leases.ts';
import type { PlanStore } from '../checkpoint/plan-store.ts';
import type { ThreadIndex } from '../checkpoint/thread-index.ts';
import type { NumberedEvent } from '../shared/thread-view.ts';

/** What a thread that is loaded works with. */
export interface ThreadDeps extends UndoDeps {
  readonly agent: Agent;
  readonly saver: BaseCheckpointSaver;
  readonly leases: Leases;
  readonly index: Pick<ThreadIndex, 'find' | 'setMode'>;
  readonly plans: PlanStore;
  readonly onEvent: (event: NumberedEvent) => void;
  /** An approval waits for a person; told once for each interrupt. */
  readonly onAsked: (threadId: string, toolCallId: string) => void;
  readonly log: (error: unknown) => void;
}
