import * as vscode from 'vscode';
import type { ChangeView } from '../shared/change-view.ts';
import { CHANGE_COMMANDS, TEXT_COMMANDS } from './ids.ts';

/** What a preview is of: a file of a proposal. */
export interface PreviewedFile {
  readonly proposalId: string;
  readonly operation: number;
}

/** What can be done with a change where it is shown, in the order in which it is offered. */
export function changeActions(
  { proposalId, operation }: PreviewedFile,
  view: ChangeView | null,
): readonly vscode.Command[] {
  const open = {
    title: vscode.l10n.t('Open Diff'),
    command: TEXT_COMMANDS.openChange,
    arguments: [{ proposalId, operation, change: view?.change ?? null }],
  };
  if (view === null) return [open];
  const named = { proposalId, operation, change: view.change, key: view.key };
  const action = (command: string, title: string): vscode.Command => ({
    ...{ title, command },
    arguments: [named],
  });
  const accepts = view.state === 'open' || view.state === 'rejected';
  return [
    ...(accepts ? [action(CHANGE_COMMANDS.acceptChange, vscode.l10n.t('Accept'))] : []),
    ...(view.state === 'rejected'
      ? []
      : [action(CHANGE_COMMANDS.rejectChange, vscode.l10n.t('Reject'))]),
    action(
      CHANGE_COMMANDS.commentChange,
      view.comment === '' ? vscode.l10n.t('Comment') : vscode.l10n.t('Change Comment'),
    ),
    open,
  ];
}
