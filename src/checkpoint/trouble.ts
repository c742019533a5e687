import { t } from '@vscode/l10n';
import { dirname } from 'node:path';
import { isUserFacing } from '../shared/errors.ts';
import { messageOf } from '../shared/lifecycle.ts';
import {
  StorageProblem,
  type StorageTrouble,
  type StorageWay,
  isStorageProblem,
} from '../shared/storage.ts';
import { type Backup, findBackup } from './backup.ts';
import { Refusal } from './inspect.ts';
import { RESULT, resultOf } from './sqlite.ts';

/** What an error in opening a database means for a person; what has words already keeps them. */
export function explainOpening(error: unknown, path: string, databaseId: string | null): Error {
  if (isUserFacing(error)) return error;
  const trouble = troubleOf(error) ?? 'unreachable';
  return problem(trouble, path, messageOf(error), databaseId);
}

/** What an error of an open database means for a person, or the error itself if that is unknown. */
export function explainUse(error: unknown, path: string, databaseId: string | null): unknown {
  if (isStorageProblem(error)) return error;
  const trouble = resultOf(error) === null ? null : troubleOf(error);
  const known: readonly (StorageTrouble | null)[] = ['damaged', 'full', 'readOnly'];
  if (trouble === null || !known.includes(trouble)) return error;
  return problem(trouble, path, messageOf(error), databaseId);
}

/** A file that was found to be damaged by looking through it. */
export function damaged(path: string, cause: string, databaseId: string | null): StorageProblem {
  return problem('damaged', path, cause, databaseId);
}

const BY_RESULT: ReadonlyMap<number | null, StorageTrouble> = new Map([
  [RESULT.busy, 'locked'],
  [RESULT.locked, 'locked'],
  [RESULT.readOnly, 'readOnly'],
  [RESULT.full, 'full'],
  [RESULT.corrupt, 'damaged'],
  [RESULT.notADatabase, 'damaged'],
]);

const BY_CODE: ReadonlyMap<string | undefined, StorageTrouble> = new Map([
  ['EACCES', 'readOnly'],
  ['EPERM', 'readOnly'],
  ['EROFS', 'readOnly'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
]);

function troubleOf(error: unknown): StorageTrouble | null {
  if (error instanceof Refusal) return error.trouble;
  const { code } = error as NodeJS.ErrnoException;
  return BY_RESULT.get(resultOf(error)) ?? BY_CODE.get(code) ?? null;
}

function problem(
  trouble: StorageTrouble,
  path: string,
  cause: string,
  databaseId: string | null,
): StorageProblem {
  const backup = MENDED_BY_BACKUP.includes(trouble) ? findBackup(dirname(path), databaseId) : null;
  const words = [describe(trouble, cause)];
  if (MENDED_BY_BACKUP.includes(trouble)) words.push(describeBackup(backup));
  words.push(t('File: {0}', path));
  const ways = WAYS[trouble].filter((way) => way !== 'restoreBackup' || backup !== null);
  return new StorageProblem(trouble, path, words.join(' '), ways);
}

const MENDED_BY_BACKUP: readonly StorageTrouble[] = ['lost', 'exchanged', 'damaged', 'notOurs'];

const WAYS: Readonly<Record<StorageTrouble, readonly StorageWay[]>> = {
  lost: ['restoreBackup', 'startFresh', 'inMemory', 'retry'],
  exchanged: ['restoreBackup', 'useFound', 'readOnly', 'startFresh', 'inMemory'],
  damaged: ['restoreBackup', 'readOnly', 'startFresh', 'inMemory', 'retry'],
  notOurs: ['restoreBackup', 'startFresh', 'inMemory', 'retry'],
  link: ['startFresh', 'inMemory', 'retry'],
  newer: ['inMemory', 'startFresh', 'retry'],
  readOnly: ['readOnly', 'inMemory', 'retry'],
  full: ['readOnly', 'inMemory', 'retry'],
  locked: ['inMemory', 'retry'],
  unreachable: ['inMemory', 'retry'],
};

function describe(trouble: StorageTrouble, cause: string): string {
  switch (trouble) {
    case 'lost':
      return cause === ''
        ? t('The conversations of this folder are lost: their file does not exist any more.')
        : t('The conversations of this folder are lost: their file is empty.');
    case 'exchanged':
      return t(
        'The conversations of this folder are lost: their file has a history, but not the one that was here.',
      );
    case 'damaged':
      return t(
        'The conversations of this folder cannot be opened: their file is damaged ({0}). It was not changed.',
        cause,
      );
    case 'notOurs':
      return t(
        'The conversations of this folder are lost: in their place is a file that is not a database of Countersign. It was not changed.',
      );
    case 'link':
      return t(
        'The conversations of this folder are not opened: their file is a link that leads elsewhere. Nothing was changed.',
      );
    case 'newer':
      return t(
        'The conversations of this folder were written by a newer version of Countersign. Update the extension to open them. Their file was not changed.',
      );
    case 'readOnly':
      return t(
        'The conversations of this folder cannot be kept: their file is read-only, or its folder is. Make both writable, or go on without.',
      );
    case 'full':
      return t(
        'The conversations of this folder cannot be kept: no space is left on the disk. Free some, then try again.',
      );
    case 'locked':
      return t(
        'The conversations of this folder cannot be opened: another program keeps their file locked. Close it, or wait, and try again.',
      );
    case 'unreachable':
      return t(
        'The conversations of this folder cannot be opened: {0}. Their file was not changed.',
        cause,
      );
  }
}

function describeBackup(backup: Backup | null): string {
  if (backup === null) return t('There is no backup.');
  const when = new Date(backup.time).toLocaleString();
  return t('There is a backup of {0}; what came after it is not in it.', when);
}
