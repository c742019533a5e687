import { createHash, randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { failpoint } from '../shared/failpoint.ts';
import { fileErrorCode } from './file-errors.ts';
import type { FileSystem } from './file-system.ts';
import { type NewFile, writeNew } from './new-file.ts';

/** Answers the id of the file that has the name now. */
type Publish = (temporary: string, id: string) => Promise<string>;

/**
 * Writes a file beside the place where it is to be, down to the disk; then `check`; then `publish`
 * gives it its name. Nothing is left beside it, however this ends.
 */
export async function throughTemporary(
  files: FileSystem,
  realPath: string,
  content: NewFile,
  check: (temporary: string) => Promise<void>,
  publish: Publish,
): Promise<string> {
  const temporary = join(
    dirname(realPath),
    `${temporaryPrefix(realPath)}${randomBytes(6).toString('hex')}`,
  );
  try {
    failpoint('fs.beforeTemp');
    const id = await writeNew(files, temporary, content);
    failpoint('fs.tempWritten');
    await check(temporary);
    failpoint('fs.beforeRename');
    return await publish(temporary, id);
  } finally {
    await files.unlink(temporary).catch(() => undefined);
  }
}

/**
 * Gives a file its name if nothing has it. A link does so at once; where there are no links, the
 * file is written anew under its name.
 */
export function asNew(files: FileSystem, realPath: string, content: NewFile): Publish {
  return async (temporary, id) => {
    try {
      await files.link(temporary, realPath);
      return id;
    } catch (error) {
      if (!isWithoutLinks(error)) throw error;
      return await writeNew(files, realPath, content);
    }
  };
}

/** Puts a file in the place of another, which loses its name. */
export function inPlace(files: FileSystem, realPath: string): Publish {
  return async (temporary, id) => {
    await files.rename(temporary, realPath);
    return id;
  };
}

/** True if the file system, or the kind of file, has no links: not that something is in the way. */
export function isWithoutLinks(error: unknown): boolean {
  return WITHOUT_LINKS.has(fileErrorCode(error));
}

/** `EISDIR`: Windows for a function that the file system does not have. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set([
  'EISDIR',
  'EMLINK',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EPERM',
  'EXDEV',
]);

export async function sweepTemporaries(files: FileSystem, realPath: string): Promise<void> {
  const folder = dirname(realPath);
  const prefix = temporaryPrefix(realPath);
  for (const name of await files.readdir(folder).catch((): string[] => [])) {
    if (name.startsWith(prefix)) await files.unlink(join(folder, name)).catch(() => undefined);
  }
}

/** Of one file only, and short, since the file's own name may be as long as names can be. */
function temporaryPrefix(realPath: string): string {
  return `.countersign-${createHash('sha256').update(basename(realPath)).digest('hex').slice(0, 16)}-`;
}
