import * as vscode from 'vscode';
import type { Words } from './ask.ts';

export const NOTE = (): Words => ({
  title: vscode.l10n.t('Approve with a note'),
  prompt: vscode.l10n.t('What should the agent know? Enter approves, Escape cancels.'),
});
export const DECLINED = (): Words => ({
  title: vscode.l10n.t('Decline the rest'),
  prompt: vscode.l10n.t('Why? The agent reads the reason. Enter approves the chosen files.'),
});
export const REJECT = (): Words => ({
  title: vscode.l10n.t('Reject the proposal'),
  prompt: vscode.l10n.t('Why? The agent reads the reason. Enter rejects, Escape cancels.'),
});
export const REDIRECT = (): Words => ({
  title: vscode.l10n.t('Redirect the agent'),
  prompt: vscode.l10n.t(
    'What should it do instead? What it asked for along with this is cancelled.',
  ),
  required: true,
});
export const BY_HAND = (): Words => ({
  title: vscode.l10n.t('I did it myself'),
  prompt: vscode.l10n.t(
    'What did you do? Nothing is applied; the agent is told how the files are.',
  ),
});
