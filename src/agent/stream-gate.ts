import {
  AIMessage,
  type AIMessageChunk,
  type AIMessageFields,
  type UsageMetadata,
} from '@langchain/core/messages';
import { t } from '@vscode/l10n';
import { randomBytes } from 'node:crypto';
import { UserFacingError } from '../shared/errors.ts';

/** A tool call as it may enter the state: its raw arguments were whole and valid JSON, or it is void. */
export interface GatedCall {
  readonly id: string;
  readonly name: string;
  readonly args: Record<string, unknown>;
}

/** `response_metadata` field: for the id of each void call, what was wrong with it. */
const VOID_CALLS = 'voidToolCalls';

/**
 * Makes a message of a streamed reply, or refuses it. A reply counts only if the server said why it
 * ended; LangChain completes cut-off arguments into calls that look valid, so that the raw text of
 * every call is parsed here, strictly.
 * @param usedIds ids of all tool calls of the thread; some servers use the same ones again
 * @throws UserFacingError if the reply was cut off; nothing of it may be used then
 */
export function gateReply(
  chunk: AIMessageChunk,
  messageId: string,
  usedIds: ReadonlySet<string>,
): AIMessage {
  checkFinished(chunk.response_metadata['finish_reason']);
  const taken = new Set(usedIds);
  const voidCalls: Record<string, string> = {};
  const calls = (chunk.tool_call_chunks ?? []).map((raw): GatedCall => {
    const id = raw.id !== undefined && raw.id !== '' && !taken.has(raw.id) ? raw.id : freshId();
    taken.add(id);
    const args = parseArguments(raw.args ?? '');
    if (typeof args === 'string') voidCalls[id] = args;
    return { id, name: raw.name ?? '', args: typeof args === 'string' ? {} : args };
  });
  const text = chunk.text;
  if (text === '' && calls.length === 0) {
    throw new UserFacingError('modelAnswer', t('The model answered nothing.'), 'retry');
  }
  const usage = chunk.usage_metadata as UsageMetadata | undefined;
  const fields: AIMessageFields = {
    id: messageId,
    content: text,
    tool_calls: calls.map((call) => ({ ...call, type: 'tool_call' as const })),
    response_metadata: Object.keys(voidCalls).length > 0 ? { [VOID_CALLS]: voidCalls } : {},
  };
  return new AIMessage(
    usage === undefined ? fields : ({ ...fields, usage_metadata: usage } as AIMessageFields),
  );
}

/** What was wrong with a call's raw arguments, or null if nothing was. */
export function voidReason(message: AIMessage, toolCallId: string): string | null {
  const reasons = message.response_metadata[VOID_CALLS] as Record<string, string> | undefined;
  return reasons?.[toolCallId] ?? null;
}

function checkFinished(reason: unknown): void {
  if (reason === 'stop' || reason === 'tool_calls' || reason === 'function_call') return;
  if (reason === 'length') {
    throw new UserFacingError(
      'modelAnswer',
      t('The model’s answer was cut off at its length limit. Nothing of it was used.'),
      'retry',
    );
  }
  if (reason === 'content_filter') {
    throw new UserFacingError(
      'modelAnswer',
      t('The model server’s content filter stopped the answer. Nothing of it was used.'),
    );
  }
  throw new UserFacingError(
    'modelServer',
    t(
      'The connection to the model server ended in the middle of the answer. Nothing of it was used.',
    ),
    'retry',
  );
}

/** The arguments as an object, or what is wrong with them. */
function parseArguments(raw: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(raw === '' ? '{}' : raw);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    return 'The arguments are not a JSON object.';
  } catch (error) {
    return `The arguments are not valid JSON: ${error instanceof Error ? error.message : ''}`;
  }
}

/** Nine letters and digits: the form that the strictest servers ask for. */
function freshId(): string {
  return randomBytes(12).toString('base64').replaceAll(/[+/=]/gu, 'x').slice(0, 9);
}
