import { realpathSync } from 'node:fs';
import * as vscode from 'vscode';
import type { EditorState } from '../workspace/port.ts';

/** What the editor knows and the disk does not. */
export const editorState: EditorState = {
  folders: () =>
    (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ name, uri }) => ({ name, path: uri.fsPath })),
  hasUnsavedChanges: (realPath) =>
    vscode.workspace.textDocuments.some(
      ({ isDirty, uri }) => isDirty && uri.scheme === 'file' && realPathOf(uri.fsPath) === realPath,
    ),
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

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
