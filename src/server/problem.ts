import { t } from '@vscode/l10n';
import { type FailureReason, isUserFacing } from '../shared/errors.ts';
import type { PendingToolCall } from './answers.ts';

/** What an answer that is no success says, in the form of RFC 9457. */
export interface ProblemDetails {
  /** `urn:countersign:` and a word that stays the same whatever the language. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** The object and the cause, in words. */
  readonly detail: string;
  readonly next_step: string;
  readonly session_id?: string;
  readonly pending_tool_calls?: readonly PendingToolCall[];
}

export interface Said {
  readonly name: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly nextStep: string;
  readonly sessionId?: string;
  readonly pending?: readonly PendingToolCall[];
}

/** Ends a request with a problem. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly details: ProblemDetails;

  constructor({ name, status, title, detail, nextStep, sessionId, pending }: Said) {
    super(detail);
    this.details = {
      ...{ type: `urn:countersign:${name}`, title, status, detail, next_step: nextStep },
      ...(sessionId === undefined ? {} : { session_id: sessionId }),
      ...(pending === undefined ? {} : { pending_tool_calls: pending }),
    };
  }
}

const STATUS: Readonly<Record<FailureReason, number>> = {
  notReady: 503,
  modelServer: 502,
  modelAnswer: 502,
  storage: 503,
  elsewhere: 409,
  notFound: 404,
  badRequest: 409,
};

/** What a caller is told of an error. What nobody foresaw goes to the log, and only there. */
export function toProblem(error: unknown, log: (error: unknown) => void): Problem {
  if (error instanceof Problem) return error;
  if (isUserFacing(error)) {
    return new Problem({
      name: error.reason,
      status: STATUS[error.reason],
      title: t('Refused'),
      detail: error.message,
      nextStep: nextStepOf(error.reason),
    });
  }
  log(error);
  return new Problem({
    name: 'unexpected',
    status: 500,
    title: t('Something went wrong'),
    detail: t('The request could not be carried out. The log of the host has the details.'),
    nextStep: t('Ask for the state of the session before you try again.'),
  });
}

function nextStepOf(reason: FailureReason): string {
  switch (reason) {
    case 'notReady':
      return t('Set up what is missing on the host, then try again.');
    case 'modelServer':
    case 'modelAnswer':
      return t('See to the model server, then go on with POST /chat/resume/{session_id}.');
    case 'storage':
      return t('See to the storage of the host, then try again.');
    case 'elsewhere':
      return t('Decide where the session is, or end that first.');
    case 'notFound':
      return t('Ask for what there is with GET /approvals.');
    case 'badRequest':
      return t('Wait until the run is done, or stop it with POST /chat/cancel/{session_id}.');
  }
}
