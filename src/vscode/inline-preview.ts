import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import { filePreview, stalePreview } from '../threads/file-preview.ts';
import { CONTEXT_KEYS } from './ids.ts';
import { realPathOf } from './open-documents.ts';
import { createPause } from './pause.ts';
import { lensesOf } from './preview-lenses.ts';
import { type Preview, createPreviewLooks } from './preview-looks.ts';
import { type WaitingFile, followWaiting } from './waiting-proposals.ts';

/** How long after a key in a file it is compared with what a proposal was made for, in milliseconds. */
const WAIT = 300;

/** Shows in the files themselves what the proposals that wait would make of them. */
export interface InlinePreview {
  /** What is shown in a document now. */
  shownIn(document: vscode.TextDocument): readonly Preview[];
  dispose(): void;
}

/** Changes no text, opens nothing, moves no focus, and does nothing while nothing waits. */
export function createInlinePreview(core: Core, onError: (error: unknown) => void): InlinePreview {
  const shown = new Map<vscode.TextDocument, readonly Preview[]>();
  const turns = new WeakMap<vscode.TextDocument, number>();
  const looks = createPreviewLooks();
  const lensesChanged = new vscode.EventEmitter<void>();
  let watching: vscode.Disposable | null = null;

  const draw = (document: vscode.TextDocument): void => {
    for (const editor of fileEditors()) {
      if (editor.document === document) looks.draw(editor, shown.get(document) ?? []);
    }
  };
  const look = async (document: vscode.TextDocument): Promise<void> => {
    const turn = (turns.get(document) ?? 0) + 1;
    turns.set(document, turn);
    const files = waiting.of(realPathOf(document.uri.fsPath));
    if (files.length === 0 && !shown.has(document)) return;
    const previews = files.length === 0 ? [] : await previewsIn(document, files);
    if (turns.get(document) !== turn || watching === null || document.isClosed) return;
    if (previews.length === 0) shown.delete(document);
    else shown.set(document, previews);
    draw(document);
    lensesChanged.fire();
    tellActive(shown);
  };
  const lookAtAll = (): void => {
    const documents = new Set(fileEditors().map(({ document }) => document));
    for (const document of shown.keys()) if (document.isClosed) shown.delete(document);
    for (const document of documents) look(document).catch(onError);
  };
  const watch = (): vscode.Disposable => {
    const typed = createTyped((document) => {
      look(document).catch(onError);
    });
    return vscode.Disposable.from(
      typed,
      vscode.languages.registerCodeLensProvider(
        { scheme: 'file' },
        {
          onDidChangeCodeLenses: lensesChanged.event,
          provideCodeLenses: (document) => [
            ...lensesOf(shown.get(document) ?? [], document.lineCount),
          ],
        },
      ),
      vscode.window.onDidChangeVisibleTextEditors(lookAtAll),
      vscode.window.onDidChangeActiveTextEditor(() => {
        tellActive(shown);
      }),
      vscode.window.onDidChangeActiveColorTheme(() => {
        for (const document of shown.keys()) draw(document);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (shown.has(document)) look(document).catch(onError);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && shown.has(document)) typed.in(document);
      }),
    );
  };
  const rest = (): void => {
    watching?.dispose();
    watching = null;
    looks.clear();
    shown.clear();
    lensesChanged.fire();
    tellActive(shown);
  };
  const waiting = followWaiting(core, () => {
    if (waiting.isEmpty) {
      if (watching !== null) rest();
      return;
    }
    watching ??= watch();
    lookAtAll();
  });
  return {
    shownIn: (document) => shown.get(document) ?? [],
    dispose() {
      waiting.dispose();
      rest();
      lensesChanged.dispose();
    },
  };
}

/** Editors that are a file's own; those of a diff have no column. */
function fileEditors(): readonly vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(
    ({ document, viewColumn }) => document.uri.scheme === 'file' && viewColumn !== undefined,
  );
}

/** Looks at documents while they are typed in, but not at every key. */
function createTyped(look: (document: vscode.TextDocument) => void): {
  in(document: vscode.TextDocument): void;
  dispose(): void;
} {
  const waiting = new Map<string, vscode.TextDocument>();
  const pause = createPause(WAIT, (key) => {
    const document = waiting.get(key);
    waiting.delete(key);
    if (document !== undefined) look(document);
  });
  return {
    in(document) {
      const key = document.uri.toString();
      if (waiting.has(key)) return;
      waiting.set(key, document);
      pause.soon(key);
    },
    dispose: () => {
      pause.dispose();
    },
  };
}

async function previewsIn(
  document: vscode.TextDocument,
  files: readonly WaitingFile[],
): Promise<readonly Preview[]> {
  const bytes = document.isDirty ? null : await bytesOnDisk(document.uri.fsPath);
  const text = withPlainEnds(document.getText());
  return files.map((waiting) => {
    const { proposalId, revision, base, texts, file } = waiting;
    const isBase =
      base !== null &&
      (bytes === null || Buffer.compare(bytes, base) === 0) &&
      (texts === null || withPlainEnds(texts.base) === text);
    const previewed = { ...waiting, several: files.length > 1 };
    const preview = isBase ? filePreview(previewed) : stalePreview(previewed);
    return { proposalId, revision, operation: file.operation, preview };
  });
}

/** A document of the editor has but one kind of line ending. */
function withPlainEnds(text: string): string {
  return text.replaceAll(/\r\n?/gu, '\n');
}

async function bytesOnDisk(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch {
    return new Uint8Array();
  }
}

function tellActive(shown: ReadonlyMap<vscode.TextDocument, readonly Preview[]>): void {
  const document = vscode.window.activeTextEditor?.document;
  const previews = document === undefined ? [] : (shown.get(document) ?? []);
  const isActive = previews.some(({ preview }) => preview.places.length > 0);
  void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.previewActive, isActive);
}
