import * as vscode from 'vscode';
import type { ChangeView, FileChanges, ProposalChanges } from '../shared/change-view.ts';
import type { KeptOperation } from '../approval/proposal.ts';
import type { Core } from '../threads/core.ts';
import { type NamedChange, anchorOf } from './change-at.ts';
import { labelOf, literal, sizeOf, wantedOf } from './change-words.ts';
import { contentOf } from './proposal-content.ts';
import { fileUri, placeOf } from './proposal-uris.ts';
import { openDocument } from './shown-files.ts';

/** How the thread of a change is to look. */
export interface ThreadLook {
  readonly name: Required<NamedChange>;
  readonly uri: vscode.Uri;
  /** Counted from 0; the thread is below it. */
  readonly line: number;
  readonly label: string;
  readonly size: string;
  /** What else is said in it, as Markdown; '' for nothing. */
  readonly words: string;
  readonly comment: string;
  /** For the `when` clauses of its buttons. */
  readonly state: ChangeView['state'];
  /** False where there are so many that their threads would hide the text. */
  readonly expanded: boolean;
}

/** The most changes whose threads are all open at first. */
const MAX_EXPANDED = 60;
/** The most that have one: the editor keeps some listeners for each, and stalls at a thousand. */
const MAX_THREADS = 200;

/** One for each change of a file that is open; the last one there is room for says so. */
export function looksOf(core: Core, changes: ProposalChanges): readonly ThreadLook[] {
  const { proposalId, files, progress } = changes;
  const notice = core.review(proposalId)?.review.notice?.text ?? '';
  const operations = core.proposal(proposalId)?.operations ?? [];
  let number = 0;
  return files.flatMap((file) => {
    const uri = documentOf(operations[file.operation], proposalId, file);
    return file.changes.flatMap((change, place): ThreadLook[] => {
      number += 1;
      if (uri === null || number > MAX_THREADS) return [];
      const { operation } = file;
      return [
        {
          name: { proposalId, operation, change: change.change, key: change.key },
          uri,
          line: change.whole ? 0 : anchorOf(change.shown),
          label: labelOf(change, number, progress.total),
          size: sizeOf(change, file),
          words: wordsOf(change, [
            ...(place === 0 ? [notice] : []),
            ...(number === MAX_THREADS && progress.total > number ? [noMoreWords()] : []),
          ]),
          comment: change.comment,
          state: change.state,
          expanded: progress.total <= MAX_EXPANDED,
        },
      ];
    });
  });
}

/** False while the document shows something else than what is proposed: lines are not comparable. */
export function isCurrent(core: Core, uri: vscode.Uri): boolean {
  const place = placeOf(uri);
  const document = openDocument(uri);
  if (place === null || document === null || document.isDirty) return false;
  const text = contentOf(core, place)?.shown;
  return text !== undefined && withoutReturns(document.getText()) === withoutReturns(text);
}

/** The document of a file that is open: that of a deleted one may be the one of what it was. */
function documentOf(
  operation: KeptOperation | undefined,
  proposalId: string,
  file: FileChanges,
): vscode.Uri | null {
  if (operation === undefined) return null;
  const uris = (['new', 'base'] as const).map((side) =>
    fileUri(proposalId, side, file.operation, operation),
  );
  const sides = file.kind === 'delete' ? uris : uris.slice(0, 1);
  return sides.find((uri) => openDocument(uri) !== null) ?? null;
}

function noMoreWords(): string {
  return vscode.l10n.t(
    'Those that follow have no box: they are decided with the keys, the menu of a line, or in the other places.',
  );
}

function wordsOf(change: ChangeView, notices: readonly string[]): string {
  return [...notices.map(literal), wantedOf(change)].filter((words) => words !== '').join('\n\n');
}

function withoutReturns(text: string): string {
  return text.replaceAll(/\r\n?/gu, '\n');
}
