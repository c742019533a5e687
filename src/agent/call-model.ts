import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  SystemMessage,
} from '@langchain/core/messages';
import { concat } from '@langchain/core/utils/stream';
import { randomUUID } from 'node:crypto';
import { TOOLS } from '../tools/registry.ts';
import type { EmitEvent } from './events.ts';
import { SYSTEM_PROMPT } from './prompt.ts';
import { gateReply } from './stream-gate.ts';

const system = new SystemMessage(SYSTEM_PROMPT);
const definitions = TOOLS.map((tool) => tool.definition);

/**
 * Asks the model and answers its whole reply. Streams, since a stream alone says how a reply ended.
 * @throws UserFacingError if the reply is unusable; whatever the server or the network threw
 */
export async function askModel(
  model: BaseChatModel,
  messages: readonly BaseMessage[],
  signal: AbortSignal,
  emit: EmitEvent,
): Promise<AIMessage> {
  if (model.bindTools === undefined) throw new Error('The model cannot call tools');
  const messageId = randomUUID();
  const stream = await model.bindTools(definitions).stream([system, ...messages], { signal });
  let whole: AIMessageChunk | null = null;
  for await (const chunk of stream as AsyncIterable<AIMessageChunk>) {
    signal.throwIfAborted();
    whole = whole === null ? chunk : concat(whole, chunk);
    if (chunk.text !== '') emit({ kind: 'text', messageId, delta: chunk.text });
  }
  signal.throwIfAborted();
  const message = gateReply(whole ?? new AIMessageChunk(''), messageId, callIds(messages));
  emit({ kind: 'answered', messageId, text: message.text });
  return message;
}

function callIds(messages: readonly BaseMessage[]): Set<string> {
  const calls = messages.flatMap((message) =>
    AIMessage.isInstance(message) ? (message.tool_calls ?? []) : [],
  );
  return new Set(calls.flatMap((call) => (call.id === undefined ? [] : [call.id])));
}
