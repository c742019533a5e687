import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_FILE, type OpenOptions, openDatabase } from '../../../src/checkpoint/database.ts';
import { createThreadIndex } from '../../../src/checkpoint/thread-index.ts';
import type { HistoryMarker } from '../../../src/shared/storage.ts';
import { type StorageProblem, isStorageProblem } from '../../../src/shared/storage.ts';
import { makeFolder } from '../../support/core.ts';

export interface KeptMarker extends HistoryMarker {
  value: string | null;
}

export function makeMarker(value: string | null = null): KeptMarker {
  const marker: KeptMarker = {
    value,
    read: () => marker.value,
    write: (id) => {
      marker.value = id;
    },
  };
  return marker;
}

/** Where the history of a test is. */
export interface TestHistory {
  readonly folder: string;
  readonly marker: KeptMarker;
}

/**
 * Before each test a folder, and in it a history with these threads, if any are named; answers the
 * path of a file in the folder, of the history itself if none is named.
 */
export function useHistory(
  made: (history: TestHistory) => void,
  titles: readonly string[] = [],
): (name?: string) => string {
  let folder: string;
  beforeEach(async () => {
    folder = makeFolder();
    const marker = makeMarker();
    if (titles.length > 0) await makeHistory(folder, marker, titles);
    made({ folder, marker });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  return (name = DATABASE_FILE) => join(folder, name);
}

/** A history with these threads, closed again. */
export async function makeHistory(
  folder: string,
  marker: HistoryMarker,
  titles: readonly string[] = ['Title'],
): Promise<void> {
  const database = openDatabase(folder, { marker });
  const index = createThreadIndex(database, () => 1);
  for (const title of titles) await index.add(title, title);
  database.close();
}

export function titlesIn(folder: string, options: OpenOptions = {}): string[] {
  const database = openDatabase(folder, options);
  try {
    return createThreadIndex(database, () => 1)
      .list()
      .map(({ title }) => title)
      .toSorted();
  } finally {
    database.close();
  }
}

/** What opening says is wrong, where it must say something. */
export function problemOf(open: () => { close(): void }): StorageProblem {
  try {
    open().close();
  } catch (error) {
    assert.ok(isStorageProblem(error), String(error));
    return error;
  }
  return assert.fail('it was opened');
}

/** Names and bytes of all files in a folder, but for the empty log and index that reading makes. */
export function bytesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')] as const)
      .filter(
        ([name, bytes]) => !name.endsWith('-shm') && (bytes !== '' || !name.endsWith('-wal')),
      ),
  );
}

export function change(path: string, sql: string): void {
  const connection = new DatabaseSync(path);
  connection.exec(sql);
  connection.close();
}
