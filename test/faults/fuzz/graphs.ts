import { type BaseMessage, HumanMessage, RemoveMessage } from '@langchain/core/messages';
import {
  Annotation,
  type BaseCheckpointSaver,
  DeltaValue,
  END,
  REMOVE_ALL_MESSAGES,
  START,
  Send,
  StateGraph,
  StateSchema,
  interrupt,
  messagesDeltaReducer,
} from '@langchain/langgraph';
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';

/** What a parallel task does. Everything in it follows from the messages before it. */
interface Task {
  readonly kind: 'say' | 'ask' | 'remove' | 'clear' | 'replace';
  readonly id: string;
  /** Whose message it is about. */
  readonly target: string;
  /** Turns of the event loop until it is done. */
  readonly delay: number;
}

interface Messages {
  readonly messages: BaseMessage[];
}

/** Snapshots come soon, so that some are among what is tried. */
const DeltaState = new StateSchema({
  messages: new DeltaValue(
    z.custom<BaseMessage[]>().default(() => []),
    { reducer: messagesDeltaReducer, snapshotFrequency: 9 },
  ),
});

const PlainState = Annotation.Root({
  messages: Annotation<BaseMessage[], BaseMessage[]>({
    reducer: (before, added) => messagesDeltaReducer(before, [added]),
    default: () => [],
  }),
});

function graphOf(state: typeof DeltaState, checkpointer: BaseCheckpointSaver) {
  return new StateGraph(state)
    .addNode('plan', plan)
    .addNode('work', work)
    .addEdge(START, 'plan')
    .addConditionalEdges('plan', tasksOf, ['work', END])
    .addEdge('work', 'plan')
    .compile({ checkpointer });
}

export type FuzzGraph = ReturnType<typeof graphOf>;

/** The messages are stored as what was added to them, as the agent does it. */
export function deltaGraph(checkpointer: BaseCheckpointSaver): FuzzGraph {
  return graphOf(DeltaState, checkpointer);
}

/** The same graph, whose messages are stored as a whole each time. */
export function plainGraph(checkpointer: BaseCheckpointSaver): FuzzGraph {
  return graphOf(PlainState as unknown as typeof DeltaState, checkpointer);
}

/** A number below `below` that follows from the messages. */
function dice({ messages }: Messages, salt: string, below: number): number {
  const text = JSON.stringify([salt, messages.map(({ id, text: said }) => [id, said])]);
  return createHash('sha256').update(text).digest().readUInt32LE() % below;
}

function plan(state: Messages): Messages {
  const id = `plan${dice(state, 'plan', 1e9)}`;
  return { messages: [new HumanMessage({ id, content: 'plan' })] };
}

function tasksOf(state: Messages): Send[] | typeof END {
  const count = Math.max(0, dice(state, 'count', 6) - 2);
  if (count === 0) return END;
  const KINDS = ['say', 'say', 'ask', 'ask', 'remove', 'replace', 'clear'] as const;
  return Array.from({ length: count }, (_, index) => {
    const salt = `task${index}`;
    const task: Task = {
      kind: KINDS[dice(state, salt, KINDS.length)] ?? 'say',
      id: `${dice(state, `${salt} id`, 1e9)}`,
      target: state.messages[dice(state, `${salt} target`, state.messages.length)]?.id ?? '',
      delay: dice(state, `${salt} delay`, 4),
    };
    return new Send('work', task);
  });
}

async function work({ kind, id, target, delay }: Task): Promise<Messages> {
  for (let turn = delay; turn > 0; turn--) await setImmediate();
  switch (kind) {
    case 'say':
      return { messages: ['a', 'b'].map((name) => said(`${id}${name}`, name)) };
    case 'ask':
      return { messages: [said(id, interrupt<string, string>(id))] };
    case 'remove':
      return { messages: [new RemoveMessage({ id: target }), said(id, 'instead')] };
    case 'replace':
      return { messages: [said(target, `replaced by ${id}`)] };
    case 'clear':
      return { messages: [new RemoveMessage({ id: REMOVE_ALL_MESSAGES }), said(id, 'anew')] };
  }
}

export function said(id: string, content: string): HumanMessage {
  return new HumanMessage({ id, content });
}
