import * as vscode from 'vscode';
import type { FilePreview, PreviewPlace } from '../threads/file-preview.ts';
import type { PreviewedFile } from './preview-actions.ts';
import { hoverOf } from './preview-hover.ts';

/** What one proposal would make of a document. */
export interface Preview extends PreviewedFile {
  readonly preview: FilePreview;
}

/** Draws previews into editors. Takes up nothing until the first one is drawn. */
export interface PreviewLooks {
  draw(editor: vscode.TextEditor, previews: readonly Preview[]): void;
  /** Takes everything out of every editor. */
  clear(): void;
}

interface Looks {
  readonly contrast: boolean;
  /** Of lines that go. */
  readonly goes: vscode.TextEditorDecorationType;
  /** Of what comes, written behind a line. */
  readonly comes: vscode.TextEditorDecorationType;
}

export function createPreviewLooks(): PreviewLooks {
  let looks: Looks | null = null;
  const clear = (): void => {
    looks?.goes.dispose();
    looks?.comes.dispose();
    looks = null;
  };
  return {
    clear,
    draw(editor, previews) {
      if (looks === null && previews.every(({ preview }) => preview.places.length === 0)) return;
      const contrast = isHighContrast();
      if (looks !== null && looks.contrast !== contrast) clear();
      looks ??= createLooks(contrast);
      const { document } = editor;
      const places = previews.flatMap((file) =>
        file.preview.places.map((place) => ({ file, place })),
      );
      editor.setDecorations(
        looks.goes,
        places
          .filter(({ place: { goes } }) => goes.end > goes.start)
          .map(({ file, place }) => ({
            range: linesOf(document, place),
            hoverMessage: hoverOf(file, place),
          })),
      );
      editor.setDecorations(
        looks.comes,
        places
          .filter(({ place }) => place.comes !== '')
          .map(({ file, place }) => comingAt(document, file, place)),
      );
    },
  };
}

/** High contrast has no colours for the background of lines, and borders instead. */
function createLooks(contrast: boolean): Looks {
  const color = (id: string): vscode.ThemeColor => new vscode.ThemeColor(id);
  const border = (
    name: string,
    style: string,
  ): { border?: string; borderColor?: vscode.ThemeColor } =>
    contrast ? { border: `1px ${style}`, borderColor: color(`diffEditor.${name}TextBorder`) } : {};
  return {
    contrast,
    goes: vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: color('diffEditor.removedLineBackground'),
      ...border('removed', 'dashed'),
      overviewRulerColor: color('diffEditorOverview.removedForeground'),
      overviewRulerLane: vscode.OverviewRulerLane.Center,
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    }),
    comes: vscode.window.createTextEditorDecorationType({
      after: {
        margin: '0 0 0 1.5em',
        color: color('editor.foreground'),
        backgroundColor: color('diffEditor.insertedTextBackground'),
        ...border('inserted', 'solid'),
      },
      overviewRulerColor: color('diffEditorOverview.insertedForeground'),
      overviewRulerLane: vscode.OverviewRulerLane.Center,
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    }),
  };
}

function isHighContrast(): boolean {
  const { kind } = vscode.window.activeColorTheme;
  const { HighContrast, HighContrastLight } = vscode.ColorThemeKind;
  return kind === HighContrast || kind === HighContrastLight;
}

function linesOf(document: vscode.TextDocument, { goes }: PreviewPlace): vscode.Range {
  return document.validateRange(new vscode.Range(goes.start, 0, goes.end - 1, Infinity));
}

function comingAt(
  document: vscode.TextDocument,
  file: PreviewedFile,
  place: PreviewPlace,
): vscode.DecorationOptions {
  const { goes, comes } = place;
  const replaces = goes.end > goes.start;
  const first = goes.end === 0;
  const { range } = document.lineAt(Math.min(Math.max(goes.end - 1, 0), document.lineCount - 1));
  const above = vscode.l10n.t('+ above this line: {0}', comes);
  const contentText = replaces ? `→ ${comes}` : first ? above : `+ ${comes}`;
  return {
    range: new vscode.Range(range.end, range.end),
    renderOptions: { after: { contentText } },
    // Over lines that go, there is a hover already.
    ...(replaces ? {} : { hoverMessage: hoverOf(file, place) }),
  };
}
