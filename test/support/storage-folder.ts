import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE, openDatabase } from '../../src/checkpoint/database.ts';
import { makeFolder } from './core.ts';

let empty: Uint8Array | null = null;

/** A storage with an empty database: a copy of one, for making it anew takes three times as long. */
export function makeStorage(): string {
  empty ??= bytesOfEmpty();
  const storage = makeFolder();
  writeFileSync(join(storage, DATABASE_FILE), empty);
  return storage;
}

function bytesOfEmpty(): Uint8Array {
  const folder = makeFolder();
  openDatabase(folder).close();
  const bytes = readFileSync(join(folder, DATABASE_FILE));
  rmSync(folder, { recursive: true });
  return bytes;
}
