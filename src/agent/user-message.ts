import { HumanMessage } from '@langchain/core/messages';
import { randomUUID } from 'node:crypto';
import type { Proposal } from '../approval/proposal.ts';

/** `additional_kwargs` field: what the user typed, where the message says more than that. */
const TYPED = 'typed';

/**
 * A user's message, with what they took back since the last one and with a note on the mode: the model
 * cannot know otherwise.
 */
export function userMessage(
  text: string,
  undone: readonly Proposal[],
  note: string | null = null,
): HumanMessage {
  const id = randomUUID();
  if (undone.length === 0 && note === null) return new HumanMessage({ id, content: text });
  const notes = undone
    .flatMap(({ operations }) => operations)
    .flatMap(({ displayPath, baseSha256, newSha256, to }) => {
      if (newSha256 === null) return [`${displayPath} does not exist now`];
      if (to !== null)
        return [`${displayPath} does not exist now`, `${to.displayPath} is there again`];
      if (baseSha256 === null) return [`${displayPath} is there again`];
      return [`${displayPath} has another content now`];
    })
    .map((what) => `[Since then the user has undone or redone your change by hand: ${what}.]`);
  const content = [...(note === null ? [] : [note]), ...new Set(notes), '', text].join('\n');
  return new HumanMessage({ id, content, additional_kwargs: { [TYPED]: text } });
}

/** What the user typed. */
export function wordsOf(message: HumanMessage): string {
  const typed = message.additional_kwargs[TYPED];
  return typeof typed === 'string' ? typed : message.text;
}
