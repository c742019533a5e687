import { t } from '@vscode/l10n';
import { UserFacingError } from '../../shared/errors.ts';
import { cutOff } from '../stream-gate.ts';
import { causeOf, keyRefused } from './openai.ts';

/** What a model server's refusal means for the user, or null if the error is not one. */
export function modelFailure(error: unknown): UserFacingError | null {
  if (error instanceof UserFacingError) return error;
  if (!(error instanceof Error)) return null;
  const { status } = error as { status?: unknown };
  // The library makes an error of its own of some of these, without a status.
  if (error.name === 'ContextOverflowError' || (status === 400 && TOO_LONG.test(error.message))) {
    return new UserFacingError(
      'modelServer',
      t('The conversation is too long for the model. Go on in a new thread.'),
      'newThread',
    );
  }
  if (typeof status === 'number') return refusal(error, status);
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

function refusal(error: Error, status: number): UserFacingError {
  const said = firstLine(error.message);
  if (status === 401 || status === 403) {
    return keyRefused(status);
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
      [t('The model server asks to slow down or is out of quota (429): {0}', said), waitOf(error)]
        .join(' ')
        .trim(),
      'retry',
    );
  }
  return new UserFacingError(
    'modelServer',
    t('The model server answered with an error ({0}): {1}', status, said),
    'retry',
  );
}

/** How the common servers say that the prompt does not fit the model's context. */
const TOO_LONG =
  /context.?(?:length|window|size)|maximum (?:context|prompt)|prompt is too long|too many tokens/iu;

/** `Retry-After` in words, if the server sent one; in seconds, or as a date (RFC 9110, 10.2.3). */
function waitOf(error: Error): string {
  const { headers } = error as { headers?: unknown };
  const after = headers instanceof Headers ? headers.get('retry-after') : null;
  if (after === null) return '';
  const seconds = Number(after);
  const wait = Number.isNaN(seconds) ? (Date.parse(after) - Date.now()) / 1000 : seconds;
  return wait > 0 ? t('It asks to wait {0} seconds.', Math.ceil(wait)) : '';
}

/** The server said nothing for so many seconds. */
export function silent(seconds: number): UserFacingError {
  return new UserFacingError(
    'modelServer',
    t('The model server has said nothing for {0} seconds, so the request was given up.', seconds),
    'retry',
  );
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/^\d{3} /u, '').slice(0, 300);
}
