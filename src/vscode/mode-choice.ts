import * as vscode from 'vscode';
import { MODES, type Mode } from '../shared/mode.ts';

export function modeLabel(mode: Mode): string {
  switch (mode) {
    case 'ask':
      return vscode.l10n.t('Ask');
    case 'plan':
      return vscode.l10n.t('Plan');
    case 'act':
      return vscode.l10n.t('Act');
  }
}

function modeDetail(mode: Mode): string {
  switch (mode) {
    case 'ask':
      return vscode.l10n.t('The agent reads and answers. It can propose nothing.');
    case 'plan':
      return vscode.l10n.t(
        'The agent reads and makes a plan, which you can change and have carried out.',
      );
    case 'act':
      return vscode.l10n.t('The agent may propose changes. Each waits for you.');
  }
}

export interface ModeRow extends vscode.QuickPickItem {
  readonly mode: Mode;
}

export function modeRows(now: Mode): ModeRow[] {
  return MODES.map((mode) => ({
    mode,
    label: modeLabel(mode),
    detail: modeDetail(mode),
    ...(mode === now ? { description: vscode.l10n.t('now') } : {}),
  }));
}
