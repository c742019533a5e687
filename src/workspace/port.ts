/** A folder that the user opened. */
export interface WorkspaceFolder {
  readonly name: string;
  /** Absolute path as the editor knows it; links in it are resolved by the path gate. */
  readonly path: string;
}

/** What the editor knows of its files and the disk does not. */
export interface EditorState {
  folders(): readonly WorkspaceFolder[];
  /** True while an open document of this file has changes that are not saved. */
  hasUnsavedChanges(realPath: string): boolean;
  /** Moves a file to the trash, if the system has one for it; false if it could not. */
  moveToTrash(realPath: string): Promise<boolean>;
}

/**
 * The files of the workspace. Paths are real paths from the path gate, nothing else.
 * Reading never changes anything; only `replace`, `remove` and `sweep` do, and
 * only the executor calls them.
 */
export interface Workspace extends EditorState {
  /** The file's bytes, or null where there is no file. Throws `ToolError` for a folder or a device. */
  read(realPath: string): Promise<Uint8Array | null>;
  /**
   * Writes the file whole: afterwards it has these bytes, or it is as it was. Missing folders are
   * made; its mode is kept. `check` runs right before the new bytes take their place and stops the
   * write by throwing.
   */
  replace(realPath: string, bytes: Uint8Array, check: () => Promise<void>): Promise<void>;
  /** Removes a file, to the trash where there is one. `check` runs right before, as above. */
  remove(realPath: string, check: () => Promise<void>): Promise<void>;
  /** Clears away what a `replace` of this file left beside it when its process was killed. */
  sweep(realPath: string): Promise<void>;
}
