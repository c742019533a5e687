import * as vscode from 'vscode';
import { isUserFacing } from '../shared/errors.ts';
import { STATE_SCHEME } from '../shared/scheme.ts';
import type { Core } from '../threads/core.ts';
import type { StateOutcome } from '../threads/state-update.ts';
import { decodeText } from '../workspace/text.ts';
import { markedUtf8 } from './proposal-content.ts';
import type { Served } from './own-files.ts';

/** Without a checkpoint, the state as it stands, to be changed. */
export function stateUri(threadId: string, checkpointId?: string): vscode.Uri {
  const path = checkpointId === undefined ? '/state.json' : '/checkpoint.json';
  return vscode.Uri.from({
    ...{ scheme: STATE_SCHEME, authority: threadId, path },
    ...(checkpointId === undefined ? {} : { query: checkpointId }),
  });
}

export interface StateDocuments {
  serve(core: Core, uri: vscode.Uri): Promise<Served>;
  /** Applies a changed state. @throws FileSystemError saying what is wrong with it */
  save(core: Core, uri: vscode.Uri, bytes: Uint8Array): Promise<void>;
  dispose(): void;
}

/** States as JSON documents; what is wrong with a changed one is marked in it, and nothing is lost. */
export function createStateDocuments(): StateDocuments {
  const diagnostics = vscode.languages.createDiagnosticCollection('countersign');
  const closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
    diagnostics.delete(uri);
  });
  return {
    async serve(core, uri) {
      const { authority: threadId, query } = uri;
      const checkpointId = query === '' ? undefined : query;
      const text = await orNotFound(uri, () => core.threads.stateText(threadId, checkpointId));
      return { bytes: markedUtf8(text), version: text, editable: checkpointId === undefined };
    },
    async save(core, uri, bytes) {
      const { text } = decodeText(bytes, uri.path);
      const outcome = await apply(core, uri.authority, text);
      if (outcome.kind === 'applied') {
        diagnostics.delete(uri);
        return;
      }
      const range = rangeOf(text, outcome.about);
      const { Error } = vscode.DiagnosticSeverity;
      diagnostics.set(uri, [new vscode.Diagnostic(range, outcome.message, Error)]);
      throw vscode.FileSystemError.Unavailable(outcome.message);
    },
    dispose() {
      closing.dispose();
      diagnostics.dispose();
    },
  };
}

async function apply(core: Core, threadId: string, text: string): Promise<StateOutcome> {
  try {
    return await core.threads.applyStateText(threadId, text);
  } catch (error) {
    if (!isUserFacing(error)) throw error;
    return { kind: 'refused', message: error.message, about: null };
  }
}

async function orNotFound<T>(uri: vscode.Uri, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUserFacing(error) && error.reason === 'notFound') {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    throw error;
  }
}

/** Where a text names what a problem is about; else its first line. */
function rangeOf(text: string, about: string | null): vscode.Range {
  const quoted = JSON.stringify(about);
  const at = about === null ? -1 : text.lastIndexOf(quoted);
  const before = text.slice(0, Math.max(at, 0)).split('\n');
  const line = before.length - 1;
  const column = before.at(-1)?.length ?? 0;
  const length = at === -1 ? (text.split('\n')[0]?.length ?? 0) : quoted.length;
  return new vscode.Range(line, column, line, column + length);
}
