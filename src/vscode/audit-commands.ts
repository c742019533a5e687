import * as vscode from 'vscode';
import type { CoreHost } from './core-host.ts';

export interface AuditCommands {
  /** Says whether the record of what was decided and done is as it was written. */
  verifyAudit(): Promise<void>;
  /** Opens the record as a new document, which nothing stores. */
  exportAudit(): Promise<void>;
}

export function createAuditCommands(host: CoreHost): AuditCommands {
  return {
    async verifyAudit() {
      const { holds, text: verdict } = (await host.open()).audit.verdict();
      const text = vscode.l10n.t('The record: {0}', verdict);
      if (holds) await vscode.window.showInformationMessage(text);
      else await vscode.window.showWarningMessage(text);
    },
    async exportAudit() {
      const forms = [
        { label: 'Markdown', language: 'markdown' },
        { label: 'JSON', language: 'json' },
      ] as const;
      const title = vscode.l10n.t('Export the record as');
      const form = await vscode.window.showQuickPick(forms, { title });
      if (form === undefined) return;
      const { language } = form;
      const content = (await host.open()).audit.text(language);
      const document = await vscode.workspace.openTextDocument({ language, content });
      await vscode.window.showTextDocument(document);
    },
  };
}
