import * as vscode from 'vscode';
import type { SharedHistory } from '../checkpoint/shared-history.ts';
import { UserFacingError, isUserFacing } from '../shared/errors.ts';
import { messageOf } from '../shared/lifecycle.ts';
import type * as CoreModule from '../threads/core.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { SETTINGS } from './ids.ts';

/** Name of the connection string in the editor's secret storage. */
const SECRET = 'countersign.postgres';
const VARIABLE = 'COUNTERSIGN_POSTGRES_URL';

export interface ShareDeps {
  readonly secrets: vscode.SecretStorage;
  readonly log: vscode.LogOutputChannel;
}

/**
 * The threads that are shared, as the setting wants it.
 * @throws UserFacingError if the server cannot be used: conversations that are away must not look lost
 */
export async function connectAsSet(
  core: typeof CoreModule,
  { secrets, log }: ShareDeps,
): Promise<SharedHistory> {
  try {
    const url = (await secrets.get(SECRET)) ?? process.env[VARIABLE] ?? '';
    if (url !== '') return await core.connectShared(url, logging(log));
    const message = vscode.l10n.t('No PostgreSQL database is named.');
    throw new UserFacingError('notReady', message);
  } catch (error) {
    if (!isUserFacing(error)) throw error;
    const message = vscode.l10n.t(
      '{0} (Conversations are shared because the setting {1} is on.)',
      error.message,
      SETTINGS.postgres,
    );
    throw new UserFacingError(error.reason, message, 'openSettings');
  }
}

/** Asks for the connection, tries it, and keeps it; or ends the sharing. */
export async function shareHistory(deps: ShareDeps): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  if (configuration.get<boolean>(SETTINGS.postgres, false)) {
    const another = vscode.l10n.t('Another Database…');
    const end = vscode.l10n.t('Share No More');
    const choice = await vscode.window.showQuickPick([another, end], {
      title: vscode.l10n.t('Conversations are shared in PostgreSQL'),
    });
    if (choice === undefined) return;
    if (choice === end) {
      await configuration.update(SETTINGS.postgres, false, vscode.ConfigurationTarget.Global);
      await deps.secrets.delete(SECRET);
      await offerReload(
        vscode.l10n.t('Shared conversations are away until they are shared again.'),
      );
      return;
    }
  }
  const url = await askConnection(deps);
  if (url === null) return;
  await deps.secrets.store(SECRET, url);
  await configuration.update(SETTINGS.postgres, true, vscode.ConfigurationTarget.Global);
  await offerReload(
    vscode.l10n.t('New conversations will be shared. Those that are here stay on this machine.'),
  );
}

/** Until one works, or the question is dismissed; the server is what says no. */
async function askConnection({ log }: ShareDeps): Promise<string | null> {
  const core = await import('../threads/core.ts');
  let typed = '';
  for (let why = ''; ;) {
    const answer = await vscode.window.showInputBox({
      title: vscode.l10n.t('Share conversations in a PostgreSQL database'),
      prompt:
        why === ''
          ? vscode.l10n.t(
              'postgresql://user:password@host:5432/database. Kept in the editor’s secret storage. What is proposed and done stays on this machine.',
            )
          : plainLine(why),
      value: typed,
      password: true,
      ignoreFocusOut: true,
    });
    if (answer === undefined) return null;
    typed = answer.trim();
    try {
      const shared = await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: vscode.l10n.t('Connecting to PostgreSQL'),
        },
        () => core.connectShared(typed, logging(log)),
      );
      await shared.close();
      return typed;
    } catch (error) {
      why = messageOf(error);
    }
  }
}

async function offerReload(text: string): Promise<void> {
  const reload = vscode.l10n.t('Reload Window');
  const message = vscode.l10n.t('{0} This begins when the window is loaded anew.', text);
  if ((await vscode.window.showInformationMessage(message, reload)) === reload) {
    await vscode.commands.executeCommand('workbench.action.reloadWindow');
  }
}

function logging(log: vscode.LogOutputChannel) {
  return {
    log: (error: unknown) => {
      log.error(messageOf(error));
    },
  };
}
