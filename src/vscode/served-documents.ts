import * as vscode from 'vscode';
import type { Disposable } from '../shared/lifecycle.ts';
import type { Core } from '../threads/core.ts';
import type { CoreHost } from './core-host.ts';
import { createTimes } from './document-times.ts';
import { type Served, serveFiles, statOf } from './own-files.ts';

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
  const registered = serveFiles(scheme, changed, {
    async stat(uri) {
      const served = await serve(await host.open(), uri);
      return statOf(served, times.of(uri, served.version));
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
  });
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
