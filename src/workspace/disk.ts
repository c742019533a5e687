import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, open, readFile, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ToolError } from '../shared/errors.ts';
import type { EditorState, Workspace } from './port.ts';

/** Largest file that is read or written whole, in bytes. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** The workspace on the disk of the machine the extension host runs on. */
export function createDiskWorkspace(editor: EditorState): Workspace {
  return {
    folders: () => editor.folders(),
    hasUnsavedChanges: (realPath) => editor.hasUnsavedChanges(realPath),
    read,
    moveToTrash: (realPath) => editor.moveToTrash(realPath),
    replace,
    async remove(realPath, check) {
      await check();
      if (!(await editor.moveToTrash(realPath))) await unlink(realPath);
    },
  };
}

async function read(realPath: string): Promise<Uint8Array | null> {
  const found = await statOrNull(realPath);
  if (found === null) return null;
  if (!found.isFile()) throw new ToolError(`${basename(realPath)} is not a file.`);
  if (found.size > MAX_FILE_BYTES) {
    throw new ToolError(`${basename(realPath)} is too large to read (${found.size} bytes).`);
  }
  return readFile(realPath);
}

async function replace(
  realPath: string,
  bytes: Uint8Array,
  check: () => Promise<void>,
): Promise<void> {
  const folder = dirname(realPath);
  const madeFolder = await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(realPath)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeDurably(temporary, bytes, (await statOrNull(realPath))?.mode);
    await check();
    await rename(temporary, realPath);
    await syncFolder(folder);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if (madeFolder !== undefined) await removeEmptyFolders(folder, madeFolder);
    throw error;
  }
}

async function writeDurably(path: string, bytes: Uint8Array, mode?: number): Promise<void> {
  const file = await open(path, 'wx', mode === undefined ? 0o666 : mode & 0o777);
  try {
    // The process's mask may have taken bits away that the file had.
    if (mode !== undefined) await file.chmod(mode & 0o7777);
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself durable. Windows cannot open a folder, and needs no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r').catch(() => null);
  try {
    await handle?.sync();
  } catch {
    // Some network file systems refuse to sync a folder; the rename has happened all the same.
  } finally {
    await handle?.close();
  }
}

/** Removes the folders made for a write that failed, from the innermost to the outermost. */
async function removeEmptyFolders(innermost: string, outermost: string): Promise<void> {
  for (let folder = innermost; ; folder = dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed || folder === outermost) return;
  }
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
