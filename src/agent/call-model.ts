import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  SystemMessage,
} from '@langchain/core/messages';
import { t } from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { UserFacingError } from '../shared/errors.ts';
import type { Mode } from '../shared/mode.ts';
import type { EmitEvent } from './events.ts';
import { silent, streamFailure } from './models/failure.ts';
import type { ModelChoice } from './models/source.ts';
import { toolsOf } from './modes.ts';
import { markPlan } from './plans.ts';
import { SYSTEM_PROMPT } from './prompt.ts';
import { ReplyParts } from './reply-parts.ts';
import { watchSilence } from './silence.ts';
import { gateReply } from './stream-gate.ts';

/** Longest reply, in characters: far above what a model says, far below what memory bears. */
const MAX_REPLY = 20_000_000;

const system = new SystemMessage(SYSTEM_PROMPT);

/**
 * Asks the model and answers its whole reply. Streams, since a stream alone says how a reply ended.
 * @throws UserFacingError if the reply is unusable; whatever the server or the network threw
 */
export async function askModel(
  { model, patience }: ModelChoice,
  messages: readonly BaseMessage[],
  signal: AbortSignal,
  emit: EmitEvent,
  mode: Mode = 'act',
): Promise<AIMessage> {
  if (model.bindTools === undefined) throw new Error('The model cannot call tools');
  const messageId = randomUUID();
  const parts = new ReplyParts();
  const watch = watchSilence(signal, patience);
  try {
    const request = [system, ...messages];
    const stream = await model
      .bindTools([...toolsOf(mode)])
      .stream(request, { signal: watch.signal });
    for await (const chunk of stream as AsyncIterable<AIMessageChunk>) {
      watch.signal.throwIfAborted();
      watch.heard();
      parts.add(chunk);
      if (parts.length > MAX_REPLY) throw tooLong();
      const { text } = chunk;
      if (text !== '') emit({ kind: 'text', messageId, delta: text });
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw watch.expired ? silent(patience) : streamFailure(error);
  } finally {
    watch.stop();
  }
  signal.throwIfAborted();
  const message = gateReply(parts.whole(), messageId, callIds(messages));
  const plan = markPlan(message, mode);
  emit({ kind: 'answered', messageId, text: message.text, plan });
  return message;
}

function tooLong(): UserFacingError {
  const message = t('The model’s answer did not come to an end. Nothing of it was used.');
  return new UserFacingError('modelAnswer', message, 'retry');
}

function callIds(messages: readonly BaseMessage[]): Set<string> {
  const calls = messages.flatMap((message) =>
    AIMessage.isInstance(message) ? (message.tool_calls ?? []) : [],
  );
  return new Set(calls.flatMap((call) => (call.id === undefined ? [] : [call.id])));
}
