import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import type { CoreHost } from './core-host.ts';
import { createPause } from './pause.ts';
import { placeOf } from './proposal-uris.ts';
import { type ShownFiles, openDocument } from './shown-files.ts';
import { resolveTyped } from './typed-conflict.ts';

/** How long nobody types before what was typed becomes the proposal, in milliseconds. */
const WAIT = 500;

/** Makes what the user types into proposals part of them, without asking to save it. */
export interface Typing {
  /** Saves what was typed into proposals; false if some could not be, which the user is told. */
  flush(): Promise<boolean>;
  /** True if something typed into a proposal is not part of it. */
  isUnsaved(proposalId: string): boolean;
  dispose(): void;
}

export interface TypingDeps {
  readonly host: CoreHost;
  readonly shown: ShownFiles;
  readonly onError: (error: unknown) => void;
}

export function followTyping({ host, shown, onError }: TypingDeps): Typing {
  const asking = new Set<string>();
  /** What the user is asked about a document is asked once, and nothing waits for the answer. */
  const ask = async (core: Core, document: vscode.TextDocument): Promise<void> => {
    const key = document.uri.toString();
    if (asking.has(key)) return;
    asking.add(key);
    try {
      await resolveTyped(core, shown, document);
    } finally {
      asking.delete(key);
    }
  };
  const save = async (core: Core, document: vscode.TextDocument): Promise<boolean> => {
    pause.cancel(document.uri.toString());
    if (!document.isDirty) return true;
    const isSame = (): boolean => shown.standing(core, document.uri) === 'same';
    if (isSame() && ((await document.save()) || isSame())) return !document.isDirty;
    ask(core, document).catch(onError);
    return false;
  };
  const pause = createPause(WAIT, (address) => {
    const document = openDocument(vscode.Uri.parse(address, true));
    const core = host.loaded();
    if (document !== null && core !== null) save(core, document).catch(onError);
  });
  const follow = (document: vscode.TextDocument): void => {
    if (isUnsaved(document)) pause.soon(document.uri.toString());
  };
  const subscriptions = [
    pause,
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      follow(document);
    }),
    // The editor brings back what was typed right before it was closed.
    host.onOpened(() => {
      vscode.workspace.textDocuments.forEach(follow);
    }),
  ];
  return {
    async flush() {
      const core = host.loaded();
      const unsaved = vscode.workspace.textDocuments.filter(isUnsaved);
      if (core === null) return unsaved.length === 0;
      return (await Promise.all(unsaved.map((document) => save(core, document)))).every(Boolean);
    },
    isUnsaved: (proposalId) =>
      vscode.workspace.textDocuments.some(
        (document) => isUnsaved(document) && placeOf(document.uri)?.proposalId === proposalId,
      ),
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function isUnsaved({ isDirty, isClosed, uri }: vscode.TextDocument): boolean {
  return isDirty && !isClosed && placeOf(uri)?.side === 'new';
}
