import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import {
  type BaseCheckpointSaver,
  END,
  type LangGraphRunnableConfig,
  START,
  Send,
  StateGraph,
} from '@langchain/langgraph';
import type { Mode } from '../shared/mode.ts';
import { askModel } from './call-model.ts';
import type { AgentEvent, EmitEvent } from './events.ts';
import type { ModelSource } from './models/source.ts';
import { type GuardDeps, guardInput, isRefused, passedOn } from './guard/guard.ts';
import { AgentState, type AgentStateUpdate, type AgentStateValue } from './state.ts';
import { type ToolTaskDeps, runToolCall } from './tool-task.ts';

export const GUARD = 'guard';
export const CALL_MODEL = 'callModel';
export const TOOL_CALL = 'toolCall';

export interface AgentDeps extends ToolTaskDeps, GuardDeps {
  readonly checkpointer: BaseCheckpointSaver;
  readonly model: ModelSource;
}

/** What one tool task is sent. Small: it is stored with every checkpoint while the task is open. */
interface ToolCallTask {
  readonly toolCallId: string;
}

export type Agent = ReturnType<typeof makeGraph>;

export type GraphNode = Exclude<keyof Agent['nodes'], typeof START>;

/**
 * The agent:
 *
 * ```
 *   START ──► guard ──blocked──► END
 *               │
 *               ▼
 *           callModel ──prose──► END
 *             ▲  │
 *             │  └─ one Send per tool call ─┐
 *             │                             ▼
 *             └────────────────────────  toolCall   (propose · interrupt · apply)
 * ```
 *
 * Each tool call is a task of its own, so that each has its own interrupt and can be decided in any
 * order; an approved one is applied at once, while its siblings still wait.
 */
export function makeGraph(deps: AgentDeps) {
  return new StateGraph(AgentState)
    .addNode(GUARD, async (state, config): Promise<AgentStateUpdate> => {
      const emit = emitterOf(config);
      emit({ kind: 'node', node: GUARD });
      emit({ kind: 'checking' });
      const run = { messages: state.messages, signal: signalOf(config), emit };
      const messages = await guardInput(deps, run);
      return messages.length === 0 ? {} : { messages: [...messages] };
    })
    .addNode(CALL_MODEL, async (state, config): Promise<AgentStateUpdate> => {
      const emit = emitterOf(config);
      emit({ kind: 'node', node: CALL_MODEL });
      emit({ kind: 'asking' });
      const model = await deps.model();
      const { messages, mode } = state;
      const reply = await askModel(model, passedOn(messages), signalOf(config), emit, mode);
      return { messages: [reply] };
    })
    .addNode(TOOL_CALL, async (task: ToolCallTask, config): Promise<AgentStateUpdate> => {
      const emit = emitterOf(config);
      emit({ kind: 'node', node: TOOL_CALL });
      const message = await runToolCall(deps, {
        toolCallId: task.toolCallId,
        threadId: String(config.configurable?.['thread_id']),
        messages: readChannel(config, 'messages') as BaseMessage[],
        mode: readChannel(config, 'mode') as Mode,
        signal: signalOf(config),
        emit,
      });
      return { messages: [message] };
    })
    .addEdge(START, GUARD)
    .addConditionalEdges(GUARD, ({ messages }) => (isRefused(messages) ? END : CALL_MODEL), [
      CALL_MODEL,
      END,
    ])
    .addConditionalEdges(CALL_MODEL, toToolCalls, [TOOL_CALL, END])
    .addEdge(TOOL_CALL, CALL_MODEL)
    .compile({ checkpointer: deps.checkpointer, name: 'countersign' });
}

/** The nodes of the compiled graph, in the order in which they were added. */
export function nodesOf(agent: Agent): readonly GraphNode[] {
  return Object.keys(agent.nodes).filter((name): name is GraphNode => name !== START);
}

function toToolCalls(state: AgentStateValue): Send[] | typeof END {
  const last = state.messages.at(-1);
  const calls = AIMessage.isInstance(last) ? (last.tool_calls ?? []) : [];
  if (calls.length === 0) return END;
  return calls.map((call) => new Send(TOOL_CALL, { toolCallId: call.id } as ToolCallTask));
}

function signalOf(config: LangGraphRunnableConfig): AbortSignal {
  return config.signal ?? new AbortController().signal;
}

function emitterOf(config: LangGraphRunnableConfig): EmitEvent {
  return (event: AgentEvent) => config.writer?.(event);
}

/**
 * The state, from inside a sent task. Such a task gets only what it was sent; LangGraph's own
 * conditional edges read the state in this way (`ChannelRead`, 1.7.3), and so spare us a second
 * copy of every tool call in every checkpoint.
 */
function readChannel(config: LangGraphRunnableConfig, channel: 'messages' | 'mode'): unknown {
  const read: unknown = config.configurable?.['__pregel_read'];
  if (typeof read !== 'function') throw new Error('The graph cannot read its state');
  return (read as (channel: string) => unknown)(channel);
}
