import * as vscode from 'vscode';
import { PROPOSAL_SCHEME } from '../shared/scheme.ts';
import type { Core } from '../threads/core.ts';
import type { CoreHost } from './core-host.ts';
import { createTimes } from './document-times.ts';
import { type OwnFiles, type Served, serveFiles, statOf } from './own-files.ts';
import { contentOf, markedUtf8 } from './proposal-content.ts';
import { createSaver } from './proposal-saver.ts';
import { placeOf } from './proposal-uris.ts';
import type { ShownFiles } from './shown-files.ts';

export interface ProposalDocumentsDeps {
  readonly host: CoreHost;
  readonly shown: ShownFiles;
  /** Something else is proposed because the user saved other arguments. */
  readonly onArguments: (proposalId: string) => void;
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
  const files: OwnFiles = {
    async stat(uri) {
      const served = await serve(await host.open(), uri);
      return statOf(served, times.of(uri, served.version));
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
  };
  const subscriptions: { dispose(): unknown }[] = [
    changed,
    serveFiles(PROPOSAL_SCHEME, changed, files),
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
