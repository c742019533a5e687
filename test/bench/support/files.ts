import { type Stats, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Bytes of all files in a folder whose names have the word, or of all. */
export function sizeOf(folder: string, word = ''): number {
  return statsIn(folder, word).reduce((sum, { size }) => sum + size, 0);
}

/** Waits until no file in a folder has been written for so many milliseconds. */
export async function unwrittenFor(folder: string, milliseconds: number): Promise<void> {
  for (;;) {
    const written = Math.max(...statsIn(folder).map(({ mtimeMs }) => mtimeMs));
    const left = written + milliseconds - Date.now();
    if (left <= 0) return;
    await setTimeout(left);
  }
}

function statsIn(folder: string, word = ''): Stats[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.includes(word))
    .map((entry) => statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false }))
    .filter((stats) => stats !== undefined);
}
