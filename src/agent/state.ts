import type { BaseMessage, BaseMessageLike } from '@langchain/core/messages';
import { DeltaValue, StateSchema, messagesDeltaReducer } from '@langchain/langgraph';
import { z } from 'zod';
import { MODES } from '../shared/mode.ts';

/**
 * Steps after which the whole list is stored again; in between only what was added is. The copies
 * grow with the square of the steps, what is read on opening with the steps since the last copy.
 * With 3,000 messages of 1 kB the database has 21.9 MB at 500, 16.4 at 1000, 13.5 at 1200 and 9.1
 * without copies; reading a checkpoint of the way back takes about 35 µs, so at most 40 ms here.
 */
const SNAPSHOT_FREQUENCY = 1200;

/** The state of a thread: what was said, and its mode. Everything else is derived or in the ledger. */
export const AgentState = new StateSchema({
  messages: new DeltaValue(
    z.custom<BaseMessage[]>().default(() => []),
    {
      inputSchema: z.custom<BaseMessageLike | BaseMessageLike[]>(),
      reducer: messagesDeltaReducer,
      snapshotFrequency: SNAPSHOT_FREQUENCY,
    },
  ),
  mode: z.enum(MODES).default('act'),
});

export type AgentStateValue = typeof AgentState.State;
export type AgentStateUpdate = typeof AgentState.Update;
