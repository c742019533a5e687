import { t } from '@vscode/l10n';
import { ToolError } from '../shared/errors.ts';
import { explainCode } from './file-error-causes.ts';

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** A change of a file failed: the message says of which file, why, and what to do next. */
export class FileError extends Error {
  override readonly name = 'FileError';
  /** As the operating system names it: `ENOSPC`, `EEXIST`, … */
  readonly code: string;

  constructor(error: unknown, path: string, bytesNeeded?: number) {
    super(explainFileError(error, path, bytesNeeded), { cause: error });
    this.code = fileErrorCode(error);
  }
}

/** The operating system's name for what went wrong; empty for any other error. */
export function fileErrorCode(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' && /^E[A-Z0-9]+$/u.test(code) ? code : '';
}

/** For what the operating system does not refuse, and we do. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** `path: cause. Next step.`, for a person; what is no error of the file system speaks for itself. */
export function explainFileError(error: unknown, path: string, bytesNeeded?: number): string {
  const code = fileErrorCode(error);
  if (error instanceof FileError || code === '') {
    return error instanceof Error ? error.message : String(error);
  }
  const { cause, next } = explainCode(code);
  const needs =
    bytesNeeded !== undefined && FULL.has(code) ? t('; {0} bytes are needed', bytesNeeded) : '';
  return `${path}: ${cause}${needs}. ${next}`;
}

/** Gives the errors of looking at a file to the model, in plain words. */
export async function asToolError<Result>(
  path: string,
  look: () => Promise<Result>,
): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    if (fileErrorCode(error) === '') throw error;
    throw new ToolError(explainFileError(error, path), { cause: error });
  }
}

/** Throws what the file system throws in words; anything else, of the check for one, as it is. */
export async function explained(
  path: string,
  bytesNeeded: number | undefined,
  change: () => Promise<void>,
): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (error instanceof FileError || fileErrorCode(error) === '') throw error;
    throw new FileError(error, path, bytesNeeded);
  }
}
