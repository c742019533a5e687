import type * as vscode from 'vscode';
import { registerChatView } from './vscode/chat-view.ts';

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(registerChatView({ extensionUri: context.extensionUri }));
}
