import { lstatSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { HistoryMarker } from '../shared/storage.ts';
import { backupFiles, findBackup, restoreBackup as restore } from './backup.ts';
import { makeDatabase } from './database.ts';
import { SIDES, databaseIn, syncFile } from './files.ts';
import { Refusal, inspect } from './inspect.ts';
import { explainOpening } from './trouble.ts';

/**
 * Puts the newest backup in the place of the database, which is kept under another name.
 * @throws StorageProblem if there is none
 */
export function restoreBackup(folder: string, marker: HistoryMarker, aside: string): void {
  explained(folder, marker, () => {
    const found = findBackup(folder, marker.read());
    if (found === null) throw new Refusal('lost', 'there is no backup');
    setAside(folder, aside);
    restore(folder, marker.read());
    if (found.databaseId !== null) marker.write(found.databaseId);
  });
}

/** Begins an empty history; the file of the old one and its backups are kept under other names. */
export function startFresh(folder: string, marker: HistoryMarker, aside: string): void {
  explained(folder, marker, () => {
    setAside(folder, aside);
    const before = aside.replace(/\.sqlite$/u, '');
    for (const backup of backupFiles(folder)) {
      renameSync(backup, join(folder, `${before}.${basename(backup)}`));
    }
    makeDatabase(databaseIn(folder));
    useFound(folder, marker);
  });
}

/** Takes the history that is there for the one that belongs here. */
export function useFound(folder: string, marker: HistoryMarker): void {
  explained(folder, marker, () => {
    const databaseId = inspect(databaseIn(folder))?.databaseId;
    if (databaseId !== undefined && databaseId !== null) marker.write(databaseId);
  });
}

function setAside(folder: string, aside: string): void {
  const path = databaseIn(folder);
  for (const side of ['', ...SIDES]) {
    if (exists(`${path}${side}`)) renameSync(`${path}${side}`, join(folder, `${aside}${side}`));
  }
  if (exists(join(folder, aside))) syncFile(join(folder, aside));
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function explained(folder: string, marker: HistoryMarker, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw explainOpening(error, databaseIn(folder), marker.read());
  }
}
