import * as vscode from 'vscode';
import { auditJson, auditMarkdown, verdictText } from '../approval/audit-export.ts';
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
      const verdict = (await host.open()).audit.verify();
      const text = vscode.l10n.t('The record: {0}', verdictText(verdict));
      if (verdict.problem === null) await vscode.window.showInformationMessage(text);
      else await vscode.window.showWarningMessage(text);
    },
    async exportAudit() {
      const forms = [
        { label: 'Markdown', language: 'markdown', write: auditMarkdown },
        { label: 'JSON', language: 'json', write: auditJson },
      ];
      const title = vscode.l10n.t('Export the record as');
      const form = await vscode.window.showQuickPick(forms, { title });
      if (form === undefined) return;
      const { audit } = await host.open();
      const content = form.write(audit.rows(), audit.verify());
      const { language } = form;
      const document = await vscode.workspace.openTextDocument({ language, content });
      await vscode.window.showTextDocument(document);
    },
  };
}
