import * as vscode from 'vscode';
import type { NamedChange } from './change-at.ts';
import type { InlinePreview } from './inline-preview.ts';

type Direction = 'next' | 'previous';

/** The change that the cursor is at in a file that shows one: in its lines, or right before or after. */
export function changeAtLine(preview: InlinePreview): NamedChange | null {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return null;
  const { line } = editor.selection.active;
  const places = preview
    .shownIn(editor.document)
    .flatMap(({ proposalId, operation, preview: file }) => {
      const all = file.places.map(({ view, goes }) => ({ view, ...goes }));
      const whole = file.whole === null ? [] : [{ view: file.whole, start: 0, end: Infinity }];
      return [...all, ...whole].flatMap(({ view, start, end }) =>
        view === null
          ? []
          : [{ name: { proposalId, operation, change: view.change, key: view.key }, start, end }],
      );
    });
  const found =
    places.find(({ start, end }) => start <= line && line < end) ??
    places.find(({ start, end }) => start === end && (line === start || line === start - 1));
  return found?.name ?? null;
}

/** Puts the cursor to the next change that a file shows, or the one before, and around at the ends. */
export function stepInFile(preview: InlinePreview, direction: Direction): boolean {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return false;
  const last = editor.document.lineCount - 1;
  const lines = preview
    .shownIn(editor.document)
    .flatMap(({ preview: file }) => file.places.map(({ goes }) => Math.min(goes.start, last)))
    .sort((one, other) => one - other);
  const { line } = editor.selection.active;
  const found =
    direction === 'next'
      ? (lines.find((one) => one > line) ?? lines[0])
      : (lines.findLast((one) => one < line) ?? lines.at(-1));
  if (found === undefined) return false;
  const at = new vscode.Position(found, 0);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(
    new vscode.Range(at, at),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
  return true;
}
