import * as vscode from 'vscode';
import { REVIEW_SCHEME } from '../shared/scheme.ts';
import type { Core } from '../threads/core.ts';
import type { NamedChange } from './change-at.ts';
import type { CoreHost } from './core-host.ts';
import type { ShownFiles } from './shown-files.ts';
import { followCursors, nameAt, stepIn } from './text-review-cursors.ts';
import { type Written, serveWrittenDocuments } from './text-review-documents.ts';
import { reviewLenses } from './text-review-lenses.ts';

/** Proposals as plain text, each in a document that follows it while it is open. */
export interface TextReviews {
  follow(core: Core): void;
  open(proposalId: string): Promise<void>;
  /** The change that the cursor is in, if a document of ours is the active one; else null. */
  changeAtCursor(): NamedChange | null;
  /** Moves the cursor to another change; false if no document of ours is the active one. */
  step(direction: 'next' | 'previous'): boolean;
  dispose(): void;
}

export interface TextReviewsDeps {
  readonly host: CoreHost;
  readonly shown: ShownFiles;
}

export function createTextReviews({ host, shown }: TextReviewsDeps): TextReviews {
  const documents = serveWrittenDocuments(host, shown);
  const cursors = followCursors(documents);
  const lenses = vscode.languages.registerCodeLensProvider(
    { scheme: REVIEW_SCHEME },
    {
      provideCodeLenses(document) {
        const written = documents.shownIn(document);
        const core = host.loaded();
        if (written === null || core === null) return [];
        return [...reviewLenses(core, document.uri, written)];
      },
    },
  );
  const asking = shown.alsoAsk((core, proposalId) => documents.areLookedAt(core, proposalId));
  const active = (): readonly [vscode.TextEditor, Written] | null => {
    const editor = vscode.window.activeTextEditor;
    const written = editor === undefined ? null : documents.shownIn(editor.document);
    return editor === undefined || written === null ? null : [editor, written];
  };
  let following: { dispose(): void } | null = null;
  return {
    follow(core) {
      following?.dispose();
      following = core.threads.onEvent(({ event }) => {
        if (event.kind !== 'item' || event.item.kind !== 'tool' || !event.item.review) return;
        for (const { uri } of documents.of(event.item.review.proposalId)) {
          cursors.keep(uri);
          documents.refresh(uri);
        }
      });
    },
    async open(proposalId) {
      const uri = uriOf(await host.open(), proposalId);
      const document = await vscode.workspace.openTextDocument(uri);
      // Its colours fit: what goes, what comes.
      const coloured = await vscode.languages.setTextDocumentLanguage(document, 'diff');
      await vscode.window.showTextDocument(coloured);
    },
    changeAtCursor() {
      const found = active();
      return found === null ? null : nameAt(...found);
    },
    step(direction) {
      const found = active();
      if (found !== null) stepIn(...found, direction);
      return found !== null;
    },
    dispose() {
      for (const one of [documents, cursors, lenses, asking, following]) one?.dispose();
    },
  };
}

function uriOf(core: Core, proposalId: string): vscode.Uri {
  const { review, title } = core.review(proposalId) ?? { review: null, title: '' };
  const about = review === null || review.path === '' ? title : review.path;
  const [name = ''] = about.split('/').slice(-1);
  const path = `/${vscode.l10n.t('Review of {0}', name)}`;
  return vscode.Uri.from({ scheme: REVIEW_SCHEME, authority: proposalId, path });
}
