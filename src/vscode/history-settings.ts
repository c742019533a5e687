import * as vscode from 'vscode';
import type { Retention } from '../checkpoint/retention.ts';
import type { TidyResult } from '../checkpoint/tidy.ts';
import type { MaintenanceDeps } from '../threads/storage.ts';
import { showError } from './errors.ts';
import { SETTINGS } from './ids.ts';

const TOLD = 'countersign.removalTold';
const MEGABYTE = 1e6;

export interface HistoryDeps {
  readonly extensionUri: vscode.Uri;
  readonly memory: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

/** What looks after the database, with what the user has set. */
export function maintenanceIn({ extensionUri, memory, log }: HistoryDeps): MaintenanceDeps {
  return {
    path: vscode.Uri.joinPath(extensionUri, 'dist', 'maintenance.cjs').fsPath,
    retention: readRetention,
    onTidied(result) {
      report(result, log);
      tellOnce(result, memory).catch((error: unknown) => showError(error, log));
    },
  };
}

/** Machine-scoped settings: no workspace can have conversations removed. */
function readRetention(): Retention {
  const number = (name: string): number => {
    const value = vscode.workspace.getConfiguration().get<unknown>(name);
    return typeof value === 'number' && value > 0 ? value : 0;
  };
  return { keepDays: number(SETTINGS.keepDays), maxBytes: number(SETTINGS.maxSize) * MEGABYTE };
}

function report({ tooOld, tooMuch, freed }: TidyResult, log: vscode.LogOutputChannel): void {
  for (const title of tooOld) log.info(`Removed by ${SETTINGS.keepDays}: ${title}`);
  for (const title of tooMuch) log.info(`Removed by ${SETTINGS.maxSize}: ${title}`);
  if (freed > 0) log.info(`The database is smaller by ${freed} bytes`);
}

/** The first time that a setting removes anything in this folder, its user gets to know. */
async function tellOnce({ tooOld, tooMuch }: TidyResult, memory: vscode.Memento): Promise<void> {
  if (tooOld.length + tooMuch.length === 0 || memory.get(TOLD) === true) return;
  await memory.update(TOLD, true);
  const open = vscode.l10n.t('Open Settings');
  const message = vscode.l10n.t(
    'Your settings keep a limited history: {0} threads that were not used for long were removed. Pin a thread to keep it. This is not announced again; the log has it.',
    tooOld.length + tooMuch.length,
  );
  if ((await vscode.window.showInformationMessage(message, open)) === open) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'countersign.history');
  }
}
