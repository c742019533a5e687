import { HumanMessage } from '@langchain/core/messages';
import { randomUUID } from 'node:crypto';
import type { Proposal } from '../approval/proposal.ts';

/** `additional_kwargs` field: what the user typed, where the message says more than that. */
const TYPED = 'typed';

/** A user's message, with what they took back since the last one: the model cannot know otherwise. */
export function userMessage(text: string, undone: readonly Proposal[]): HumanMessage {
  const id = randomUUID();
  if (undone.length === 0) return new HumanMessage({ id, content: text });
  const notes = undone
    .flatMap(({ operations }) => operations)
    .flatMap(({ displayPath, newSha256, to }) => [
      ...(newSha256 === null || to !== null ? [`${displayPath} does not exist now`] : []),
      ...(to === null ? [] : [`${to.displayPath} is there again`]),
      ...(newSha256 !== null && to === null ? [`${displayPath} has another content now`] : []),
    ])
    .map((what) => `[Since then the user has undone or redone your change by hand: ${what}.]`);
  const content = [...new Set(notes), '', text].join('\n');
  return new HumanMessage({ id, content, additional_kwargs: { [TYPED]: text } });
}

/** What the user typed. */
export function wordsOf(message: HumanMessage): string {
  const typed = message.additional_kwargs[TYPED];
  return typeof typed === 'string' ? typed : message.text;
}
