import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import { COMMANDS, TEXT_COMMANDS } from './ids.ts';
import { changeActions } from './preview-actions.ts';
import type { Written } from './text-review-documents.ts';

/** What can be done with a proposal that is written out as text, and with each change in it. */
export function reviewLenses(
  core: Core,
  uri: vscode.Uri,
  { places }: Written,
): readonly vscode.CodeLens[] {
  const lens = (line: number, command: vscode.Command): vscode.CodeLens =>
    new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command);
  const proposalId = uri.authority;
  return [
    ...answersOf(core, uri).map((command) => lens(0, command)),
    ...places.flatMap(({ view, start }) =>
      changeActions({ proposalId, operation: view.operation }, view).map((command) =>
        lens(start, command),
      ),
    ),
  ];
}

function answersOf(core: Core, uri: vscode.Uri): readonly vscode.Command[] {
  const proposalId = uri.authority;
  const state = core.proposal(proposalId)?.state;
  const review = core.review(proposalId)?.review;
  const action = (command: string, title: string, argument: unknown = uri): vscode.Command => ({
    ...{ title, command },
    arguments: [argument],
  });
  const open = (title: string): vscode.Command =>
    action(TEXT_COMMANDS.openChange, title, { proposalId });
  if (state === 'partial' || state === 'unknown') {
    return [
      action(TEXT_COMMANDS.settleFinish, vscode.l10n.t('Finish')),
      action(TEXT_COMMANDS.settleRollBack, vscode.l10n.t('Roll Back')),
      action(TEXT_COMMANDS.settleKeep, vscode.l10n.t('Keep as It Is')),
    ];
  }
  if (state !== 'proposed' || review === undefined) return [];
  if (review.question !== null) return [open(vscode.l10n.t('Answer…'))];
  return [
    ...(review.approvable
      ? [
          action(COMMANDS.approve, vscode.l10n.t('Approve')),
          action(COMMANDS.approveAccepted, vscode.l10n.t('Approve Accepted')),
        ]
      : []),
    action(COMMANDS.reject, vscode.l10n.t('Reject…')),
    open(vscode.l10n.t('Open Diff')),
  ];
}
