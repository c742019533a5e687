import { GraphRecursionError } from '@langchain/langgraph';
import { t } from '@vscode/l10n';
import { modelFailure } from '../agent/models/failure.ts';
import { UserFacingError } from '../shared/errors.ts';
import { messageOf } from '../shared/lifecycle.ts';
import type { Failure } from '../shared/thread-view.ts';
import { MAX_STEPS } from './run.ts';

/** What a user is told of a run that failed. Whatever nobody foresaw goes to the log, with its stack. */
export function failureOf(error: unknown, log: (error: unknown) => void): Failure {
  const known = error instanceof UserFacingError ? error : modelFailure(error);
  if (known !== null) return known.toFailure();
  if (error instanceof GraphRecursionError) {
    return {
      message: t('The agent took {0} steps without coming to an end.', MAX_STEPS),
      action: 'retry',
    };
  }
  log(error);
  return {
    message: t('Something went wrong: {0}. The log has the details.', messageOf(error)),
    action: 'retry',
  };
}
