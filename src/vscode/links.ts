import { config as configureL10n } from '@vscode/l10n';
import * as vscode from 'vscode';
import { gatePath } from '../workspace/path-gate.ts';
import { editorState } from './editor-state.ts';

/**
 * Opens what an answer links to: an http(s) address in the browser, after the editor's own question,
 * or a file of the workspace, at a line if the link says so (`src/app.ts#L10`, `src/app.ts:10`).
 * Anything else is not opened. In a bundle of its own: it brings the path gate.
 * @throws ToolError for a path that leads out of the workspace
 */
export async function openLink(href: string): Promise<void> {
  configureL10n({ contents: vscode.l10n.bundle ?? {} });
  if (/^https?:\/\//iu.test(href)) {
    await vscode.env.openExternal(vscode.Uri.parse(href, true));
    return;
  }
  const { path = href, line } =
    /^(?<path>.*?)(?:#L|:)(?<line>\d+)(?:[-:].*)?$/u.exec(href)?.groups ?? {};
  const { realPath } = await gatePath(editorState.folders(), path);
  const options: vscode.TextDocumentShowOptions = {};
  if (line !== undefined) {
    const position = new vscode.Position(Math.max(0, Number(line) - 1), 0);
    options.selection = new vscode.Range(position, position);
  }
  await vscode.window.showTextDocument(vscode.Uri.file(realPath), options);
}
