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
  /** The same of a line behind which it is written what comes. */
  readonly replaced: vscode.TextEditorDecorationType;
  /** Of what comes, written behind a line. */
  readonly comes: vscode.TextEditorDecorationType;
}

export function createPreviewLooks(): PreviewLooks {
  let looks: Looks | null = null;
  const clear = (): void => {
    looks?.goes.dispose();
    looks?.replaced.dispose();
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
      const drawn = previews.flatMap((file) =>
        file.preview.places.map((place) => drawnOf(document, file, place)),
      );
      editor.setDecorations(
        looks.goes,
        drawn.flatMap(({ goes }) => goes),
      );
      editor.setDecorations(
        looks.replaced,
        drawn.flatMap(({ replaced }) => replaced),
      );
      editor.setDecorations(
        looks.comes,
        drawn.flatMap(({ comes }) => comes),
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
  const goes: vscode.DecorationRenderOptions = {
    backgroundColor: color('diffEditor.removedLineBackground'),
    ...border('removed', 'dashed'),
    overviewRulerColor: color('diffEditorOverview.removedForeground'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  };
  return {
    contrast,
    goes: vscode.window.createTextEditorDecorationType({ ...goes, isWholeLine: true }),
    replaced: vscode.window.createTextEditorDecorationType(goes),
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

type Drawn = Readonly<Record<'goes' | 'replaced' | 'comes', readonly vscode.DecorationOptions[]>>;

function drawnOf(document: vscode.TextDocument, file: PreviewedFile, place: PreviewPlace): Drawn {
  const { start, end } = place.goes;
  const hoverMessage = hoverOf(file, place);
  const lines = (from: number, to: number): readonly vscode.DecorationOptions[] =>
    from === to
      ? []
      : [
          {
            range: document.validateRange(new vscode.Range(from, 0, to - 1, Infinity)),
            hoverMessage,
          },
        ];
  if (place.comes === '') return { goes: lines(start, end), replaced: [], comes: [] };
  const replaces = end > start;
  const { range } = document.lineAt(Math.min(Math.max(end - 1, 0), document.lineCount - 1));
  const above = vscode.l10n.t('+ above this line: {0}', place.comes);
  const inserted = end === 0 ? above : `+ ${place.comes}`;
  const contentText = replaces ? `→ ${place.comes}` : inserted;
  const coming = {
    range: new vscode.Range(range.end, range.end),
    renderOptions: { after: { contentText } },
    // Over lines that go, there is a hover already.
    ...(replaces ? {} : { hoverMessage }),
  };
  const last = Math.max(start, end - 1);
  return { goes: lines(start, last), replaced: lines(last, end), comes: [coming] };
}
