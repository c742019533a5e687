import type { BaseMessage, BaseMessageLike } from '@langchain/core/messages';
import { DeltaValue, StateSchema, messagesDeltaReducer } from '@langchain/langgraph';
import { z } from 'zod';

/** Steps after which the whole list is stored again; in between only what was added is. */
const SNAPSHOT_FREQUENCY = 500;

/** The state of a thread: what was said. Everything else is derived or in the ledger. */
export const AgentState = new StateSchema({
  messages: new DeltaValue(
    z.custom<BaseMessage[]>().default(() => []),
    {
      inputSchema: z.custom<BaseMessageLike | BaseMessageLike[]>(),
      reducer: messagesDeltaReducer,
      snapshotFrequency: SNAPSHOT_FREQUENCY,
    },
  ),
});

export type AgentStateValue = typeof AgentState.State;
export type AgentStateUpdate = typeof AgentState.Update;
