import { t } from '@vscode/l10n';
import { dirname } from 'node:path';
import { asToolError, explained, systemError } from './file-errors.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import {
  makeFolders,
  nameIn,
  removeEmptyFolders,
  removeMade,
  syncFolder,
  syncFolders,
} from './folders.ts';
import { moveFile } from './moving.ts';
import type { Check, EditorState, FileFacts, Workspace } from './port.ts';
import { asNew, inPlace, sweepTemporaries, throughTemporary } from './publishing.ts';
import { refuseReadOnly } from './read-only.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { findFile, readRegularFile, tooLarge } from './reading.ts';

/** The workspace on the disk of the machine the extension host runs on. */
export function createDiskWorkspace(
  editor: EditorState,
  files: FileSystem = nodeFileSystem,
): Workspace {
  const nameOf = (realPath: string): string => nameIn(editor.folders(), realPath);
  return {
    folders: () => editor.folders(),
    trusted: () => editor.trusted(),
    hasUnsavedChanges: (realPath) => editor.hasUnsavedChanges(realPath),
    document: (realPath) => editor.document(realPath),
    replaceText: (realPath, bytes, check) => editor.replaceText(realPath, bytes, check),
    moveToTrash: (realPath) => editor.moveToTrash(realPath),
    async read(realPath) {
      const document = editor.hasUnsavedChanges(realPath) ? await editor.document(realPath) : null;
      if (!document?.dirty) return readRegularFile(files, realPath, nameOf(realPath));
      if (document.bytes.length > MAX_FILE_BYTES) {
        throw tooLarge(nameOf(realPath), document.bytes.length);
      }
      return document.bytes;
    },
    readDisk: (realPath) => readRegularFile(files, realPath, nameOf(realPath)),
    facts: (realPath) => factsOf(files, realPath, nameOf(realPath)),
    refuseReadOnly: (realPath) => refuseReadOnly(files, realPath, nameOf(realPath)),
    sweep: (realPath) => sweepTemporaries(files, realPath),
    removeEmptyFolders: (folder, root) => removeEmptyFolders(files, folder, root),
    ...changes(editor, files, nameOf),
  };
}

async function factsOf(
  files: FileSystem,
  realPath: string,
  name: string,
): Promise<FileFacts | null> {
  const found = await asToolError(name, () => findFile(files, realPath, name));
  if (found === null) return null;
  return { mode: (found.mode & 0o100) === 0 ? '100644' : '100755', links: found.links };
}

function changes(
  editor: EditorState,
  files: FileSystem,
  nameOf: (realPath: string) => string,
): Pick<Workspace, 'create' | 'replace' | 'move' | 'remove'> {
  const roots = (): string[] => editor.folders().map(({ path }) => path);
  return {
    create: (realPath, bytes, mode, check) =>
      explained(nameOf(realPath), bytes.length, async () => {
        const content = { bytes, mode: mode === '100755' ? 0o777 : 0o666, like: null };
        const made = await makeFolders(files, dirname(realPath), roots());
        try {
          await throughTemporary(files, realPath, content, check, asNew(files, realPath, content));
        } catch (error) {
          await removeMade(files, made);
          throw error;
        }
        // The file is there: what cannot be synced now does not take it away again.
        await syncFolders(files, realPath, made).catch(() => undefined);
      }),
    replace: (realPath, bytes, check) =>
      explained(nameOf(realPath), bytes.length, () =>
        replace(editor, files, realPath, nameOf(realPath), bytes, check),
      ),
    move: (from, to, check) =>
      moveFile(files, { from, to, name: nameOf(from), newName: nameOf(to), roots: roots() }, check),
    remove: (realPath, check) =>
      explained(nameOf(realPath), undefined, async () => {
        await check();
        // The trash would take a folder, too, with all that is in it.
        if ((await findFile(files, realPath, nameOf(realPath))) === null) {
          throw systemError('ENOENT');
        }
        if (await editor.moveToTrash(realPath)) return;
        await files.unlink(realPath);
        await syncFolder(files, dirname(realPath)).catch(() => undefined);
      }),
  };
}

async function replace(
  editor: EditorState,
  files: FileSystem,
  realPath: string,
  name: string,
  bytes: Uint8Array,
  check: Check,
): Promise<void> {
  const old = await findFile(files, realPath, name);
  if (old === null) throw systemError('ENOENT');
  // An editor writes in place, which would change the other names of the file as well.
  if (old.links === 1 && (await editor.replaceText(realPath, bytes, check)) === 'saved') return;
  const refuseUnsaved = (): void => {
    if (editor.hasUnsavedChanges(realPath)) {
      throw new Error(
        t('{0} has unsaved changes in the editor. Save or undo them, then try again.', name),
      );
    }
  };
  refuseUnsaved();
  const content = { bytes, mode: old.mode & 0o700, like: old };
  const checkBoth = async (): Promise<void> => {
    await check();
    refuseUnsaved();
  };
  await throughTemporary(files, realPath, content, checkBoth, inPlace(files, realPath));
  await syncFolder(files, dirname(realPath)).catch(() => undefined);
}
