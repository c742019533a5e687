import { t } from '@vscode/l10n';

/** Why the operating system refused a call, and what to do about it. */
export interface Explained {
  readonly cause: string;
  readonly next: string;
}

/** By the operating system's name for it; a person's words, and none of ours for the file. */
export function explainCode(code: string): Explained {
  const explain = CAUSES.get(code);
  if (explain !== undefined) return explain();
  return {
    cause: t('the system answered {0}', code),
    next: t('Look at the file and its folder, then try again.'),
  };
}

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

const CAUSES: ReadonlyMap<string, () => Explained> = new Map(
  Object.entries<() => Explained>({
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
  }),
);
