import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import { type NamedChange, changeAt, spotOf } from './change-at.ts';
import { isCurrent } from './change-looks.ts';

/** How long to wait for the editor to show another text, in milliseconds. */
const PATIENCE = 2000;

/**
 * Keeps the cursor on its line while the change that it is in is put back or taken out: for the
 * editor, it would be behind the new text then.
 */
export function keepCursor(core: Core, name: NamedChange): () => Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const spot = spotOf(undefined);
  const changes = core.changes(name.proposalId);
  const at = spot === null || changes === null ? null : changeAt(changes, spot);
  const isIn =
    spot?.proposalId === name.proposalId &&
    at?.operation === name.operation &&
    at.change === name.change;
  if (editor === undefined || spot === null || !isIn) return () => Promise.resolve();
  const { document, selection } = editor;
  return async () => {
    await until(() => document.isClosed || isCurrent(core, document.uri));
    if (document.isClosed) return;
    const line = Math.min(selection.active.line, document.lineCount - 1);
    const position = document.validatePosition(selection.active.with(line));
    editor.selection = new vscode.Selection(position, position);
  };
}

/** Resolves once a document changed so that this holds, or after a while. */
async function until(isTrue: () => boolean): Promise<void> {
  if (isTrue()) return;
  await new Promise<void>((done) => {
    const end = (): void => {
      clearTimeout(timer);
      following.dispose();
      done();
    };
    const timer = setTimeout(end, PATIENCE);
    const following = vscode.workspace.onDidChangeTextDocument(() => {
      if (isTrue()) end();
    });
  });
}
