import * as vscode from 'vscode';
import { REVIEW_SCHEME } from '../shared/scheme.ts';
import type { Core } from '../threads/core.ts';
import { type ReviewText, reviewText } from '../threads/review-text.ts';
import { reviewedOf } from '../threads/reviewed.ts';
import type { NamedChange } from './change-at.ts';
import type { CoreHost } from './core-host.ts';
import { reviewedIn } from './proposal-uris.ts';
import { MIN_SIGHT, type ShownFiles } from './shown-files.ts';
import { followCursors, nameAt, stepIn } from './text-review-cursors.ts';
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

/** What a document shows. */
export interface Written extends ReviewText {
  readonly revision: number;
  readonly effectHash: string;
  /** When it came to show this effect instead of another one, in milliseconds. */
  readonly since: number;
}

export function createTextReviews({ host, shown }: TextReviewsDeps): TextReviews {
  const written = new Map<string, Written>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  /** What a document shows, unless it is about to show something else. */
  const shownIn = (document: vscode.TextDocument): Written | null => {
    const found = written.get(document.uri.toString());
    return found?.text === document.getText() ? found : null;
  };
  const cursors = followCursors(shownIn);
  const active = (): readonly [vscode.TextEditor, Written] | null => {
    const editor = vscode.window.activeTextEditor;
    const found = editor === undefined ? null : shownIn(editor.document);
    return editor === undefined || found === null ? null : [editor, found];
  };
  const write = (core: Core, uri: vscode.Uri): Written | null => {
    const key = uri.toString();
    const now = writtenOf(core, uri.authority, written.get(key));
    if (now !== null) written.set(key, now);
    return now;
  };
  const subscriptions: { dispose(): unknown }[] = [
    changed,
    cursors,
    vscode.workspace.registerTextDocumentContentProvider(REVIEW_SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => write(await host.open(), uri)?.text ?? GONE(),
    }),
    vscode.languages.registerCodeLensProvider(
      { scheme: REVIEW_SCHEME },
      {
        provideCodeLenses: (document) => {
          const found = shownIn(document);
          const core = host.loaded();
          return found === null || core === null
            ? []
            : [...reviewLenses(core, document.uri, found)];
        },
      },
    ),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      written.delete(uri.toString());
    }),
    // What is approved must be what stands there, and have stood there long enough to be seen.
    shown.alsoAsk((core, proposalId) =>
      documentsOf(proposalId).every((document) => {
        const now = shownIn(document);
        return (
          now?.effectHash === core.proposal(proposalId)?.shown?.effectHash &&
          performance.now() - (now?.since ?? 0) >= MIN_SIGHT
        );
      }),
    ),
  ];
  let following: { dispose(): void } | null = null;
  return {
    follow(core) {
      following?.dispose();
      following = core.threads.onEvent(({ event }) => {
        if (event.kind !== 'item' || event.item.kind !== 'tool' || !event.item.review) return;
        for (const { uri } of documentsOf(event.item.review.proposalId)) {
          cursors.keep(uri);
          changed.fire(uri);
        }
      });
    },
    async open(proposalId) {
      const core = await host.open();
      const document = await vscode.workspace.openTextDocument(uriOf(core, proposalId));
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
      if (found === null) return false;
      stepIn(...found, direction);
      return true;
    },
    dispose() {
      following?.dispose();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function writtenOf(core: Core, proposalId: string, before: Written | undefined): Written | null {
  const proposal = core.proposal(proposalId);
  const reviewed = reviewedOf(core, proposalId);
  if (proposal === null || reviewed === null) return null;
  const effectHash = proposal.shown?.effectHash ?? '';
  const isOther = before !== undefined && before.effectHash !== effectHash;
  const since = isOther ? performance.now() : (before?.since ?? -Infinity);
  return { ...reviewText(reviewed), effectHash, since, revision: proposal.proposedRevision };
}

function uriOf(core: Core, proposalId: string): vscode.Uri {
  const { review, title } = core.review(proposalId) ?? { review: null, title: '' };
  const [name = ''] = (review?.path || title).split('/').slice(-1);
  const path = `/${vscode.l10n.t('Review of {0}', name)}`;
  return vscode.Uri.from({ scheme: REVIEW_SCHEME, authority: proposalId, path });
}

function documentsOf(proposalId: string): readonly vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(
    ({ uri, isClosed }) => !isClosed && reviewedIn(uri) === proposalId,
  );
}

const GONE = (): string => vscode.l10n.t('This proposal does not exist any more.');
