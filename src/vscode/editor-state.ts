import * as vscode from 'vscode';
import type { EditorState } from '../workspace/port.ts';
import { hasUnsavedChanges, openDocument, replaceText } from './open-documents.ts';

/** What the editor knows and the disk does not. */
export const editorState: EditorState = {
  folders: () =>
    (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ name, uri }, index, all) => ({
        name: nameAmong(all, name, index),
        path: uri.fsPath,
      })),
  trusted: () => vscode.workspace.isTrusted,
  hasUnsavedChanges,
  document: openDocument,
  replaceText,
  moveToTrash: async (realPath) => {
    try {
      await vscode.workspace.fs.delete(vscode.Uri.file(realPath), { useTrash: true });
      return true;
    } catch {
      // Remote file systems and some desktops have no trash.
      return false;
    }
  },
};

/** Two folders may have the same name; a path that begins with it must lead to one of them. */
function nameAmong(
  folders: readonly vscode.WorkspaceFolder[],
  name: string,
  index: number,
): string {
  const before = folders.slice(0, index).filter((folder) => folder.name === name).length;
  return before === 0 ? name : `${name} (${before + 1})`;
}
