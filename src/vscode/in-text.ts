import { config as configureL10n } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import type { NamedChange } from './change-at.ts';
import { InlinePreview } from './inline-preview.ts';
import { type ChangeAtLine, changesAtLine, stepInFile } from './preview-cursor.ts';
import { type TextReviewsDeps, createTextReviews } from './text-reviews.ts';

export { compareRejected } from './since-rejected.ts';

/** Where proposals are shown in text: in the files themselves, and written out. */
export interface InText {
  /** Shows what waits there. */
  follow(core: Core): void;
  /** Writes a proposal out, and shows that. */
  writeOut(proposalId: string): Promise<void>;
  /** The change at the cursor, where the active editor is such a text; else null. */
  changeAtCursor(): NamedChange | null;
  /** The same; where several proposals have one there, the user says which. Undefined: none of them. */
  chooseAtCursor(): Promise<NamedChange | null | undefined>;
  /** The proposal that the active editor's file shows, wherever the cursor is in it; else null. */
  shownInFile(): string | null;
  /** Goes to another change; false if the active editor is no such text. */
  step(direction: 'next' | 'previous'): boolean;
  dispose(): void;
}

export interface InTextDeps extends TextReviewsDeps {
  readonly onError: (error: unknown) => void;
}

/** A bundle of its own, loaded with the core: an editor that nothing waits in does without. */
export function createInText(deps: InTextDeps): InText {
  configureL10n({ contents: vscode.l10n.bundle ?? {} });
  const texts = createTextReviews(deps);
  let preview: InlinePreview | null = null;
  const changesAtCursor = (): readonly ChangeAtLine[] => {
    const written = texts.changeAtCursor();
    if (written !== null) return [{ name: written, label: '' }];
    return preview === null ? [] : changesAtLine(preview);
  };
  return {
    follow(core) {
      preview?.dispose();
      preview = new InlinePreview(core, deps.onError);
      texts.follow(core);
    },
    writeOut: (proposalId) => texts.open(proposalId),
    changeAtCursor: () => changesAtCursor()[0]?.name ?? null,
    async chooseAtCursor() {
      const [only, ...others] = changesAtCursor();
      if (only === undefined || others.length === 0) return only?.name ?? null;
      const title = vscode.l10n.t('Several proposals change this. Which one?');
      return (await vscode.window.showQuickPick([only, ...others], { title }))?.name;
    },
    shownInFile() {
      const document = vscode.window.activeTextEditor?.document;
      return (document && preview?.shownIn(document)[0]?.proposalId) ?? null;
    },
    step: (direction) =>
      texts.step(direction) || (preview !== null && stepInFile(preview, direction)),
    dispose() {
      preview?.dispose();
      texts.dispose();
    },
  };
}
