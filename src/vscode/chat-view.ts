import * as vscode from 'vscode';
import { webviewHtml } from './webview-html.ts';

export const CHAT_VIEW = 'countersign.chat';

export interface ChatViewDeps {
  readonly extensionUri: vscode.Uri;
}

export function registerChatView(deps: ChatViewDeps): vscode.Disposable {
  const roots = [vscode.Uri.joinPath(deps.extensionUri, 'dist')];
  return vscode.window.registerWebviewViewProvider(CHAT_VIEW, {
    resolveWebviewView(view) {
      view.webview.options = { enableScripts: true, localResourceRoots: roots };
      view.webview.html = webviewHtml(view.webview, deps.extensionUri);
    },
  });
}
