import { t } from '@vscode/l10n';
import { z } from 'zod';
import { MODES } from '../shared/mode.ts';

/** What chat-completions servers accept as the name of a function. */
const FUNCTION_NAME = /^[\w-]{1,64}$/u;

const id = z.string().min(1).max(200);

const call = z.strictObject({
  id: id.optional(),
  name: z.string().regex(FUNCTION_NAME),
  args: z.custom<Readonly<Record<string, unknown>>>(isPlainObject, {
    error: () => t('The arguments have to be a plain JSON object.'),
  }),
});

const message = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('human'), id: id.optional(), content: z.string() }),
  z.strictObject({
    type: z.literal('ai'),
    id: id.optional(),
    content: z.string(),
    tool_calls: z.array(call).max(50).optional(),
  }),
  z.strictObject({
    type: z.literal('tool'),
    id: id.optional(),
    tool_call_id: id,
    name: z.string().optional(),
    status: z.enum(['success', 'error']).optional(),
    content: z.string(),
  }),
  z.strictObject({ type: z.literal('remove'), id }),
]);

/** What somebody outside wants the state to be: plain data, with nothing in it that is not known. */
export const stateValues = z.strictObject({
  messages: z.array(message).optional(),
  mode: z.enum(MODES).optional(),
});

export type MessageChange = z.infer<typeof message>;
export type StateValues = z.infer<typeof stateValues>;

/** The same as a document that a person edits: the end of the conversation, whole. */
export const stateDocument = z.strictObject({
  checkpoint: z.string(),
  as: z.string().optional(),
  mode: z.enum(MODES),
  earlierMessages: z.number().optional(),
  messages: z.array(message),
});

function isPlainObject(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && isPlain(value);
}

/** As `JSON.parse` makes it, without a key that some code takes for an object's class. */
function isPlain(value: unknown): boolean {
  if (value === null || typeof value !== 'object') {
    return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
  }
  if (Array.isArray(value)) return value.every(isPlain);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return !Object.hasOwn(value, '__proto__') && Object.values(value).every(isPlain);
}
