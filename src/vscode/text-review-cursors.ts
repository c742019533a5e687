import * as vscode from 'vscode';
import type { TextPlace } from '../threads/review-text.ts';
import type { NamedChange } from './change-at.ts';
import type { Written, WrittenDocuments } from './text-review-documents.ts';

/** Keeps cursors where they are, seen from the change that they are in, while the text changes. */
export interface Cursors {
  /** The document is about to be written anew. */
  keep(uri: vscode.Uri): void;
  dispose(): void;
}

interface Kept {
  readonly place: TextPlace | null;
  readonly selection: vscode.Selection;
}

export function followCursors({ shownIn }: Pick<WrittenDocuments, 'shownIn'>): Cursors {
  const kept = new Map<vscode.TextEditor, Kept>();
  const changes = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    const now = editorsOf(document.uri).some((editor) => kept.has(editor))
      ? shownIn(document)
      : null;
    for (const editor of now === null ? [] : editorsOf(document.uri)) {
      const cursor = kept.get(editor);
      kept.delete(editor);
      if (cursor === undefined || now === null) continue;
      const selection = moved(cursor, now.places);
      if (!editor.selection.isEqual(selection)) editor.selection = selection;
    }
  });
  return {
    keep(uri) {
      for (const editor of editorsOf(uri)) {
        const now = shownIn(editor.document);
        if (now === null) continue;
        const { selection } = editor;
        kept.set(editor, { place: placeAt(now.places, selection.active.line), selection });
      }
    },
    dispose() {
      changes.dispose();
      kept.clear();
    },
  };
}

/** The change at the cursor, as commands are told of it. */
export function nameAt(
  { document, selection }: vscode.TextEditor,
  { places }: Written,
): NamedChange | null {
  const place = placeAt(places, selection.active.line);
  if (place === null) return null;
  const { operation, change, key } = place.view;
  return { proposalId: document.uri.authority, operation, change, key };
}

/** Puts the cursor on the heading of the next change or the one before; stays at the ends. */
export function stepIn(
  editor: vscode.TextEditor,
  { places }: Written,
  direction: 'next' | 'previous',
): void {
  const { line } = editor.selection.active;
  const found =
    direction === 'next'
      ? places.find(({ start }) => start > line)
      : places.findLast(({ start }) => start < line);
  if (found === undefined) return;
  const at = new vscode.Position(found.start, 0);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(
    new vscode.Range(found.start, 0, found.end - 1, 0),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

function placeAt(places: readonly TextPlace[], line: number): TextPlace | null {
  return places.find(({ start, end }) => start <= line && line < end) ?? null;
}

function moved({ place, selection }: Kept, places: readonly TextPlace[]): vscode.Selection {
  const now = places.find(
    ({ view }) => view.operation === place?.view.operation && view.change === place.view.change,
  );
  if (place === null || now === undefined) return selection;
  const shift = ({ line, character }: vscode.Position): vscode.Position =>
    new vscode.Position(
      Math.max(0, Math.min(line - place.start, now.end - 1 - now.start) + now.start),
      character,
    );
  return new vscode.Selection(shift(selection.anchor), shift(selection.active));
}

function editorsOf(uri: vscode.Uri): readonly vscode.TextEditor[] {
  const address = uri.toString();
  return vscode.window.visibleTextEditors.filter(
    ({ document }) => document.uri.toString() === address,
  );
}
