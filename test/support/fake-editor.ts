import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type {
  Check,
  DocumentOutcome,
  EditorState,
  OpenDocument,
  WorkspaceFolder,
} from '../../src/workspace/port.ts';

/** Changes what is saved, as a formatter does; answers the text with the document's line ending. */
type OnSave = (text: string, realPath: string) => string;

interface Document {
  readonly bom: boolean;
  readonly eol: string;
  text: string;
  /** The text that was read or saved last. */
  savedText: string;
  /** The bytes on the disk as they were read or written last. */
  diskBytes: Buffer;
  readonly undoStack: string[];
}

const BOM = '\uFEFF';

/**
 * A small editor that keeps to what VS Code does: a document holds text with one kind of line
 * ending, one that is not dirty follows the disk, and saving writes the file in place, unless it
 * changed on the disk since it was read.
 */
export class FakeEditor implements EditorState {
  isTrusted = true;
  /** How the editor takes a change: false is what VS Code answers for one that it does not make. */
  applyEdit: 'works' | 'answers false' | 'throws' = 'works';
  /** What saving answers. */
  canSave = true;
  onSave: OnSave | null = null;
  /** A folder to move removed files to; none: there is no trash. */
  trash: string | null = null;
  readonly #folders: readonly WorkspaceFolder[];
  readonly #documents = new Map<string, Document>();

  constructor(folders: readonly WorkspaceFolder[] = []) {
    this.#folders = folders;
  }

  folders(): readonly WorkspaceFolder[] {
    return this.#folders;
  }

  trusted(): boolean {
    return this.isTrusted;
  }

  hasUnsavedChanges(realPath: string): boolean {
    const document = this.#documents.get(realPath);
    return document !== undefined && isDirty(document);
  }

  document(realPath: string): Promise<OpenDocument | null> {
    const document = this.#upToDate(realPath);
    return Promise.resolve(
      document === null ? null : { dirty: isDirty(document), bytes: bytesOf(document) },
    );
  }

  async replaceText(realPath: string, bytes: Uint8Array, check: Check): Promise<DocumentOutcome> {
    const open = this.#upToDate(realPath);
    if (open === null || textFor(open, bytes) === null) return 'unsuited';
    await check();
    const document = this.#existing(realPath);
    const text = textFor(document, bytes);
    if (text === null) return 'unsuited';
    if (this.applyEdit === 'throws') throw new Error('The editor threw at the change');
    if (this.applyEdit === 'answers false') throw new Error('The editor refused the change');
    change(document, text);
    this.save(realPath);
    return 'saved';
  }

  moveToTrash(realPath: string): Promise<boolean> {
    if (this.trash === null) return Promise.resolve(false);
    renameSync(realPath, join(this.trash, basename(realPath)));
    return Promise.resolve(true);
  }

  open(realPath: string): void {
    this.#documents.set(realPath, read(realPath));
  }

  close(realPath: string): void {
    this.#documents.delete(realPath);
  }

  /** The text of an open document. */
  textOf(realPath: string): string {
    return this.#existing(realPath).text;
  }

  /** Gives an open document this text, as its user would by typing. */
  type(realPath: string, text: string): void {
    change(this.#existing(realPath), text);
  }

  undo(realPath: string): void {
    const document = this.#existing(realPath);
    const before = document.undoStack.pop();
    if (before === undefined) throw new Error(`Nothing to undo in ${realPath}`);
    document.text = before;
  }

  save(realPath: string): void {
    const document = this.#existing(realPath);
    const onDisk = readFileSync(realPath);
    if (!this.canSave) throw new Error(`The editor could not save ${realPath}`);
    if (!onDisk.equals(document.diskBytes)) {
      throw new Error(`${realPath} changed on the disk since it was opened`);
    }
    if (this.onSave !== null) document.text = this.onSave(document.text, realPath);
    const bytes = bytesOf(document);
    writeFileSync(realPath, bytes);
    document.diskBytes = bytes;
    document.savedText = document.text;
  }

  /** A document without unsaved changes follows the disk; one whose file is gone stays. */
  #upToDate(realPath: string): Document | null {
    const document = this.#documents.get(realPath);
    if (document === undefined) return null;
    if (isDirty(document)) return document;
    try {
      if (!readFileSync(realPath).equals(document.diskBytes)) {
        this.#documents.set(realPath, { ...read(realPath), undoStack: document.undoStack });
      }
    } catch {
      return document;
    }
    return this.#existing(realPath);
  }

  #existing(realPath: string): Document {
    const document = this.#documents.get(realPath);
    if (document === undefined) throw new Error(`${realPath} is not open`);
    return document;
  }
}

function read(realPath: string): Document {
  const diskBytes = readFileSync(realPath);
  const decoded = diskBytes.toString('utf8');
  const bom = decoded.startsWith(BOM);
  const raw = bom ? decoded.slice(1) : decoded;
  const crlf = raw.split('\r\n').length - 1;
  const eol = crlf * 2 > raw.split('\n').length - 1 ? '\r\n' : '\n';
  const text = withEol(raw, eol);
  return { bom, eol, text, savedText: text, diskBytes, undoStack: [] };
}

/** The text with which a document would be saved as exactly these bytes; null if there is none. */
function textFor({ bom, eol }: Document, bytes: Uint8Array): string | null {
  const decoded = Buffer.from(bytes).toString('utf8');
  if (decoded.startsWith(BOM) !== bom) return null;
  const text = withEol(bom ? decoded.slice(1) : decoded, eol);
  return encode(text, bom).equals(bytes) ? text : null;
}

function change(document: Document, text: string): void {
  document.undoStack.push(document.text);
  document.text = withEol(text, document.eol);
}

function bytesOf({ text, bom }: Document): Buffer {
  return encode(text, bom);
}

function encode(text: string, bom: boolean): Buffer {
  return Buffer.from(bom ? BOM + text : text, 'utf8');
}

function withEol(text: string, eol: string): string {
  return text.replaceAll(/\r\n|\r|\n/gu, eol);
}

function isDirty({ text, savedText }: Document): boolean {
  return text !== savedText;
}
