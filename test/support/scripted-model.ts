import {
  BaseChatModel,
  type BaseChatModelParams,
} from '@langchain/core/language_models/chat_models';
import { AIMessageChunk, type BaseMessage } from '@langchain/core/messages';
import type { ToolDefinition } from '../../src/tools/tool.ts';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';

export interface ScriptedCall {
  readonly id: string;
  readonly name: string;
  readonly args: Record<string, unknown> | string;
}

export interface ScriptedReply {
  readonly text?: string;
  readonly calls?: readonly ScriptedCall[];
  /** `null`: the stream ends without one. */
  readonly finishReason?: string | null;
  /** The reply waits for it before it ends. */
  readonly until?: Promise<void>;
}

/** A real chat model that says what it is told to, and keeps what it was asked. */
export class ScriptedModel extends BaseChatModel {
  readonly requests: BaseMessage[][] = [];
  /** The names of the tools that came with each request. */
  readonly bound: string[][] = [];
  readonly #replies: ScriptedReply[];

  constructor(replies: readonly ScriptedReply[], fields: BaseChatModelParams = {}) {
    super(fields);
    this.#replies = [...replies];
  }

  override _llmType(): string {
    return 'scripted';
  }

  override bindTools(tools: readonly unknown[]): this {
    this.bound.push(tools.map((tool) => (tool as ToolDefinition).function.name));
    return this;
  }

  override _generate(): Promise<ChatResult> {
    return Promise.reject(new Error('The agent must stream'));
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
  ): AsyncGenerator<ChatGenerationChunk> {
    this.requests.push(messages);
    const reply = this.#replies.shift();
    if (reply === undefined) throw new Error('The script has no reply left');
    const { text = '', calls = [], until } = reply;
    for (const word of text.split(/(?<= )/u)) yield chunk(new AIMessageChunk(word));
    for (const [index, { id, name, args }] of calls.entries()) {
      const raw = typeof args === 'string' ? args : JSON.stringify(args);
      const half = Math.ceil(raw.length / 2);
      const type = 'tool_call_chunk' as const;
      const first = { type, index, id, name, args: raw.slice(0, half) };
      yield chunk(new AIMessageChunk({ content: '', tool_call_chunks: [first] }));
      const rest = { type, index, args: raw.slice(half) };
      yield chunk(new AIMessageChunk({ content: '', tool_call_chunks: [rest] }));
    }
    if (until !== undefined) await orAborted(until, options.signal);
    const reason = reply.finishReason ?? (calls.length > 0 ? 'tool_calls' : 'stop');
    if (reply.finishReason === null) return;
    const response_metadata = { finish_reason: reason };
    yield chunk(new AIMessageChunk({ content: '', response_metadata }));
  }
}

function chunk(message: AIMessageChunk): ChatGenerationChunk {
  return new ChatGenerationChunk({ message, text: message.text });
}

function orAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new Error('AbortError'));
    });
    promise.then(resolve, reject);
  });
}
