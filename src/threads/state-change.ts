import { AIMessage, type BaseMessage, HumanMessage, RemoveMessage } from '@langchain/core/messages';
import { START } from '@langchain/langgraph';
import { t } from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { CALL_MODEL, TOOL_CALL } from '../agent/graph.ts';
import { reworded } from '../agent/guard/guard.ts';
import { type PlainCall, type PlainMessage, callsOf, toPlain } from '../agent/plain-messages.ts';
import { freshId, withoutVoid } from '../agent/stream-gate.ts';
import { toolMessage } from '../agent/tool-task.ts';
import { type Json, canonicalJson } from '../approval/canonical-json.ts';
import { findTool } from '../tools/registry.ts';
import { type StateProblem, conversationProblem } from './conversation-check.ts';
import type { MessageChange, StateValues } from './state-shape.ts';

/** What the ledger knows of a call: nothing, that it waits, or what nobody can change any more. */
export type Recorded = 'nothing' | 'waits' | 'fixed';

/** The state that a change starts from. */
export interface ChangeBase {
  readonly messages: readonly BaseMessage[];
  readonly recorded: (callId: string) => Recorded;
}

export interface StateChange {
  /** As LangGraph takes them: in the place of those with their ids, or at the end. */
  readonly messages: readonly BaseMessage[];
  /** The node that could have made what is the end now. */
  readonly madeBy: string;
  /** It ends with calls that nobody has answered. */
  readonly hasOpenCalls: boolean;
  /** Calls whose proposals do not wait any more. */
  readonly withdrawn: readonly string[];
}

/**
 * Makes a change of the state of what somebody wants it to be, or says what is wrong with it. What is
 * on record stays as it was said; a call that waits and is changed becomes another call, so that it
 * is proposed anew like any other.
 */
export function composeChange(
  base: ChangeBase,
  { messages: changes = [] }: StateValues,
): StateChange | StateProblem {
  const next = new Map(base.messages.map((message) => [message.id ?? '', message]));
  const changed = new Map<string, BaseMessage>();
  for (const change of changes) {
    const id = idOf(change);
    const known = next.get(id) ?? null;
    if (change.type === 'remove') {
      if (known === null) return unknownMessage(id);
      next.delete(id);
      changed.set(id, new RemoveMessage({ id }));
      continue;
    }
    const made = madeOf(change, id, known, base);
    if ('about' in made) return made;
    if (known !== null && same(toPlain(known), toPlain(made))) continue;
    next.set(id, made);
    changed.set(id, made);
  }
  const after = [...next.values()];
  const problem =
    conversationProblem(after.flatMap((one) => toPlain(one) ?? [])) ?? fixedProblem(base, after);
  if (problem !== null) return problem;
  return {
    messages: [...changed.values()],
    madeBy: makerOf(after.at(-1)),
    hasOpenCalls: after.slice(-1).flatMap(callsOf).length > 0,
    withdrawn: withdrawnIn(base, after),
  };
}

/** Which node ends with such a message; a user's own is looked at by what comes first. */
function makerOf(last: BaseMessage | undefined): string {
  if (last === undefined || HumanMessage.isInstance(last)) return START;
  return AIMessage.isInstance(last) ? CALL_MODEL : TOOL_CALL;
}

function idOf(change: MessageChange): string {
  if (change.type === 'tool') return `result-${change.tool_call_id}`;
  return change.id ?? randomUUID();
}

function madeOf(
  change: Exclude<MessageChange, { type: 'remove' }>,
  id: string,
  known: BaseMessage | null,
  base: ChangeBase,
): BaseMessage | StateProblem {
  if (known !== null && known.type !== change.type) {
    return { message: t('The message {0} cannot become one of another kind.', id), about: id };
  }
  const { content } = change;
  switch (change.type) {
    case 'human':
      if (known?.text === content) return known;
      return reworded(id, content, HumanMessage.isInstance(known) ? known : null);
    case 'ai':
      return answerOf(change, id, AIMessage.isInstance(known) ? known : null, base);
    case 'tool': {
      const { tool_call_id: toolCallId, status } = change;
      const call = base.messages.flatMap(callsOf).find((one) => one.id === toolCallId);
      const name = call?.name ?? change.name ?? '';
      const failed = status === 'error';
      return toolMessage({ toolCallId, name, text: content, failed, detail: '' });
    }
  }
}

function answerOf(
  { content, tool_calls: calls = [] }: Extract<MessageChange, { type: 'ai' }>,
  id: string,
  known: AIMessage | null,
  { recorded }: ChangeBase,
): AIMessage | StateProblem {
  const before = known === null ? [] : callsOf(known);
  const made: PlainCall[] = [];
  for (const { id: callId = freshId(), name, args } of calls) {
    const was = before.find((call) => call.id === callId);
    if (was !== undefined && same(was, { id: callId, name, args })) {
      made.push(was);
      continue;
    }
    const prepared = findTool(name)?.prepare(args);
    if (prepared === undefined)
      return { message: t('There is no tool named {0}.', name), about: name };
    if (typeof prepared === 'string') {
      return { message: t('The arguments of {0}: {1}', callId, prepared), about: callId };
    }
    // What waits under this id was made of other arguments.
    made.push({ id: recorded(callId) === 'waits' ? freshId() : callId, name, args });
  }
  const kept = new Set(made.filter((call) => before.includes(call)).map((call) => call.id));
  return new AIMessage({
    ...(known === null ? {} : withoutVoid(known, kept)),
    id,
    content,
    tool_calls: made.map((call) => ({
      ...call,
      args: { ...call.args },
      type: 'tool_call' as const,
    })),
  });
}

/** What was carried out, or was decided, stays in the conversation as it was. */
function fixedProblem(
  { messages, recorded }: ChangeBase,
  after: readonly BaseMessage[],
): StateProblem | null {
  const said = (all: readonly BaseMessage[], callId: string): unknown => [
    all.flatMap(callsOf).find(({ id }) => id === callId) ?? null,
    all.find((one) => one.id === `result-${callId}`)?.text ?? null,
  ];
  for (const { id } of messages.flatMap(callsOf)) {
    if (recorded(id) !== 'fixed' || same(said(messages, id), said(after, id))) continue;
    const message = t(
      'The tool call {0} is decided, and what became of it is on record: neither it nor its tool message can be changed. Change what comes after it.',
      id,
    );
    return { message, about: id };
  }
  return null;
}

/** Calls that waited and are gone, are others now, or are answered. */
function withdrawnIn(
  { messages, recorded }: ChangeBase,
  after: readonly BaseMessage[],
): readonly string[] {
  const open = new Set(after.flatMap(callsOf).map(({ id }) => id));
  for (const message of after) {
    const plain: PlainMessage | null = toPlain(message);
    if (plain?.type === 'tool') open.delete(plain.tool_call_id);
  }
  const waiting = messages.flatMap(callsOf).filter(({ id }) => recorded(id) === 'waits');
  return waiting.map(({ id }) => id).filter((id) => !open.has(id));
}

function unknownMessage(id: string): StateProblem {
  return { message: t('There is no message {0} to be removed.', id), about: id };
}

/** Both are plain data; of objects, the order of the keys does not count. */
function same(one: unknown, other: unknown): boolean {
  return canonicalJson(one as Json) === canonicalJson(other as Json);
}
