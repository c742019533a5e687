import * as vscode from 'vscode';
import { REVIEW_SCHEME } from '../shared/scheme.ts';
import type { Core } from '../threads/core.ts';
import { type ReviewText, reviewText } from '../threads/review-text.ts';
import { reviewedOf } from '../threads/reviewed.ts';
import type { CoreHost } from './core-host.ts';
import { reviewedIn } from './proposal-uris.ts';
import { MIN_SIGHT, type ShownFiles } from './shown-files.ts';

/** What a document shows. */
export interface Written extends ReviewText {
  readonly effectHash: string;
  /** When it came to show this effect instead of another one, in milliseconds. */
  readonly since: number;
}

/** The read-only documents that have proposals as plain text. */
export interface WrittenDocuments {
  /** What a document shows; null if it is none of these, or about to show something else. */
  readonly shownIn: (document: vscode.TextDocument) => Written | null;
  of(proposalId: string): readonly vscode.TextDocument[];
  /** Has a document written anew. */
  refresh(uri: vscode.Uri): void;
  /**
   * True if every one that is in sight shows a proposal as it stands, and has done so for long enough
   * to be seen.
   */
  areLookedAt(core: Core, proposalId: string): boolean;
  dispose(): void;
}

export function serveWrittenDocuments(
  host: CoreHost,
  shown: Pick<ShownFiles, 'isTurnedByUser'>,
): WrittenDocuments {
  const written = new Map<string, Written>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const write = (core: Core, uri: vscode.Uri): string => {
    const key = uri.toString();
    const now = writtenOf(core, uri.authority, written.get(key));
    if (now !== null) written.set(key, now);
    return now?.text ?? vscode.l10n.t('This proposal does not exist any more.');
  };
  const shownIn = (document: vscode.TextDocument): Written | null => {
    const found = written.get(document.uri.toString());
    return found?.text === document.getText() ? found : null;
  };
  const subscriptions = vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(REVIEW_SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => write(await host.open(), uri),
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri, isClosed }) => {
      // One that is given another language is said to be closed, too.
      if (isClosed) written.delete(uri.toString());
    }),
  );
  return {
    shownIn,
    of: (proposalId) =>
      vscode.workspace.textDocuments.filter(
        ({ uri, isClosed }) => !isClosed && reviewedIn(uri) === proposalId,
      ),
    refresh(uri) {
      changed.fire(uri);
    },
    areLookedAt: (core, proposalId) =>
      vscode.window.visibleTextEditors
        .filter(({ document }) => reviewedIn(document.uri) === proposalId)
        .every(({ document }) => {
          const { effectHash, since } = shownIn(document) ?? { effectHash: null, since: 0 };
          const isNow = effectHash === core.proposal(proposalId)?.shown?.effectHash;
          const isLongEnough = performance.now() - since >= MIN_SIGHT;
          return isNow && (isLongEnough || shown.isTurnedByUser(core, proposalId));
        }),
    dispose() {
      subscriptions.dispose();
      written.clear();
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
  return { ...reviewText(reviewed), effectHash, since };
}
