import { t } from '@vscode/l10n';
import { ToolError } from '../shared/errors.ts';

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
  const { cause, next } = (EXPLAINED[code] ?? unknown)(code);
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

interface Explained {
  readonly cause: string;
  readonly next: string;
}

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

const unknown = (code: string): Explained => ({
  cause: t('the system answered {0}', code),
  next: t('Look at the file and its folder, then try again.'),
});

const tooManyOpen = (): Explained => ({
  cause: t('too many files are open'),
  next: t('Close some windows or programs, then try again.'),
});

const notAllowed = (): Explained => ({
  cause: t('the system does not permit it'),
  next: t('Look at the permissions of the file and of its folder, then try again.'),
});

const inUse = (): Explained => ({
  cause: t('the file is in use'),
  next: t('Close the program that uses it, then try again.'),
});

const unreachable = (): Explained => ({
  cause: t('the disk or the network share does not answer'),
  next: t('See that it is connected, then try again.'),
});

const notThere = (): Explained => ({
  cause: t('the file or its folder is not there any more'),
  next: t('Look where it went, then try again.'),
});

const EXPLAINED: Readonly<Record<string, (code: string) => Explained>> = {
  ENOSPC: () => ({
    cause: t('no space is left on the disk'),
    next: t('Free some space there, then try again.'),
  }),
  EDQUOT: () => ({
    cause: t('your quota on the disk is used up'),
    next: t('Free some space there, then try again.'),
  }),
  EIO: () => ({
    cause: t('the disk reported an error'),
    next: t('See that the disk is well, then try again.'),
  }),
  EROFS: () => ({
    cause: t('the disk is read-only'),
    next: t('Make it writable, or use another folder.'),
  }),
  EXDEV: () => ({
    cause: t('it leads to another disk'),
    next: t('Move the file by hand, or choose a name on the same disk.'),
  }),
  EINTR: () => ({ cause: t('the system broke the operation off'), next: t('Try again.') }),
  EEXIST: () => ({
    cause: t('there is something by that name already, and nothing was overwritten'),
    next: t('Look at what is there, or choose another name.'),
  }),
  EISDIR: () => ({ cause: t('it is a folder'), next: t('Name a file.') }),
  ENOTDIR: () => ({
    cause: t('a part of the path is a file, not a folder'),
    next: t('Choose another path.'),
  }),
  ELOOP: () => ({
    cause: t('it is a link, which is not followed'),
    next: t('Name the file that the link leads to.'),
  }),
  ENAMETOOLONG: () => ({ cause: t('the name is too long'), next: t('Choose a shorter name.') }),
  EINVAL: () => ({
    cause: t('the disk does not take this name'),
    next: t('Choose another name.'),
  }),
  EFBIG: () => ({
    cause: t('the file would be larger than the disk permits'),
    next: t('Make it smaller.'),
  }),
  ENOENT: notThere,
  EACCES: notAllowed,
  EPERM: notAllowed,
  EBUSY: inUse,
  ETXTBSY: inUse,
  EMFILE: tooManyOpen,
  ENFILE: tooManyOpen,
  ESTALE: unreachable,
  ENODEV: unreachable,
  ENXIO: unreachable,
  ENOTCONN: unreachable,
  ETIMEDOUT: unreachable,
  EHOSTDOWN: unreachable,
};
