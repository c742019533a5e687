/** A folder that the user opened. */
export interface WorkspaceFolder {
  readonly name: string;
  /** Absolute path as the editor knows it; links in it are resolved by the path gate. */
  readonly path: string;
}

/** A file as an open document of the editor has it. */
export interface OpenDocument {
  /** True while it has changes that are not saved. */
  readonly dirty: boolean;
  /** What saving it now would write, formatters apart. */
  readonly bytes: Uint8Array;
}

/**
 * What became of a change through the editor: `saved`; or `unsuited`, with nothing changed, because
 * no document of the file is open or it cannot hold exactly these bytes.
 */
export type DocumentOutcome = 'saved' | 'unsuited';

/** Runs right before a change and stops it by throwing; nothing is changed then. */
export type Check = () => Promise<void>;

/** What the editor knows of its files and the disk does not, and what only it can do with them. */
export interface EditorState {
  folders(): readonly WorkspaceFolder[];
  /** True while the user trusts the workspace. */
  trusted(): boolean;
  /** True while an open document of this file has changes that are not saved. */
  hasUnsavedChanges(realPath: string): boolean;
  /** The open document of a file; null where there is none. */
  document(realPath: string): Promise<OpenDocument | null>;
  /**
   * Gives an open document these bytes, as one step of its undo history, and saves it.
   * @throws Error saying why, if the editor refuses; the document is then as it was, or dirty
   */
  replaceText(realPath: string, bytes: Uint8Array, check: Check): Promise<DocumentOutcome>;
  /** Moves a file to the trash, if the system has one for it; false if it could not. */
  moveToTrash(realPath: string): Promise<boolean>;
}

/** What a file is beside its bytes. */
export interface FileFacts {
  /** As git writes it: `100644`, or `100755` for one that can be run. */
  readonly mode: '100644' | '100755';
  /** Names that this file has on the disk; more than one: hard links. */
  readonly links: number;
}

/**
 * The files of the workspace. Paths are real paths from the path gate, nothing else. Reading never
 * changes anything; only `create`, `replace`, `move`, `remove`, `removeEmptyFolders` and `sweep` do,
 * and only the executor calls them. What they throw has a whole message: the path, the cause and the
 * next step.
 */
export interface Workspace extends EditorState {
  /**
   * The file as the user has it: the text of a document with unsaved changes, else the bytes on the
   * disk. Null where there is no file.
   * @throws ToolError for what is no regular file, is too large or may not be read
   */
  read(realPath: string): Promise<Uint8Array | null>;
  /** The bytes on the disk, whatever the editor has. Else as `read`. */
  readDisk(realPath: string): Promise<Uint8Array | null>;
  /** Null where there is no file. @throws ToolError for a folder, and for what cannot be seen */
  facts(realPath: string): Promise<FileFacts | null>;
  /**
   * @throws ToolError if the file, or the folder it would be in, is read-only by its mode bits
   */
  refuseReadOnly(realPath: string): Promise<void>;
  /**
   * Makes a file that does not exist yet, whole or not at all; missing folders are made.
   * @throws Error with code `EEXIST` if there is something by that name, which is left as it is
   */
  create(realPath: string, bytes: Uint8Array, mode: FileFacts['mode'], check: Check): Promise<void>;
  /**
   * Writes an existing file whole: afterwards it has these bytes, or it is as it was. Its mode is
   * kept. Goes through the editor where a document of it is open and can hold the bytes.
   * @throws Error with code `ENOENT` if there is none; Error while unsaved text stands in the way
   */
  replace(realPath: string, bytes: Uint8Array, check: Check): Promise<void>;
  /**
   * Gives a file another name, across devices too; missing folders are made.
   * @throws Error with code `EEXIST` if there is something by that name, which is left as it is
   */
  move(from: string, to: string, check: Check): Promise<void>;
  /** Removes a file, to the trash where there is one. */
  remove(realPath: string, check: Check): Promise<void>;
  /** Removes a folder, and those around it strictly below `root`, as far as nothing is in them. */
  removeEmptyFolders(folder: string, root: string): Promise<void>;
  /** Clears away what a change of this file left beside it when its process was killed. */
  sweep(realPath: string): Promise<void>;
}
