import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import {
  Command,
  END,
  type MessagesDeltaValue,
  type MessagesValue,
  START,
  StateGraph,
  StateSchema,
  interrupt,
} from '@langchain/langgraph';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import { ChatOpenAICompletions } from '@langchain/openai';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { now } from '../../support/clock.ts';
import { DEFINITIONS, SYSTEM_PROMPT, readText, replaceText } from '../bare/tools.ts';
import type { Host, Session } from '../process.ts';

const THREAD = 'thread';
const config = { configurable: { thread_id: THREAD }, recursionLimit: 100_000 };

interface Question {
  readonly callId: string;
}

/** How the messages are kept. */
type Messages = typeof MessagesValue | typeof MessagesDeltaValue;

/** LangGraph as its documentation shows it, apart from `messages`: stock saver, default durability. */
export function openLangGraph({ job, approval, timing }: Host, messages: Messages): Session {
  mkdirSync(job.storage, { recursive: true });
  const opening = now();
  const saver = SqliteSaver.fromConnString(join(job.storage, 'checkpoints.sqlite'));
  const graph = makeGraph(job.baseUrl, job.workspace, messages, saver);
  const approveAll = async (state: unknown): Promise<void> => {
    let { __interrupt__: open = [] } = state as { __interrupt__?: { value?: unknown }[] };
    for (;;) {
      const [first] = open;
      if (first === undefined) return;
      await approval(THREAD, (first.value as Question).callId);
      const next: unknown = await graph.invoke(new Command({ resume: true }), config);
      open = (next as { __interrupt__?: typeof open }).__interrupt__ ?? [];
    }
  };
  return {
    threadId: THREAD,
    async turn(prompt) {
      await approveAll(await graph.invoke({ messages: [new HumanMessage(prompt)] }, config));
    },
    async carryOn() {
      const { tasks } = await graph.getState(config);
      await approveAll({ __interrupt__: tasks.flatMap(({ interrupts }) => interrupts) });
    },
    async reopen() {
      const { tasks } = await graph.getState(config);
      timing('reopen', now() - opening);
      const waiting = tasks.flatMap(({ interrupts }) => interrupts);
      if (waiting.length !== 1) throw new Error(`${waiting.length} approvals wait, not one`);
    },
    close() {
      (saver.db as { close(): void }).close();
      return Promise.resolve();
    },
  };
}

function makeGraph(
  baseURL: string,
  workspace: string,
  messages: Messages,
  checkpointer: SqliteSaver,
) {
  const model = new ChatOpenAICompletions({
    model: 'scripted',
    apiKey: 'not-needed',
    configuration: { baseURL },
  }).bindTools(DEFINITIONS);
  const system = new SystemMessage(SYSTEM_PROMPT);
  return new StateGraph(new StateSchema({ messages }))
    .addNode('agent', async ({ messages }) => {
      const stream = await model.stream([system, ...messages]);
      let whole = null;
      for await (const chunk of stream) whole = whole === null ? chunk : whole.concat(chunk);
      if (whole === null) throw new Error('The model answered nothing');
      const { id, content, tool_calls = [] } = whole;
      return {
        messages: [new AIMessage({ ...(id !== undefined && { id }), content, tool_calls })],
      };
    })
    .addNode('tools', ({ messages }) => {
      const last = messages.at(-1);
      const calls = AIMessage.isInstance(last) ? (last.tool_calls ?? []) : [];
      const results = calls.map(({ id = '', name, args }) => {
        const edits = name !== 'read_file';
        if (edits) interrupt({ callId: id } satisfies Question);
        const content = edits ? replaceText(workspace, args) : readText(workspace, args);
        return new ToolMessage({ tool_call_id: id, name, content });
      });
      return { messages: results };
    })
    .addEdge(START, 'agent')
    .addConditionalEdges('agent', ({ messages }) => {
      const last = messages.at(-1);
      return AIMessage.isInstance(last) && (last.tool_calls?.length ?? 0) > 0 ? 'tools' : END;
    })
    .addEdge('tools', 'agent')
    .compile({ checkpointer });
}
