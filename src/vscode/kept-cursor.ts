import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import { type NamedChange, changeAt, spotOf } from './change-at.ts';
import { isCurrent } from './change-looks.ts';

/**
 * Keeps the cursor on its line while the change that it is in is put back or taken out: for the
 * editor, it would be behind the new text then. Settles when the editor shows what is proposed now,
 * so that what follows finds its lines.
 */
export function keepCursor(core: Core, name: NamedChange): () => Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const spot = spotOf(undefined);
  if (editor === undefined || spot === null) return () => Promise.resolve();
  const changes = core.changes(name.proposalId);
  const at = changes === null ? null : changeAt(changes, spot);
  const isIn =
    spot.proposalId === name.proposalId &&
    at?.operation === name.operation &&
    at.change === name.change;
  const { document, selection } = editor;
  return async () => {
    if (!(await isShown(core, editor)) || !isIn) return;
    const line = Math.min(selection.active.line, document.lineCount - 1);
    const position = document.validatePosition(selection.active.with(line));
    editor.selection = new vscode.Selection(position, position);
  };
}

/** Waits until an editor shows what is proposed now; false if the user turned to something else. */
export async function isShown(core: Core, editor: vscode.TextEditor): Promise<boolean> {
  const { document } = editor;
  const isElsewhere = (): boolean =>
    document.isClosed || document.isDirty || vscode.window.activeTextEditor !== editor;
  await until(() => isElsewhere() || isCurrent(core, document.uri));
  return !isElsewhere();
}

/** Resolves once the editor has made a document so that this holds. */
async function until(isTrue: () => boolean): Promise<void> {
  if (isTrue()) return;
  const { onDidChangeTextDocument, onDidCloseTextDocument } = vscode.workspace;
  const { onDidChangeActiveTextEditor } = vscode.window;
  await new Promise<void>((done) => {
    const look = (): void => {
      if (!isTrue()) return;
      following.dispose();
      done();
    };
    const following = vscode.Disposable.from(
      onDidChangeTextDocument(look),
      onDidCloseTextDocument(look),
      onDidChangeActiveTextEditor(look),
    );
  });
}
