import * as vscode from 'vscode';
import { PROPOSAL_SCHEME } from '../shared/scheme.ts';
import type { CoreHost } from './core-host.ts';

/** `base` is what the file was, `new` what it would be. */
type Side = 'base' | 'new';

export function proposalUri(proposalId: string, side: Side, displayPath: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: PROPOSAL_SCHEME,
    authority: proposalId,
    path: `/${displayPath}`,
    query: side,
  });
}

/** The proposal that a document of ours shows, or null for any other document. */
export function proposalIdOf(uri: vscode.Uri): string | null {
  return uri.scheme === PROPOSAL_SCHEME ? uri.authority : null;
}

/** Serves the frozen bytes of proposals, read only, so that the editor shows exactly them. */
export function registerProposalDocuments(host: CoreHost): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const bytesOf = async (uri: vscode.Uri): Promise<Uint8Array> => {
    const core = await host.open();
    const proposal = core.proposal(uri.authority);
    if (proposal === null) throw vscode.FileSystemError.FileNotFound(uri);
    const hash = uri.query === ('base' satisfies Side) ? proposal.baseSha256 : proposal.newSha256;
    return hash === null ? new Uint8Array() : core.bytes(hash);
  };
  const refuse = (uri: vscode.Uri): never => {
    throw vscode.FileSystemError.NoPermissions(uri);
  };
  const provider: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: async (uri) => ({
      type: vscode.FileType.File,
      ctime: 0,
      mtime: 0,
      size: (await bytesOf(uri)).length,
      permissions: vscode.FilePermission.Readonly,
    }),
    readFile: bytesOf,
    readDirectory: () => [],
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerFileSystemProvider(PROPOSAL_SCHEME, provider, {
      isReadonly: true,
      isCaseSensitive: true,
    }),
  );
}
