import * as vscode from 'vscode';
import { isOneLine } from '../shared/command.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import type { Core } from '../threads/core.ts';
import { COMMANDS, TEXT_COMMANDS } from './ids.ts';
import { changeActions } from './preview-actions.ts';
import type { Written } from './text-review-documents.ts';

/** Changes that have lenses; the keys work in all of them. */
const MAX_PLACES = 1000;

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
    ...places
      .slice(0, MAX_PLACES)
      .flatMap(({ view, start }) =>
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
  if (review === undefined) return [];
  if (state === 'partial' || state === 'unknown') {
    const files = [
      action(TEXT_COMMANDS.settleFinish, vscode.l10n.t('Finish')),
      action(TEXT_COMMANDS.settleRollBack, vscode.l10n.t('Roll Back')),
      action(TEXT_COMMANDS.settleKeep, vscode.l10n.t('Keep as It Is')),
      open(vscode.l10n.t('Open Diff')),
    ];
    const command = [
      action(TEXT_COMMANDS.settleAgain, vscode.l10n.t('Propose It Again')),
      action(TEXT_COMMANDS.settleDidNotRun, vscode.l10n.t('It Did Not Run')),
      action(TEXT_COMMANDS.settleKeep, vscode.l10n.t('I Do Not Know')),
    ];
    return review.command === null ? files : command;
  }
  if (state !== 'proposed') return [];
  if (review.question !== null) return [open(vscode.l10n.t('Answer…'))];
  return [...approvals(review, action), ...others(review, action, open)];
}

type Action = (command: string, title: string) => vscode.Command;

function approvals(
  { approvable, irrecoverable, progress }: ReviewView,
  action: Action,
): readonly vscode.Command[] {
  if (!approvable) return [];
  const asks = irrecoverable.length > 0;
  return [
    action(COMMANDS.approve, asks ? vscode.l10n.t('Approve…') : vscode.l10n.t('Approve')),
    ...(progress === null
      ? []
      : [action(COMMANDS.approveAccepted, vscode.l10n.t('Approve Accepted'))]),
  ];
}

function others(
  { command, approvable, files }: ReviewView,
  action: Action,
  open: (title: string) => vscode.Command,
): readonly vscode.Command[] {
  const reject = action(COMMANDS.reject, vscode.l10n.t('Reject…'));
  const byHand = action(COMMANDS.doneByHand, vscode.l10n.t('I Did It Myself…'));
  if (command === null) {
    const [only] = files.length === 1 ? files : [];
    const isLarge = only !== undefined && only.tooLarge !== '';
    const sides = isLarge ? vscode.l10n.t('Open Both Sides') : vscode.l10n.t('Open Diff');
    return [reject, ...(approvable ? [] : [byHand]), open(sides)];
  }
  return [
    ...(isOneLine(command.shell)
      ? [action(TEXT_COMMANDS.editCommand, vscode.l10n.t('Edit the Command…'))]
      : []),
    reject,
    open(vscode.l10n.t('All Answers…')),
  ];
}
