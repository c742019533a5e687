import { statSync } from 'node:fs';
import { type Database, MOST_WAL, isBusy } from './database.ts';
import type { Steps } from './steps.ts';

const MB = 1024 * 1024;
/** Pages given back at once. */
const PAGES = 16;

interface Space {
  readonly pageSize: number;
  readonly pages: number;
  readonly free: number;
}

/** Bytes of the database that are in use; a file may be larger until space is given back. */
export function usedBytes(database: Database): number {
  const { pageSize, pages, free } = spaceOf(database);
  return (pages - free) * pageSize;
}

/** Bytes of the file and of its write-ahead log on the disk. */
export function diskBytes(path: string): { readonly file: number; readonly wal: number } {
  const size = (name: string): number => statSync(name, { throwIfNoEntry: false })?.size ?? 0;
  return { file: size(path), wal: size(`${path}-wal`) };
}

/** Gives the system back what is free in the file, if it is much. Answers how many bytes it was. */
export async function giveBack(database: Database, steps: Steps): Promise<number> {
  const before = spaceOf(database);
  const NONE = 0;
  // A file of before version 3 can only be written anew as a whole; it is like a new one then.
  if (pragma(database, 'auto_vacuum') === NONE) {
    if (before.free * before.pageSize < 20 * MB || before.free < before.pages / 2) return 0;
    await steps.pass();
    if (!vacuum(database)) return 0;
  } else {
    if (before.free * before.pageSize < MB || before.free < before.pages / 10) return 0;
    await steps.repeat(() => {
      const { free } = spaceOf(database);
      database.all(`PRAGMA incremental_vacuum(${PAGES})`);
      const left = spaceOf(database).free;
      return left > 0 && left < free;
    });
  }
  const { pages } = spaceOf(database);
  return (before.pages - pages) * before.pageSize;
}

/** False if somebody else is just writing: it is for the next time then. */
function vacuum(database: Database): boolean {
  try {
    database.get('PRAGMA auto_vacuum = INCREMENTAL');
    database.get('VACUUM');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

/**
 * Brings the write-ahead log into the file and, if it is long, cuts it off. Most of it is brought
 * while others write; only for what is left then do they wait.
 */
export function shortenWal(database: Database): void {
  if (diskBytes(database.path).wal === 0) return;
  database.get('PRAGMA wal_checkpoint(PASSIVE)');
  if (diskBytes(database.path).wal > MOST_WAL) database.get('PRAGMA wal_checkpoint(TRUNCATE)');
}

function spaceOf(database: Database): Space {
  return {
    pageSize: pragma(database, 'page_size'),
    pages: pragma(database, 'page_count'),
    free: pragma(database, 'freelist_count'),
  };
}

function pragma(database: Database, name: string): number {
  return Number(database.get(`PRAGMA ${name}`)?.[name]);
}
