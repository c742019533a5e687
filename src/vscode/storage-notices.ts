import * as vscode from 'vscode';
import { nameAside } from '../checkpoint/files.ts';
import type { StorageChoice, StorageWay } from '../shared/storage.ts';
import type { CoreHost } from './core-host.ts';
import { showError } from './errors.ts';

/** Says once what happened to the conversations, outside of the panel, with the first ways on. */
export function registerStorageNotices({
  host,
  log,
}: {
  readonly host: CoreHost;
  readonly log: vscode.LogOutputChannel;
}): vscode.Disposable {
  let told = '';
  const subscription = host.onStorageChanged(() => {
    const notice = host.storage();
    const words = notice?.kind === 'closed' || notice?.kind === 'lowSpace' ? notice.message : '';
    const isNew = words !== '' && words !== told;
    told = words;
    if (!isNew || notice === null) return;
    const shown =
      notice.kind === 'closed'
        ? announce(host, notice.message, notice.ways)
        : vscode.window.showWarningMessage(notice.message);
    Promise.resolve(shown).catch((error: unknown) => showError(error, log));
  });
  return new vscode.Disposable(() => {
    subscription.dispose();
  });
}

async function announce(
  host: CoreHost,
  message: string,
  ways: readonly StorageChoice[],
): Promise<void> {
  // More of them, and their names are cut off.
  const more = vscode.l10n.t('More…');
  const labels = new Map(ways.slice(0, 2).map(({ label, way }) => [label, way]));
  const answer = await vscode.window.showErrorMessage(message, ...labels.keys(), more);
  const way = labels.get(answer ?? '');
  if (answer === more) await recoverStorage(host);
  // It may have been mended from the panel by now.
  if (way !== undefined && host.storage()?.message === message) await chooseWay(host, way);
}

/** Lists every way on, for as long as something is wrong. */
export async function recoverStorage(host: CoreHost): Promise<void> {
  const { message, ways } = host.storage() ?? { message: '', ways: [] };
  if (ways.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing is wrong with the conversations.'),
    );
    return;
  }
  const chosen = await vscode.window.showQuickPick(ways, { title: message });
  if (chosen !== undefined) await chooseWay(host, chosen.way);
}

/** Goes on in a way, after a question if the file is set aside by it. */
export async function chooseWay(host: CoreHost, way: StorageWay): Promise<void> {
  const aside = nameAside(Date.now());
  if (await confirmed(host, way, aside)) await host.choose(way, aside);
}

async function confirmed(host: CoreHost, way: StorageWay, aside: string): Promise<boolean> {
  const question = questionOf(host, way, aside);
  if (question === null) return true;
  const { message, detail, label } = question;
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, label);
  return answer === label;
}

interface Question {
  readonly message: string;
  readonly detail: string;
  readonly label: string;
}

function questionOf(host: CoreHost, way: StorageWay, aside: string): Question | null {
  const kept = vscode.l10n.t(
    'Nothing is deleted: the file as it is now is kept in the same folder as {0}. Close other windows of this folder first.',
    aside,
  );
  switch (way) {
    case 'startFresh':
      return {
        message: vscode.l10n.t('Start with an empty history?'),
        detail: kept,
        label: vscode.l10n.t('Start Fresh'),
      };
    case 'restoreBackup':
      return {
        message: vscode.l10n.t('Put the backup in the place of the conversations?'),
        detail: `${vscode.l10n.t('What came after the backup is not in it.')} ${kept}`,
        label: vscode.l10n.t('Restore Backup'),
      };
    case 'useFound':
      return {
        message: vscode.l10n.t('Take the conversations that are there for those of this folder?'),
        detail: vscode.l10n.t('They are not those that were opened here before.'),
        label: vscode.l10n.t('Use What Is There'),
      };
    case 'readOnly':
    case 'inMemory':
    case 'retry':
      return leavesUnsaved(host)
        ? {
            message: vscode.l10n.t('Leave the conversation that is not saved?'),
            detail: vscode.l10n.t('It is gone then.'),
            label: vscode.l10n.t('Leave It'),
          }
        : null;
  }
}

function leavesUnsaved(host: CoreHost): boolean {
  const said = host.loaded()?.threads.list() ?? [];
  return host.storage()?.kind === 'inMemory' && said.length > 0;
}
