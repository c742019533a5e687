import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { changesOf } from '../workspace/changes.ts';
import type { Check, DocumentOutcome, OpenDocument } from '../workspace/port.ts';

/** How often a document may change while it is looked at. */
const MAX_TURNS = 5;

export function hasUnsavedChanges(realPath: string): boolean {
  return documentsOf(realPath).some(({ isDirty }) => isDirty);
}

export async function openDocument(realPath: string): Promise<OpenDocument | null> {
  const document = documentOf(realPath);
  if (document === null) return null;
  return { dirty: document.isDirty, bytes: await bytesOf(document) };
}

/**
 * Gives an open document these bytes and saves it. Only the lines that differ are touched, so that
 * cursors, folds and selections elsewhere stay.
 * @throws Error if the editor refuses; the document is then as it was, or has unsaved changes
 */
export async function replaceText(
  realPath: string,
  bytes: Uint8Array,
  check: Check,
): Promise<DocumentOutcome> {
  const found = await checkedAndSuited(realPath, bytes, check);
  if (found === null) return 'unsuited';
  const { document, text } = found;
  const name = vscode.workspace.asRelativePath(document.uri);
  if (!(await setText(document, text))) {
    throw new Error(vscode.l10n.t('The editor did not take the change of {0}.', name));
  }
  if (document.isDirty && !(await document.save())) {
    throw new Error(
      vscode.l10n.t('{0} has the change as unsaved text: the editor could not save it.', name),
    );
  }
  return 'saved';
}

/** Gives a document this text, as one step of its undo history; false if the editor refuses. */
export async function setText(document: vscode.TextDocument, text: string): Promise<boolean> {
  const edits = editsTo(document, text);
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, edits);
  return edits.length === 0 || vscode.workspace.applyEdit(edit);
}

/** True if the file has these bytes, and no document of it has others. */
export async function hasBytes(realPath: string, bytes: Uint8Array): Promise<boolean> {
  return !hasUnsavedChanges(realPath) && same(bytes, await bytesOnDisk(realPath));
}

/** A path without links in it; what does not exist is taken as it is written. */
export function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realPathOf(folder), basename(path));
  }
}

function documentsOf(realPath: string): readonly vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(
    ({ uri, isClosed }) =>
      !isClosed &&
      uri.scheme === 'file' &&
      (uri.fsPath === realPath || realPathOf(uri.fsPath) === realPath),
  );
}

/** Through links, one file may be open twice; what is not saved yet is what the user has. */
function documentOf(realPath: string): vscode.TextDocument | null {
  const documents = documentsOf(realPath);
  return documents.find(({ isDirty }) => isDirty) ?? documents[0] ?? null;
}

async function bytesOf(document: vscode.TextDocument): Promise<Uint8Array> {
  return vscode.workspace.encode(document.getText(), { encoding: document.encoding });
}

/** What was checked is what is changed: from the check on, nobody may have typed. */
async function checkedAndSuited(
  realPath: string,
  bytes: Uint8Array,
  check: Check,
): Promise<Suited | null> {
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const found = await suited(realPath, bytes);
    if (found === null) return null;
    const { document } = found;
    const { version, isDirty } = document;
    await check();
    const { isClosed } = document;
    if (!isClosed && document.version === version && document.isDirty === isDirty) return found;
  }
  throw new Error(
    vscode.l10n.t('{0} is changing in the editor.', vscode.workspace.asRelativePath(realPath)),
  );
}

interface Suited {
  readonly document: vscode.TextDocument;
  readonly text: string;
}

/** The open document that can hold exactly these bytes, and the text for it; or null. */
async function suited(realPath: string, bytes: Uint8Array): Promise<Suited | null> {
  const document = documentOf(realPath);
  if (document === null) return null;
  if (documentsOf(realPath).filter(({ isDirty }) => isDirty).length > 1) return null;
  // One that did not yet follow the disk could not be saved over it.
  if (!document.isDirty && !same(await bytesOf(document), await bytesOnDisk(realPath))) return null;
  const text = await textFor(document, bytes);
  return text === null || document.isClosed ? null : { document, text };
}

/** The text with which the document would be saved as exactly these bytes; null if there is none. */
async function textFor(document: vscode.TextDocument, bytes: Uint8Array): Promise<string | null> {
  const { encoding, eol } = document;
  try {
    const text = await vscode.workspace.decode(bytes, { encoding });
    if (text.replaceAll(/\r\n|\r|\n/gu, lineEnding(eol)) !== text) return null;
    // The editor takes these out of what is put into it (`editor.unusualLineTerminators`).
    if (/[\u2028\u2029]/u.test(text)) return null;
    return same(await vscode.workspace.encode(text, { encoding }), bytes) ? text : null;
  } catch {
    // Not text to the editor.
    return null;
  }
}

/** Line by line, by ranges in the document as it is now. */
function editsTo(document: vscode.TextDocument, text: string): vscode.TextEdit[] {
  return changesOf(document.getText(), text).map(({ oldStart, removed, added }) =>
    vscode.TextEdit.replace(
      document.validateRange(new vscode.Range(oldStart, 0, oldStart + removed.length, 0)),
      added.join(''),
    ),
  );
}

function lineEnding(eol: vscode.EndOfLine): string {
  return eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
}

async function bytesOnDisk(realPath: string): Promise<Uint8Array | null> {
  try {
    return await readFile(realPath);
  } catch {
    return null;
  }
}

function same(one: Uint8Array, other: Uint8Array | null): boolean {
  return other !== null && Buffer.compare(one, other) === 0;
}
