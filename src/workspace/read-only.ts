import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { ToolError } from '../shared/errors.ts';
import { asToolError } from './file-errors.ts';
import type { FileSystem } from './file-system.ts';
import { findFile, nullIfMissing, octal } from './reading.ts';

/** Decides by mode bits first, since they mean nothing to the system when root asks. */
export function refuseReadOnly(files: FileSystem, realPath: string, name: string): Promise<void> {
  return asToolError(name, async () => {
    const found = await findFile(files, realPath, name);
    if (found !== null) {
      refuseUnwritable(found.mode, name, 'it');
      await files.access(realPath, constants.W_OK);
    }
    let folder = dirname(realPath);
    let stats = await nullIfMissing(files.stat(folder));
    while (stats === null && folder !== dirname(folder)) {
      folder = dirname(folder);
      stats = await nullIfMissing(files.stat(folder));
    }
    // What Windows calls a read-only folder can be written to.
    if (stats === null || process.platform === 'win32') return;
    refuseUnwritable(stats.mode, name, 'its folder');
    await files.access(folder, constants.W_OK);
  });
}

function refuseUnwritable(mode: number, name: string, what: string): void {
  if ((mode & 0o222) !== 0) return;
  throw new ToolError(
    `${name} cannot be changed: ${what} is read-only (mode ${octal(mode)}). Ask the user to make it writable.`,
  );
}
