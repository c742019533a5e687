import * as vscode from 'vscode';

/** A document of ours as its file system has it. */
export interface Served {
  readonly bytes: Uint8Array;
  readonly version: string;
  readonly editable: boolean;
}

/** What can be done with documents of ours. */
export interface OwnFiles {
  stat(uri: vscode.Uri): Promise<vscode.FileStat>;
  readFile(uri: vscode.Uri): Promise<Uint8Array>;
  writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<void>;
}

/** Serves documents that are in no folder, and cannot be made, moved or deleted by hand. */
export function serveFiles(
  scheme: string,
  changed: vscode.EventEmitter<vscode.FileChangeEvent[]>,
  files: OwnFiles,
): vscode.Disposable {
  const refuse = (uri: vscode.Uri): never => {
    throw vscode.FileSystemError.NoPermissions(uri);
  };
  const provider: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: (uri) => files.stat(uri),
    readFile: (uri) => files.readFile(uri),
    writeFile: (uri, bytes) => files.writeFile(uri, bytes),
    readDirectory: () => [],
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
  return vscode.workspace.registerFileSystemProvider(scheme, provider, { isCaseSensitive: true });
}

export function statOf({ bytes, editable }: Served, mtime: number): vscode.FileStat {
  const file = { type: vscode.FileType.File, ctime: 0, mtime, size: bytes.length };
  return editable ? file : { ...file, permissions: vscode.FilePermission.Readonly };
}
