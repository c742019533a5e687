import { basename, sep } from 'node:path';
import * as vscode from 'vscode';
import { pathsOf } from '../approval/operation.ts';
import type { Core } from '../threads/core.ts';
import type { CoreHost } from './core-host.ts';
import { realPathOf } from './open-documents.ts';
import { createPause } from './pause.ts';

export interface FileHintsDeps {
  readonly host: CoreHost;
  readonly onError: (error: unknown) => void;
}

/** How long nobody types in a file before a proposal on it is looked at again, in milliseconds. */
const WAIT = 300;

/**
 * Tells the core which files that a proposal waits for may have changed. Hints only: what a file has
 * is read again before anything is done. Watches nothing while nothing waits.
 */
export function registerFileHints({ host, onError }: FileHintsDeps): vscode.Disposable {
  const subscriptions: { dispose(): unknown }[] = [];
  subscriptions.push(
    host.onOpened((core) => {
      subscriptions.push(followFiles(core, onError));
    }),
  );
  return new vscode.Disposable(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}

function followFiles(core: Core, onError: (error: unknown) => void): vscode.Disposable {
  /** Paths of the files that each proposal which waits is about. */
  const waiting = new Map<string, readonly string[]>();
  const hint = createHints(waiting, core, onError);
  let watching: vscode.Disposable | null = null;
  const events = core.threads.onEvent(({ event }) => {
    if (event.kind !== 'item' || event.item.kind !== 'tool' || !event.item.review) return;
    const proposal = core.proposal(event.item.review.proposalId);
    if (proposal === null) return;
    if (proposal.state === 'proposed' && proposal.operations.length > 0) {
      const paths = pathsOf(proposal.operations).map(({ realPath }) => realPath);
      waiting.set(proposal.proposalId, paths);
    } else waiting.delete(proposal.proposalId);
    if (waiting.size > 0) watching ??= watchFiles(hint);
    else {
      watching?.dispose();
      watching = null;
    }
  });
  return new vscode.Disposable(() => {
    events.dispose();
    watching?.dispose();
  });
}

type Hint = (path: string) => void;

/** Gathers the hints of one turn of the event loop, and those that come while the last are told. */
function createHints(
  waiting: ReadonlyMap<string, readonly string[]>,
  core: Core,
  onError: (error: unknown) => void,
): Hint {
  const changed = new Set<string>();
  let telling = false;
  const tell = async (): Promise<void> => {
    while (changed.size > 0) {
      const paths = new Set(changed);
      changed.clear();
      await core.threads.filesChanged(paths);
    }
  };
  return (path) => {
    const paths = [...waiting.values()].flat();
    // Whatever else happens in the folder costs no more than this look at its name.
    if (!paths.some((one) => one.includes(basename(path)))) return;
    const real = realPathOf(path);
    for (const one of paths) if (one === real || one.startsWith(real + sep)) changed.add(one);
    if (changed.size === 0 || telling) return;
    telling = true;
    setImmediate(() => {
      tell()
        .catch(onError)
        .finally(() => (telling = false));
    });
  };
}

function watchFiles(hint: Hint): vscode.Disposable {
  const typed = createPause(WAIT, (path) => {
    hint(realPathOf(path));
  });
  const changed = ({ scheme, fsPath }: vscode.Uri): void => {
    if (scheme === 'file') hint(fsPath);
  };
  const watcher = vscode.workspace.createFileSystemWatcher('**/*');
  return vscode.Disposable.from(
    typed,
    watcher,
    watcher.onDidCreate(changed),
    watcher.onDidChange(changed),
    watcher.onDidDelete(changed),
    vscode.workspace.onDidChangeTextDocument(({ document: { uri }, contentChanges }) => {
      if (uri.scheme === 'file' && contentChanges.length > 0) typed.soon(uri.fsPath);
    }),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      changed(uri);
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      files.forEach(changed);
    }),
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) [oldUri, newUri].forEach(changed);
    }),
  );
}
