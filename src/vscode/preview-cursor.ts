import * as vscode from 'vscode';
import type { NamedChange } from './change-at.ts';
import type { InlinePreview } from './inline-preview.ts';
import type { Preview } from './preview-looks.ts';

type Direction = 'next' | 'previous';

/** A change of a proposal, with what is said of it. */
export interface ChangeAtLine {
  readonly name: NamedChange;
  readonly label: string;
}

/**
 * The change that the cursor is at in a file that shows one: in its lines, or right before or after;
 * of each proposal that has one there.
 */
export function changesAtLine(preview: InlinePreview): readonly ChangeAtLine[] {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return [];
  const { line } = editor.selection.active;
  return preview.shownIn(editor.document).flatMap((one) => changeIn(one, line) ?? []);
}

function changeIn(
  { proposalId, operation, preview: { whole, title, places } }: Preview,
  line: number,
): ChangeAtLine | null {
  const all = [
    ...places.map(({ view, goes, label }) => ({ view, label, ...goes })),
    ...(whole === null ? [] : [{ view: whole, label: title, start: 0, end: Infinity }]),
  ];
  const { view = null, label = '' } =
    all.find(({ view: known, start, end }) => known !== null && start <= line && line < end) ??
    all.find(
      ({ view: known, start, end }) =>
        known !== null && start === end && (line === start || line === start - 1),
    ) ??
    {};
  if (view === null) return null;
  return { name: { proposalId, operation, change: view.change, key: view.key }, label };
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
