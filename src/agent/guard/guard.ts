import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { t } from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { failpoint } from '../../shared/failpoint.ts';
import type { Refusal } from '../../shared/thread-view.ts';
import type { EmitEvent } from '../events.ts';
import { wordsOf } from '../user-message.ts';
import { type ClassifierSource, classify } from './classifier.ts';
import { hiddenIn } from './hidden.ts';
import { markIn } from './marks.ts';

/** `additional_kwargs` field, of a user's message and of the refusal that answers it. */
const GUARD = 'guard';
type Mark = 'blocked' | 'sentAnyway' | 'refusal';

/** The most that is looked at, in characters: several times what a model takes in. */
const MOST = 400_000;

export interface GuardDeps {
  readonly classifier: ClassifierSource;
}

export interface GuardRun {
  readonly messages: readonly BaseMessage[];
  readonly signal: AbortSignal;
  readonly emit: EmitEvent;
}

/**
 * Looks at what the user said since the agent last spoke, before the agent gets it. A filter and no
 * boundary: everything holds without it. Answers what is to be added to the messages; again, the same.
 */
export async function guardInput(
  { classifier }: GuardDeps,
  { messages, signal, emit }: GuardRun,
): Promise<readonly BaseMessage[]> {
  const blocked: BaseMessage[] = [];
  const refusals: BaseMessage[] = [];
  for (const message of unheard(messages)) {
    failpoint('guard.wait');
    const found = await objection(classifier, wordsOf(message), signal);
    if (found === null) continue;
    const refusal = refusalOf(message, found);
    emit({ kind: 'refused', ...refusal });
    blocked.push(marked(message, message.id ?? '', 'blocked'));
    refusals.push(toMessage(refusal));
  }
  return [...blocked, ...refusals];
}

/** What the agent may read: neither messages that were blocked, nor the refusals. */
export function passedOn(messages: readonly BaseMessage[]): readonly BaseMessage[] {
  return messages.filter((message) => !['blocked', 'refusal'].includes(markOf(message) ?? ''));
}

/** True if the turn is over: what the user said last was blocked. */
export function isRefused(messages: readonly BaseMessage[]): boolean {
  const last = messages.findLast((message) => HumanMessage.isInstance(message));
  return last !== undefined && markOf(last) === 'blocked';
}

export function refusalIn(message: BaseMessage): Refusal | null {
  if (markOf(message) !== 'refusal') return null;
  const { messageId, unclear } = message.additional_kwargs;
  return {
    refusalId: message.id ?? '',
    messageId: String(messageId),
    text: message.text,
    unclear: unclear === 'true',
  };
}

/** A blocked message once more, as a new one; null if there is none of that id. */
export function repeated(
  messages: readonly BaseMessage[],
  messageId: string,
  anyway: boolean,
): { readonly message: HumanMessage; readonly replaced: readonly string[] } | null {
  const found = messages.find(({ id }) => id === messageId);
  if (!HumanMessage.isInstance(found) || markOf(found) !== 'blocked') return null;
  const refusals = messages.filter((message) => refusalIn(message)?.messageId === messageId);
  return {
    message: marked(found, randomUUID(), anyway ? 'sentAnyway' : null),
    replaced: [messageId, ...refusals.map(({ id }) => id ?? '')],
  };
}

/** A message of the user with other words; one that was blocked stays so. */
export function reworded(id: string, content: string, before: HumanMessage | null): HumanMessage {
  const message = new HumanMessage({ id, content });
  return before !== null && markOf(before) === 'blocked' ? marked(message, id, 'blocked') : message;
}

function unheard(messages: readonly BaseMessage[]): HumanMessage[] {
  const spoke = messages.findLastIndex(
    (message) => AIMessage.isInstance(message) || ToolMessage.isInstance(message),
  );
  return messages
    .slice(spoke + 1)
    .filter((message) => HumanMessage.isInstance(message))
    .filter((message) => markOf(message) === null);
}

interface Objection {
  readonly text: string;
  readonly unclear: boolean;
}

async function objection(
  source: ClassifierSource,
  words: string,
  signal: AbortSignal,
): Promise<Objection | null> {
  const rule = words.length > MOST ? tooLong(words) : (hiddenIn(words) ?? markIn(words));
  if (rule !== null) return { text: refused(rule), unclear: false };
  const classifier = await source();
  if (classifier === null) return null;
  const verdict = await classify(classifier, words, signal);
  switch (verdict.kind) {
    case 'allow':
      return null;
    case 'block': {
      const reason = t('the check takes it for an attempt to turn the agent against you.');
      return { text: refused(reason), unclear: false };
    }
    case 'unclear':
      return { text: refused(verdict.reason), unclear: true };
  }
}

function tooLong(words: string): string {
  return t('it is too long to check: {0} characters, and at most {1}.', words.length, MOST);
}

function refused(reason: string): string {
  return t('I am sorry, the agent did not get this message: {0}', reason);
}

function refusalOf({ id: messageId = '' }: HumanMessage, objection: Objection): Refusal {
  return { refusalId: `refusal-${messageId}`, messageId, ...objection };
}

function toMessage({ refusalId, messageId, text, unclear }: Refusal): AIMessage {
  const mark: Mark = 'refusal';
  return new AIMessage({
    id: refusalId,
    content: text,
    additional_kwargs: { [GUARD]: mark, messageId, unclear: String(unclear) },
  });
}

function marked(message: HumanMessage, id: string, mark: Mark | null): HumanMessage {
  const { content, additional_kwargs: before } = message;
  const others = Object.entries(before).filter(([name]) => name !== GUARD);
  const marks = mark === null ? others : [...others, [GUARD, mark] as const];
  return new HumanMessage({ id, content, additional_kwargs: Object.fromEntries(marks) });
}

function markOf({ additional_kwargs }: BaseMessage): Mark | null {
  return (additional_kwargs[GUARD] as Mark | undefined) ?? null;
}
