import {
  AIMessage,
  type AIMessageFields,
  type BaseMessage,
  type UsageMetadata,
} from '@langchain/core/messages';
import { t } from '@vscode/l10n';
import { randomBytes } from 'node:crypto';
import { UserFacingError } from '../shared/errors.ts';
import type { RawCall, RawReply } from './reply-parts.ts';
import { parseObject } from './strict-json.ts';

/** More calls in one reply are not carried out: nobody could review them. */
export const MAX_CALLS = 50;

/** `response_metadata` field: for the id of each void call, what was wrong with it. */
const VOID_CALLS = 'voidToolCalls';

/** What chat-completions servers accept as the name of a function. */
const FUNCTION_NAME = /^[\w-]{1,64}$/u;

/** A tool call as it may enter the state: whole and valid, or void. */
interface GatedCall {
  readonly id: string;
  readonly name: string;
  readonly args: Record<string, unknown>;
  /** What was wrong with it, or null. */
  readonly wrong: string | null;
}

/**
 * Makes a message of a streamed reply, or refuses it. A reply counts only if the server said why it
 * ended; LangChain completes cut-off arguments into calls that look valid, so that the raw text of
 * every call is parsed here, strictly.
 * @param usedIds ids of all tool calls of the thread; some servers use the same ones again
 * @throws UserFacingError if the reply was cut off; nothing of it may be used then
 */
export function gateReply(
  { text, calls, finishReasons, usage }: RawReply,
  messageId: string,
  usedIds: ReadonlySet<string>,
): AIMessage {
  checkFinished(finishReasons);
  if (text === '' && calls.length === 0) {
    throw new UserFacingError('modelAnswer', t('The model answered nothing.'), 'retry');
  }
  const taken = new Set(usedIds);
  const gated = calls.map((raw, index): GatedCall => {
    const id = raw.id !== null && !taken.has(raw.id) ? raw.id : freshId();
    taken.add(id);
    return index < MAX_CALLS ? gateCall(raw, id) : surplus(raw, id);
  });
  const wrong = gated.filter((call) => call.wrong !== null).map(({ id, wrong }) => [id, wrong]);
  const fields: AIMessageFields = {
    id: messageId,
    content: text,
    tool_calls: gated.map(({ id, name, args }) => ({ id, name, args, type: 'tool_call' as const })),
    response_metadata:
      wrong.length > 0 ? { [VOID_CALLS]: Object.fromEntries(wrong) as unknown } : {},
  };
  return new AIMessage(
    usage === null ? fields : ({ ...fields, usage_metadata: usage } as AIMessageFields),
  );
}

/** What was wrong with a call as the model wrote it, or null if nothing was. */
export function voidReason(message: AIMessage, toolCallId: string): string | null {
  const reasons = message.response_metadata[VOID_CALLS] as Record<string, string> | undefined;
  return reasons !== undefined && Object.hasOwn(reasons, toolCallId)
    ? (reasons[toolCallId] ?? null)
    : null;
}

/** What else a message of the model says, once only these of its calls are as the model wrote them. */
export function withoutVoid(message: BaseMessage, kept: ReadonlySet<string>): AIMessageFields {
  const { [VOID_CALLS]: voidCalls = {}, ...others } = message.response_metadata;
  const reasons = Object.entries(voidCalls as Record<string, string>);
  const left = reasons.filter(([id]) => kept.has(id));
  const { usage_metadata } = message as { readonly usage_metadata?: UsageMetadata };
  const response_metadata =
    left.length === 0 ? others : { ...others, [VOID_CALLS]: Object.fromEntries(left) };
  const fields = { additional_kwargs: message.additional_kwargs, response_metadata };
  return (usage_metadata === undefined ? fields : { ...fields, usage_metadata }) as AIMessageFields;
}

/** The error of a reply that stopped before the server said that it was the end. */
export function cutOff(): UserFacingError {
  return new UserFacingError(
    'modelServer',
    t(
      'The connection to the model server ended in the middle of the answer. Nothing of it was used.',
    ),
    'retry',
  );
}

function checkFinished(reasons: readonly string[]): void {
  if (reasons.length === 0) throw cutOff();
  for (const reason of reasons) {
    if (['stop', 'tool_calls', 'function_call'].includes(reason)) continue;
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
      'modelAnswer',
      t('The model server stopped the answer (“{0}”). Nothing of it was used.', reason),
      'retry',
    );
  }
}

function gateCall({ name, args: raw }: RawCall, id: string): GatedCall {
  // Kept as it is, such a name would make servers refuse every later request of the thread.
  if (!FUNCTION_NAME.test(name)) {
    const wrong = `There is no tool named ${JSON.stringify(name.slice(0, 100))}.`;
    return { id, name: 'invalid_name', args: {}, wrong };
  }
  const args = parseObject(raw === '' ? '{}' : raw);
  return typeof args === 'string'
    ? { id, name, args: {}, wrong: args }
    : { id, name, args, wrong: null };
}

function surplus({ name }: RawCall, id: string): GatedCall {
  const wrong = `Only the first ${MAX_CALLS} calls of a reply are carried out.`;
  return { id, name: FUNCTION_NAME.test(name) ? name : 'invalid_name', args: {}, wrong };
}

/** Nine letters and digits: the form that the strictest servers ask for. */
export function freshId(): string {
  return randomBytes(12).toString('base64').replaceAll(/[+/=]/gu, 'x').slice(0, 9);
}
