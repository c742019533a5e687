import * as vscode from 'vscode';
import type {
  ChangePlace,
  ChangeView,
  FileChanges,
  LineRange,
  ProposalChanges,
} from '../shared/change-view.ts';
import type { Core } from '../threads/core.ts';
import { placeOf } from './proposal-uris.ts';

/** One change of a proposal, as commands are told of it. */
export interface NamedChange extends ChangePlace {
  readonly proposalId: string;
}

/** A place in a file of a proposal: lines of one side of it. */
export interface Spot {
  readonly proposalId: string;
  readonly operation: number;
  readonly side: 'base' | 'shown';
  /** Counted from 0; more than one line if they are selected. */
  readonly lines: LineRange;
  /** The document that they are in. */
  readonly uri: vscode.Uri;
}

/** Knows the changes behind comment threads and comments, which menus give to commands. */
export interface ThreadNames {
  nameOf(threadOrComment: unknown): NamedChange | null;
}

/** The change that a command was called on by name, by its thread, or by a comment in that. */
export function namedBy(argument: unknown, threads: ThreadNames): NamedChange | null {
  if (typeof argument !== 'object' || argument === null) return null;
  const { proposalId, operation, change, key } = argument as Partial<Record<string, unknown>>;
  if (typeof proposalId === 'string' && Number.isInteger(operation) && Number.isInteger(change)) {
    const name = { proposalId, operation: Number(operation), change: Number(change) };
    return typeof key === 'string' ? { ...name, key } : name;
  }
  return threads.nameOf('thread' in argument ? argument.thread : argument);
}

/** Where the cursor is, or the line whose number a menu was opened on. */
export function spotOf(argument: unknown): Spot | null {
  const editor = vscode.window.activeTextEditor;
  const onLine = lineOf(argument);
  const uri = onLine?.uri ?? editor?.document.uri;
  if (uri === undefined) return null;
  const place = placeOf(uri);
  if (place === null || place.side === 'arguments') return null;
  const { proposalId, operation } = place;
  const side = place.side === 'base' ? 'base' : 'shown';
  if (onLine !== null) {
    const start = onLine.lineNumber - 1;
    return { proposalId, operation, side, lines: { start, end: start + 1 }, uri };
  }
  const selection = editor?.selection ?? new vscode.Selection(0, 0, 0, 0);
  return { proposalId, operation, side, lines: linesOf(selection), uri };
}

/** The change that a spot is in, with its file; null where the texts do not differ. */
export function changeAt(
  changes: ProposalChanges,
  { operation, side, lines }: Spot,
): ChangeView | null {
  const file = fileOf(changes, operation);
  const only = file?.changes.length === 1 ? file.changes[0] : undefined;
  if (file === undefined || only?.whole === true) return only ?? null;
  const line = lines.start;
  return (
    file.changes.find((one) => one[side].start <= line && line < one[side].end) ??
    file.changes.find((one) => isEmpty(one[side]) && anchorOf(one[side]) === line) ??
    file.changes.find((one) => isEmpty(one[side]) && one[side].start === line) ??
    // Where the cursor was before the lines were put back that the agent wanted to take out.
    file.changes.find((one) => isPutBack(one) && one[side].start === line + 1) ??
    null
  );
}

export function fileOf({ files }: ProposalChanges, operation: number): FileChanges | undefined {
  return files.find((file) => file.operation === operation);
}

export function changeBy(core: Core, name: NamedChange): ChangeView | null {
  const changes = core.changes(name.proposalId);
  return changes === null ? null : changeIn(changes, name);
}

/** By what it is, wherever it is by now; by its place if that is not said. */
export function changeIn(
  { files }: ProposalChanges,
  { operation, change, key }: ChangePlace,
): ChangeView | null {
  const isIt = (one: ChangeView): boolean =>
    key === undefined ? one.operation === operation && one.change === change : one.key === key;
  return files.flatMap((file) => file.changes).find(isIt) ?? null;
}

/** The line that stands for a place: its last one, or, between two lines, the one before. */
export function anchorOf({ end }: LineRange): number {
  return Math.max(end - 1, 0);
}

function isPutBack({ state, added }: ChangeView): boolean {
  return state === 'rejected' && added.length === 0;
}

function isEmpty({ start, end }: LineRange): boolean {
  return start === end;
}

/** A selection that ends before the first character of a line does not reach into it. */
function linesOf({ start, end, isEmpty: nothing }: vscode.Selection): LineRange {
  const last = !nothing && end.character === 0 ? end.line : end.line + 1;
  return { start: start.line, end: last };
}

function lineOf(
  argument: unknown,
): { readonly uri: vscode.Uri; readonly lineNumber: number } | null {
  if (typeof argument !== 'object' || argument === null) return null;
  const { uri, lineNumber } = argument as Partial<Record<string, unknown>>;
  return uri instanceof vscode.Uri && typeof lineNumber === 'number' ? { uri, lineNumber } : null;
}
