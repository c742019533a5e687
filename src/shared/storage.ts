import { UserFacingError, isUserFacing } from './errors.ts';

/**
 * How the conversations are open. `readOnly`: a copy of what can be read; nothing is sent or
 * decided. `inMemory`: nothing is kept, so that nothing is changed either.
 */
export type StorageMode = 'normal' | 'readOnly' | 'inMemory';

/** What is wrong with the file that has, or should have, the conversations. */
export type StorageTrouble =
  | 'lost'
  | 'exchanged'
  | 'damaged'
  | 'notOurs'
  | 'link'
  | 'newer'
  | 'readOnly'
  | 'full'
  | 'locked'
  | 'unreachable';

/** What a person can do about it. None of them deletes or overwrites the file. */
export type StorageWay =
  'retry' | 'restoreBackup' | 'readOnly' | 'useFound' | 'startFresh' | 'inMemory';

export const STORAGE_WAYS: readonly StorageWay[] = [
  'retry',
  'restoreBackup',
  'readOnly',
  'useFound',
  'startFresh',
  'inMemory',
];

/** A way with the words on the button for it. */
export interface StorageChoice {
  readonly way: StorageWay;
  readonly label: string;
}

/** What a surface says about it for as long as it holds. */
export interface StorageNotice {
  readonly kind: 'closed' | 'readOnly' | 'inMemory' | 'lowSpace';
  readonly message: string;
  readonly ways: readonly StorageChoice[];
}

/** Keeps, away from the file, which history belongs here: its loss is noticed by that. */
export interface HistoryMarker {
  /** The identity of the history; null before there was one. */
  read(): string | null;
  write(databaseId: string): void;
}

/** The conversations cannot be opened, or not any more: why, what is lost, and the ways on. */
export class StorageProblem extends UserFacingError {
  readonly trouble: StorageTrouble;
  readonly path: string;
  readonly ways: readonly StorageWay[];

  constructor(trouble: StorageTrouble, path: string, message: string, ways: readonly StorageWay[]) {
    super('storage', message, 'showLog');
    this.trouble = trouble;
    this.path = path;
    this.ways = ways;
  }
}

/** By its shape: it may come out of another bundle, which has a class of its own. */
export function isStorageProblem(error: unknown): error is StorageProblem {
  return isUserFacing(error) && error.reason === 'storage' && 'trouble' in error;
}
