import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../../..');
export const RESULTS = join(ROOT, 'test-results');
/** On the disk of the project: a temporary folder in memory would make every fsync free. */
export const SCRATCH = join(RESULTS, 'bench');

/** An empty folder, removed by `removeFolders`. */
export function makeFolder(name: string): string {
  mkdirSync(SCRATCH, { recursive: true });
  const folder = mkdtempSync(join(SCRATCH, `${name}-`));
  made.add(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
  made.clear();
}

const made = new Set<string>();
