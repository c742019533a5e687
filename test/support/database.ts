import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { DATABASE_FILE, removeDatabase } from '../../src/checkpoint/files.ts';
import { makeFolder } from './core.ts';

/** The database of one test, in a folder of its own. */
export interface TestDatabase {
  readonly folder: string;
  /** Opens it again; `anew`: what `make` puts there, or a new one. */
  readonly reopen: (which?: 'same' | 'anew', make?: (folder: string) => void) => void;
}

/** Makes a new database before each test and removes it after it; `opened` gets it each time. */
export function useDatabase(opened: (database: Database) => void): TestDatabase {
  let folder: string;
  let database: Database;
  const open = (): void => {
    database = openDatabase(folder);
    opened(database);
  };

  beforeEach(() => {
    folder = makeFolder();
    open();
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  return {
    get folder() {
      return folder;
    },
    reopen(which = 'same', make = () => undefined) {
      database.close();
      if (which === 'anew') removeDatabase(join(folder, DATABASE_FILE));
      make(folder);
      open();
    },
  };
}
