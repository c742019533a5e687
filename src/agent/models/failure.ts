import { t } from '@vscode/l10n';
import { UserFacingError } from '../../shared/errors.ts';
import { cutOff } from '../stream-gate.ts';
import { causeOf } from './openai.ts';

/** What a model server's refusal means for the user, or null if the error is not one. */
export function modelFailure(error: unknown): UserFacingError | null {
  if (error instanceof UserFacingError) return error;
  if (!(error instanceof Error)) return null;
  const { status } = error as { status?: unknown };
  if (typeof status === 'number') return refusal(status, firstLine(error.message));
  if (/connection error|fetch failed/iu.test(error.message)) {
    return new UserFacingError(
      'modelServer',
      t('The model server cannot be reached: {0}. Check its address, then retry.', causeOf(error)),
      'retry',
    );
  }
  return null;
}

/** The same for an error while an answer streams in: whatever cut it off, nothing of it counts. */
export function streamFailure(error: unknown): unknown {
  const known = modelFailure(error);
  if (known !== null) return known;
  if (error instanceof SyntaxError) {
    return new UserFacingError(
      'modelServer',
      t('The model server sent something that is not an answer: {0}', firstLine(error.message)),
      'retry',
    );
  }
  if (!(error instanceof Error)) return error;
  if (/terminated|premature close|aborted|ECONNRESET/iu.test(error.message)) return cutOff();
  // An error object in the middle of the stream: the client's error has no status then.
  if ('requestID' in error) {
    return new UserFacingError(
      'modelServer',
      t('The model server stopped with an error: {0}', firstLine(error.message)),
      'retry',
    );
  }
  return error;
}

function refusal(status: number, said: string): UserFacingError {
  if (status === 401 || status === 403) {
    return new UserFacingError(
      'modelServer',
      t('The model server refused the API key ({0}). Set the right key, then retry.', status),
      'setApiKey',
    );
  }
  if (status === 404) {
    return new UserFacingError(
      'modelServer',
      t('The model server does not know this address or model (404): {0}', said),
      'openSettings',
    );
  }
  if (status === 429) {
    return new UserFacingError(
      'modelServer',
      t('The model server asks to slow down or is out of quota (429): {0}', said),
      'retry',
    );
  }
  return new UserFacingError(
    'modelServer',
    t('The model server answered with an error ({0}): {1}', status, said),
    'retry',
  );
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/^\d{3} /u, '').slice(0, 300);
}
