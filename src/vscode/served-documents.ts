import * as vscode from 'vscode';
import type { Disposable } from '../shared/lifecycle.ts';
import type { Core } from '../threads/core.ts';
import type { CoreHost } from './core-host.ts';
import { openDocument } from './shown-files.ts';

/** A document of ours as its file system has it. */
export interface Served {
  readonly bytes: Uint8Array;
  /** Names the content: another one, and the editor reads it again. */
  readonly version: string;
  readonly editable: boolean;
}

/** What the documents of one scheme have in them, and what comes of saving one. */
export interface DocumentSource {
  /** @throws FileSystemError for what does not exist, or not any more */
  readonly serve: (core: Core, uri: vscode.Uri) => Promise<Served>;
  readonly onRead?: (core: Core, uri: vscode.Uri, version: string) => void;
  /** @throws FileSystemError saying why not; what was typed stays in the editor then */
  readonly save: (core: Core, uri: vscode.Uri, bytes: Uint8Array) => Promise<void>;
  readonly onSaved?: (uri: vscode.Uri) => void;
  /** What comes of saving is another text than what was saved. */
  readonly isRewritten?: boolean;
}

export interface ServedDocuments extends Disposable {
  /** These have another content by now. */
  changed(uris: readonly vscode.Uri[]): void;
}

/** Serves documents of a scheme of ours to the editor. */
export function serveDocuments(
  host: CoreHost,
  scheme: string,
  { serve, save, onRead, onSaved, isRewritten = false }: DocumentSource,
): ServedDocuments {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const times = createTimes();
  const refuse = (uri: vscode.Uri): never => {
    throw vscode.FileSystemError.NoPermissions(uri);
  };
  const provider: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    async stat(uri) {
      const { bytes, version, editable } = await serve(await host.open(), uri);
      const mtime = times.of(uri, version);
      const file = { type: vscode.FileType.File, ctime: 0, mtime, size: bytes.length };
      return editable ? file : { ...file, permissions: vscode.FilePermission.Readonly };
    },
    async readFile(uri) {
      const core = await host.open();
      const { bytes, version } = await serve(core, uri);
      onRead?.(core, uri, version);
      return bytes;
    },
    async writeFile(uri, bytes) {
      const core = await host.open();
      await save(core, uri, bytes);
      if (!isRewritten) times.advance(uri, (await serve(core, uri)).version);
      onSaved?.(uri);
    },
    readDirectory: () => [],
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
  const options = { isCaseSensitive: true };
  const registered = vscode.workspace.registerFileSystemProvider(scheme, provider, options);
  return {
    changed(uris) {
      const type = vscode.FileChangeType.Changed;
      if (uris.length > 0) changed.fire(uris.map((uri) => ({ type, uri })));
    },
    dispose() {
      registered.dispose();
      changed.dispose();
    },
  };
}

/** When each document changed last, in milliseconds since 1970: the editor reads it again by that. */
interface Times {
  of(uri: vscode.Uri, version: string): number;
  advance(uri: vscode.Uri, version: string): number;
}

function createTimes(): Times {
  const times = new Map<string, { readonly version: string; readonly time: number }>();
  const advance = (uri: vscode.Uri, version: string): number => {
    const key = uri.toString();
    const before = times.get(key);
    if (before?.version === version) return before.time;
    const time = Math.max(Date.now(), (before?.time ?? 0) + 1);
    times.set(key, { version, time });
    return time;
  };
  return {
    advance,
    of(uri, version) {
      const before = times.get(uri.toString());
      // Over what the user typed, the editor would offer to overwrite; we know better what to ask.
      const typed = before !== undefined && openDocument(uri)?.isDirty === true;
      return typed ? before.time : advance(uri, version);
    },
  };
}
