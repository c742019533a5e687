import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';

/** A message of the state as plain data: what a person or a program reads and changes. */
export type PlainMessage =
  | { readonly type: 'human'; readonly id: string; readonly content: string }
  | {
      readonly type: 'ai';
      readonly id: string;
      readonly content: string;
      readonly tool_calls: readonly PlainCall[];
    }
  | {
      readonly type: 'tool';
      readonly id: string;
      readonly tool_call_id: string;
      readonly name: string;
      readonly status: 'success' | 'error';
      readonly content: string;
    };

export interface PlainCall {
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Null for what is none of ours. */
export function toPlain(message: BaseMessage): PlainMessage | null {
  const { id = '', text: content } = message;
  if (HumanMessage.isInstance(message)) return { type: 'human', id, content };
  if (AIMessage.isInstance(message)) {
    return { type: 'ai', id, content, tool_calls: callsOf(message) };
  }
  if (!ToolMessage.isInstance(message)) return null;
  const { tool_call_id, name = '', status } = message;
  return {
    ...{ type: 'tool', id, tool_call_id, name },
    status: status === 'error' ? 'error' : 'success',
    content,
  };
}

export function allPlain(messages: readonly BaseMessage[]): readonly PlainMessage[] {
  return messages.flatMap((message) => toPlain(message) ?? []);
}

/** The tool calls of a message; none unless the model spoke. */
export function callsOf(message: BaseMessage): readonly PlainCall[] {
  if (!AIMessage.isInstance(message)) return [];
  return (message.tool_calls ?? []).map(({ id = '', name, args }) => ({ id, name, args }));
}
