import type { z } from 'zod';
import {
  approvals,
  approveBody,
  decideBody,
  emptyBody,
  outcome,
  rejectBody,
  sessionState,
  startBody,
} from './answers.ts';
import type { Chat } from './chat.ts';

export interface Route {
  readonly method: 'get' | 'post';
  /** `{session_id}` stands for itself. */
  readonly path: string;
  readonly summary: string;
  readonly body: z.ZodType | null;
  readonly answer: z.ZodType;
  readonly carryOut: (chat: Chat, sessionId: string, body: unknown) => Promise<unknown>;
}

function route<B extends z.ZodType>(
  path: string,
  summary: string,
  body: B,
  carryOut: (chat: Chat, sessionId: string, body: z.output<B>) => Promise<unknown>,
  answer: z.ZodType = outcome,
): Route {
  return {
    ...{ method: 'post', path, summary, body, answer },
    carryOut: (chat, sessionId, given) => carryOut(chat, sessionId, given as z.output<B>),
  };
}

/** What there is; the server answers these, and the document describes these, and no others. */
export const ROUTES: readonly Route[] = [
  route(
    '/chat/start',
    'Asks something, and waits until the agent is done or waits for a decision.',
    startBody,
    (chat, _, body) => chat.start(body),
  ),
  route(
    '/chat/approve/{session_id}',
    'Approves exactly what was shown, and waits for where that leads.',
    approveBody,
    (chat, sessionId, { reason, ...about }) =>
      chat.decide(sessionId, about, {
        kind: 'approve',
        ...(reason === undefined ? {} : { note: reason }),
      }),
  ),
  route(
    '/chat/reject/{session_id}',
    'Rejects; the agent reads the reason. Waits for where that leads.',
    rejectBody,
    (chat, sessionId, { reason, ...about }) =>
      chat.decide(sessionId, about, { kind: 'reject', reason }),
  ),
  route(
    '/chat/decide/{session_id}',
    'Gives any decision, and waits for where that leads.',
    decideBody,
    (chat, sessionId, { decision, ...about }) => chat.decide(sessionId, about, decision),
  ),
  route(
    '/chat/resume/{session_id}',
    'Goes on with a run that was cut off, and waits for where it leads.',
    emptyBody,
    (chat, sessionId) => chat.resume(sessionId),
  ),
  route(
    '/chat/cancel/{session_id}',
    'Stops the run that goes; it can be resumed.',
    emptyBody,
    (chat, sessionId) => chat.cancel(sessionId),
    sessionState,
  ),
  {
    ...{ method: 'get', path: '/chat/{session_id}', body: null, answer: sessionState },
    summary: 'How a session stands.',
    carryOut: (chat, sessionId) => chat.state(sessionId),
  },
  {
    ...{ method: 'get', path: '/approvals', body: null, answer: approvals },
    summary: 'All that waits for a decision, in every session.',
    carryOut: async (chat) => ({ pending_tool_calls: await chat.approvals() }),
  },
];

export const EVENTS_PATH = '/chat/{session_id}/events';
