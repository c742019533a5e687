import * as vscode from 'vscode';
import { PROPOSAL_SCHEME } from '../shared/scheme.ts';
import type { Core } from '../threads/core.ts';
import type { CoreHost } from './core-host.ts';
import { contentOf, markedUtf8 } from './proposal-content.ts';
import { createSaver } from './proposal-saver.ts';
import { placeOf } from './proposal-uris.ts';
import { type ShownFiles, openDocument } from './shown-files.ts';

export interface ProposalDocumentsDeps {
  readonly host: CoreHost;
  readonly shown: ShownFiles;
  /** Something else is proposed because the user saved other arguments. */
  readonly onArguments: (proposalId: string) => void;
}

/** A document of ours as its file system has it. */
interface Served {
  readonly bytes: Uint8Array;
  readonly version: string;
  readonly editable: boolean;
}

/**
 * Serves both sides of proposals to the editor. What the user saves on the `new` side of one that
 * waits becomes the proposal; nearly everything else is for reading.
 */
export function registerProposalDocuments(deps: ProposalDocumentsDeps): vscode.Disposable {
  const { host, shown } = deps;
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const times = createTimes();
  const save = createSaver(shown);
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
      shown.note(core, uri, version);
      return bytes;
    },
    async writeFile(uri, bytes) {
      const core = await host.open();
      await save(core, uri, bytes);
      times.advance(uri, (await serve(core, uri)).version);
      const place = placeOf(uri);
      if (place?.side === 'arguments') deps.onArguments(place.proposalId);
    },
    readDirectory: () => [],
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
  const subscriptions: { dispose(): unknown }[] = [
    changed,
    vscode.workspace.registerFileSystemProvider(PROPOSAL_SCHEME, provider, {
      isCaseSensitive: true,
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      shown.forget(uri);
    }),
    host.onOpened((core) => {
      subscriptions.push(
        core.threads.onEvent(({ event }) => {
          if (event.kind !== 'item' || event.item.kind !== 'tool' || !event.item.review) return;
          const type = vscode.FileChangeType.Changed;
          const outdated = shown.outdated(core, event.item.review.proposalId);
          if (outdated.length > 0) changed.fire(outdated.map((uri) => ({ type, uri })));
        }),
      );
    }),
  ];
  return new vscode.Disposable(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}

/** @throws FileSystemError for what does not exist, or not any more */
async function serve(core: Core, uri: vscode.Uri): Promise<Served> {
  const place = placeOf(uri);
  const proposal = place === null ? null : core.proposal(place.proposalId);
  if (place === null || proposal === null) throw vscode.FileSystemError.FileNotFound(uri);
  if (place.side !== 'arguments') {
    const content = contentOf(core, place);
    if (content === null) throw vscode.FileSystemError.FileNotFound(uri);
    return content;
  }
  const text = await core.threads.readArguments(proposal.threadId, place.proposalId);
  const bytes = markedUtf8(text);
  return { bytes, version: text, editable: proposal.state === 'proposed' };
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
