import { t } from '@vscode/l10n';
import type { DecisionOutcome } from '../shared/decision.ts';
import type { ThreadView } from '../shared/thread-view.ts';
import type { PendingToolCall } from './answers.ts';
import { Problem } from './problem.ts';

type Calls = readonly PendingToolCall[];

export function stillWaits(sessionId: string, pending: Calls): Problem {
  return new Problem({
    ...{ name: 'still_pending', status: 409, sessionId, pending },
    title: t('Tool calls wait'),
    detail: t('Session {0} waits for a decision; a new question would withdraw it.', sessionId),
    nextStep: t(
      'Decide what waits first, or POST /chat/decide/{session_id} with a redirect, which withdraws it.',
    ),
  });
}

export function nothingWaits(sessionId: string): Problem {
  return new Problem({
    ...{ name: 'nothing_pending', status: 409, sessionId, pending: [] },
    title: t('Nothing waits'),
    detail: t('No tool call of session {0} waits for a decision.', sessionId),
    nextStep: t('Ask for the state with GET /chat/{session_id}.'),
  });
}

export function severalWait(sessionId: string, pending: Calls): Problem {
  return new Problem({
    ...{ name: 'several_pending', status: 409, sessionId, pending },
    title: t('Several tool calls wait'),
    detail: t('{0} tool calls of session {1} wait.', pending.length, sessionId),
    nextStep: t('Name one of them by its interrupt_id.'),
  });
}

export function somethingElse(sessionId: string, pending: Calls): Problem {
  return new Problem({
    ...{ name: 'changed', status: 409, sessionId, pending },
    title: t('Not what was shown'),
    detail: t(
      'What would happen in session {0} is not the one thing that was shown, so nothing was decided.',
      sessionId,
    ),
    nextStep: t('Look at pending_tool_calls, then name what you approve by its effect_hash.'),
  });
}

export function elsewhere(sessionId: string): Problem {
  return new Problem({
    ...{ name: 'elsewhere', status: 409, sessionId },
    title: t('Elsewhere'),
    detail: t('Session {0} belongs to another window, process or machine.', sessionId),
    nextStep: t('Decide where the session is, or end that first.'),
  });
}

/** An answer was not taken, and nothing was changed by it. */
export function notTaken(
  outcome: Exclude<DecisionOutcome, { kind: 'taken' }>,
  sessionId: string,
  pending: Calls,
): Problem {
  switch (outcome.kind) {
    case 'changed':
      return somethingElse(sessionId, pending);
    case 'tooLate':
      return new Problem({
        ...{ name: 'already_answered', status: 409, sessionId, pending },
        title: t('Already answered'),
        detail: t(
          'This tool call of session {0} was answered before; it is {1}.',
          sessionId,
          outcome.state,
        ),
        nextStep: t('The first answer counts. Ask for the state with GET /chat/{session_id}.'),
      });
    case 'dismissed':
    case 'refused':
      return new Problem({
        ...{ name: 'refused', status: 403, sessionId, pending },
        title: t('Not approved'),
        detail: outcome.kind === 'refused' ? outcome.reason : t('It was not confirmed.'),
        nextStep: t('Decide it in the editor, or reject it.'),
      });
  }
}

/** A run did not come to its end. */
export function endedEarly({ threadId, status, failure, elsewhere: away }: ThreadView): Problem {
  if (away) return elsewhere(threadId);
  const failed = failure !== null;
  return new Problem({
    ...{ name: failed ? 'run_failed' : 'cancelled', status: failed ? 502 : 409 },
    sessionId: threadId,
    title: failed ? t('The run failed') : t('The run was stopped'),
    detail:
      failure?.message ?? t('The run of session {0} did not end; it is {1}.', threadId, status),
    nextStep: t('Go on with POST /chat/resume/{session_id}, or ask something else.'),
  });
}
