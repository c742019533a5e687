import * as vscode from 'vscode';
import type { KeptOperation } from '../approval/proposal.ts';
import { PROPOSAL_SCHEME, REVIEW_SCHEME } from '../shared/scheme.ts';

/**
 * `base` is what the file was, `new` what it would be, where the user may type; `now` is the same
 * for reading only. `before` and `after` are these two however large they are, not to be compared;
 * and `arguments` are those of the tool call.
 */
export type Side = 'base' | 'new' | 'now' | 'before' | 'after' | 'arguments';

/** What a document of ours shows. */
export interface Place {
  readonly proposalId: string;
  readonly side: Side;
  /** The file by its place in the proposal, counted from 0; 0 for the arguments. */
  readonly operation: number;
  /** As the path in the address has it, with a slash before it. */
  readonly path: string;
}

export function fileUri(
  proposalId: string,
  side: Exclude<Side, 'arguments'>,
  operation: number,
  file: KeptOperation,
): vscode.Uri {
  const path = pathOf(side, file);
  return vscode.Uri.from({
    scheme: PROPOSAL_SCHEME,
    authority: proposalId,
    path,
    query: `${side}=${operation}`,
  });
}

export function argumentsUri(proposalId: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: PROPOSAL_SCHEME,
    authority: proposalId,
    path: '/arguments.json',
    query: 'arguments=0',
  });
}

/** The path by which a side of a file is named: the name at its end decides about colours. */
export function pathOf(side: Side, { displayPath, to }: KeptOperation): string {
  return `/${side === 'base' || side === 'before' ? displayPath : (to?.displayPath ?? displayPath)}`;
}

/** What a document shows, or null if it is not one of ours. */
export function placeOf({ scheme, authority, path, query }: vscode.Uri): Place | null {
  if (scheme !== PROPOSAL_SCHEME) return null;
  const [, side, operation] = /^(base|new|now|before|after|arguments)=(\d+)$/u.exec(query) ?? [];
  if (side === undefined || operation === undefined) return null;
  return { proposalId: authority, side: side as Side, operation: Number(operation), path };
}

/** The proposal that a document has as plain text, or null if it is no such document. */
export function reviewedIn({ scheme, authority }: vscode.Uri): string | null {
  return scheme === REVIEW_SCHEME ? authority : null;
}

/** The proposal that a document shows in whatever form; null if it shows none. */
export function shownAt(uri: vscode.Uri): string | null {
  return reviewedIn(uri) ?? placeOf(uri)?.proposalId ?? null;
}
