import * as vscode from 'vscode';
import { isUserFacing } from '../shared/errors.ts';
import { messageOf } from '../shared/lifecycle.ts';
import type { FailureAction } from '../shared/thread-view.ts';
import { isStorageProblem } from '../shared/storage.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { CHAT_VIEW, COMMANDS } from './ids.ts';

/** The most of an error that a message shows, in characters. The log has all of it. */
const LONGEST = 800;

/** Text of an error for a person. What nobody foresaw is logged with its stack. */
export function tellError(error: unknown, log: vscode.LogOutputChannel): string {
  if (isUserFacing(error)) return error.message;
  log.error(error instanceof Error ? error : String(error));
  return vscode.l10n.t('Something went wrong: {0}. The log has the details.', messageOf(error));
}

/** Shows an error as a notification with its one action. */
export async function showError(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  if (isStorageProblem(error)) {
    // It is announced once; the panel says it for as long as it stands, with every way on.
    await vscode.commands.executeCommand(`${CHAT_VIEW}.focus`);
    return;
  }
  const message = plainLine(tellError(error, log), LONGEST);
  const action = actionOf(isUserFacing(error) ? error.action : 'showLog');
  if (action === null) {
    await vscode.window.showErrorMessage(message);
  } else if ((await vscode.window.showErrorMessage(message, action.label)) !== undefined) {
    await vscode.commands.executeCommand(action.command);
  }
}

function actionOf(action: FailureAction | null): { label: string; command: string } | null {
  switch (action) {
    case 'setApiKey':
      return { label: vscode.l10n.t('Set API Key'), command: COMMANDS.setApiKey };
    case 'openSettings':
      return { label: vscode.l10n.t('Open Settings'), command: COMMANDS.openSettings };
    case 'showLog':
      return { label: vscode.l10n.t('Show Log'), command: COMMANDS.showLog };
    case 'newThread':
      return { label: vscode.l10n.t('New Thread'), command: COMMANDS.newThread };
    case 'takeOver':
      return { label: vscode.l10n.t('Continue Here'), command: COMMANDS.takeOver };
    case 'retry':
    case null:
      return null;
  }
}
