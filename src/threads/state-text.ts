import { t } from '@vscode/l10n';
import { z } from 'zod';
import type { PlainMessage } from '../agent/plain-messages.ts';
import { parseObject } from '../agent/strict-json.ts';
import { type Json, canonicalJson } from '../approval/canonical-json.ts';
import type { StateProblem } from './conversation-check.ts';
import type { ThreadState } from './state.ts';
import { stateDocument } from './state-shape.ts';
import type { StateUpdate } from './state-update.ts';

/**
 * The state as a document that a person changes: the mode, and the conversation from the last message
 * of the user on. What was said before stays as it is.
 */
export function stateText({ checkpointId, values }: ThreadState): string {
  const { mode, messages } = values;
  const first = firstShown(messages);
  const earlierMessages = first === 0 ? {} : { earlierMessages: first };
  const shown = { checkpoint: checkpointId ?? '', mode, ...earlierMessages };
  return `${JSON.stringify({ ...shown, messages: messages.slice(first) }, null, 2)}\n`;
}

/** What a changed document wants, or what is wrong with it. */
export function updateOf(text: string, { values }: ThreadState): StateUpdate | StateProblem {
  const found = parseObject(text);
  if (typeof found === 'string') {
    const why = found.replace(/^The arguments (?:are|have) /u, '');
    return { message: t('The state cannot be used: {0}', why), about: null };
  }
  const parsed = stateDocument.safeParse(found);
  if (!parsed.success) return { message: z.prettifyError(parsed.error), about: null };
  const { checkpoint, as: asNode, mode, messages } = parsed.data;
  const before = values.messages.slice(firstShown(values.messages));
  const known = new Map(before.map((message) => [message.id, message]));
  const kept = new Set(messages.map(({ id }) => id));
  const removed = before.filter(({ id }) => !kept.has(id));
  const order = messages.flatMap(({ id }) => (id !== undefined && known.has(id) ? [id] : []));
  const misplaced = order.find(
    (id, index) => id !== before.filter((one) => kept.has(one.id))[index]?.id,
  );
  const late = messages.findIndex(({ id }) => id === undefined || !known.has(id));
  const after =
    late === -1 ? undefined : messages.slice(late).find(({ id }) => known.has(id ?? ''));
  const moved = misplaced ?? after?.id;
  if (moved !== undefined) {
    const message = t('Messages stay in their order, and new ones come at the end.');
    return { message, about: moved };
  }
  return {
    checkpointId: checkpoint,
    ...(asNode === undefined ? {} : { asNode }),
    values: {
      ...(mode === values.mode ? {} : { mode }),
      messages: [
        ...removed.map(({ id }) => ({ type: 'remove', id })),
        ...messages.filter((message) => !same(message, known.get(message.id ?? ''))),
      ],
    },
  };
}

function firstShown(messages: readonly PlainMessage[]): number {
  return Math.max(
    0,
    messages.findLastIndex(({ type }) => type === 'human'),
  );
}

function same(one: unknown, other: unknown): boolean {
  return other !== undefined && canonicalJson(one as Json) === canonicalJson(other as Json);
}
