import type { Failure, FailureAction } from './thread-view.ts';

/** Text for the model: the call failed, nothing was changed, and this is why. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

export type FailureReason =
  'notReady' | 'modelServer' | 'modelAnswer' | 'storage' | 'elsewhere' | 'notFound' | 'badRequest';

/** Something a person can act on: what happened and why, in words, and the one next step. */
export class UserFacingError extends Error {
  override readonly name = 'UserFacingError';
  readonly reason: FailureReason;
  readonly action: FailureAction | null;

  constructor(reason: FailureReason, message: string, action: FailureAction | null = null) {
    super(message);
    this.reason = reason;
    this.action = action;
  }

  toFailure(): Failure {
    return { message: this.message, action: this.action };
  }
}

/** By its shape: it may come out of another bundle, which has a class of its own. */
export function isUserFacing(error: unknown): error is UserFacingError {
  return error instanceof Error && error.name === 'UserFacingError' && 'reason' in error;
}
