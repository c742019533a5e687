import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { sha256 } from '../checkpoint/blobs.ts';
import type { Core } from '../threads/core.ts';
import { filePreview, stalePreview } from '../threads/file-preview.ts';
import { CONTEXT_KEYS } from './ids.ts';
import { realPathOf } from './open-documents.ts';
import { createPause } from './pause.ts';
import { lensesOf } from './preview-lenses.ts';
import { type Preview, createPreviewLooks } from './preview-looks.ts';
import { type WaitingFile, type WaitingProposals, followWaiting } from './waiting-proposals.ts';

/** How long after a key in a file it is compared with what a proposal was made for, in milliseconds. */
const WAIT = 300;

/**
 * Shows in the files themselves what the proposals that wait would make of them. Changes no text,
 * opens nothing, moves no focus, and does nothing while nothing waits.
 */
export class InlinePreview {
  readonly #onError: (error: unknown) => void;
  readonly #shown = new Map<vscode.TextDocument, readonly Preview[]>();
  readonly #turns = new WeakMap<vscode.TextDocument, number>();
  readonly #looks = createPreviewLooks();
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  readonly #waiting: WaitingProposals;
  #watching: vscode.Disposable | null = null;

  constructor(core: Core, onError: (error: unknown) => void) {
    this.#onError = onError;
    const follow = (): void => {
      if (!this.#waiting.isEmpty) {
        this.#watching ??= this.#watch();
        this.#lookAtAll();
      } else if (this.#watching !== null) this.#rest();
    };
    this.#waiting = followWaiting(core, follow, onError);
  }

  /** What is shown in a document now. */
  shownIn(document: vscode.TextDocument): readonly Preview[] {
    return this.#shown.get(document) ?? [];
  }

  dispose(): void {
    this.#waiting.dispose();
    this.#rest();
    this.#lensesChanged.dispose();
  }

  #watch(): vscode.Disposable {
    const lookIfShown = (document: vscode.TextDocument): void => {
      if (this.#shown.has(document)) this.#look(document).catch(this.#onError);
    };
    return vscode.Disposable.from(
      provideLenses(this.#shown, this.#lensesChanged.event),
      followTyping((document) => this.#shown.has(document), lookIfShown),
      vscode.workspace.onDidSaveTextDocument(lookIfShown),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.#lookAtAll();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        tellActive(this.#shown);
      }),
      vscode.window.onDidChangeActiveColorTheme(() => {
        for (const document of this.#shown.keys()) this.#draw(document);
      }),
    );
  }

  #rest(): void {
    this.#watching?.dispose();
    this.#watching = null;
    this.#looks.clear();
    this.#shown.clear();
    this.#lensesChanged.fire();
    tellActive(this.#shown);
  }

  #lookAtAll(): void {
    for (const document of this.#shown.keys()) if (document.isClosed) this.#shown.delete(document);
    for (const document of new Set(fileEditors().map((editor) => editor.document))) {
      this.#look(document).catch(this.#onError);
    }
  }

  async #look(document: vscode.TextDocument): Promise<void> {
    const turn = (this.#turns.get(document) ?? 0) + 1;
    this.#turns.set(document, turn);
    const files = this.#waiting.of(realPathOf(document.uri.fsPath));
    if (files.length === 0 && !this.#shown.has(document)) return;
    const previews = files.length === 0 ? [] : await previewsIn(document, files);
    if (this.#turns.get(document) !== turn || this.#watching === null || document.isClosed) return;
    if (previews.length === 0) this.#shown.delete(document);
    else this.#shown.set(document, previews);
    this.#draw(document);
    this.#lensesChanged.fire();
    tellActive(this.#shown);
  }

  #draw(document: vscode.TextDocument): void {
    for (const editor of fileEditors()) {
      if (editor.document === document) this.#looks.draw(editor, this.shownIn(document));
    }
  }
}

/** Editors that are a file's own; those of a diff have no column. */
function fileEditors(): readonly vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(
    ({ document, viewColumn }) => document.uri.scheme === 'file' && viewColumn !== undefined,
  );
}

type Shown = ReadonlyMap<vscode.TextDocument, readonly Preview[]>;

function provideLenses(shown: Shown, onDidChangeCodeLenses: vscode.Event<void>): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(
    { scheme: 'file' },
    {
      onDidChangeCodeLenses,
      provideCodeLenses: (document) => [...lensesOf(shown.get(document) ?? [], document.lineCount)],
    },
  );
}

/** Looks at documents while they are typed in, but not at every key. */
function followTyping(
  isShown: (document: vscode.TextDocument) => boolean,
  look: (document: vscode.TextDocument) => void,
): vscode.Disposable {
  const typed = new Map<string, vscode.TextDocument>();
  const pause = createPause(WAIT, (key) => {
    const document = typed.get(key);
    typed.delete(key);
    if (document !== undefined) look(document);
  });
  const changes = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    const key = document.uri.toString();
    if (contentChanges.length === 0 || !isShown(document) || typed.has(key)) return;
    typed.set(key, document);
    pause.soon(key);
  });
  return vscode.Disposable.from(pause, changes);
}

async function previewsIn(
  document: vscode.TextDocument,
  files: readonly WaitingFile[],
): Promise<readonly Preview[]> {
  const bytes = document.isDirty ? null : await bytesOnDisk(document.uri.fsPath);
  const text = withPlainEnds(document.getText());
  return files.map((waiting) => {
    const { proposalId, base, texts, file } = waiting;
    const isBase =
      base !== null &&
      (bytes === null || sha256(bytes) === base) &&
      (texts === null || withPlainEnds(texts.base) === text);
    const previewed = { ...waiting, several: files.length > 1 };
    const preview = isBase ? filePreview(previewed) : stalePreview(previewed);
    return { proposalId, operation: file.operation, preview };
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

function tellActive(shown: Shown): void {
  const document = vscode.window.activeTextEditor?.document;
  const previews = document === undefined ? [] : (shown.get(document) ?? []);
  const isActive = previews.some(({ preview }) => preview.places.length > 0);
  void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.previewActive, isActive);
}
