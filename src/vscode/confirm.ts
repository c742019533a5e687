import * as vscode from 'vscode';
import type { ConfirmRequest } from '../approval/confirming.ts';

/** The most of a name that a dialog shows, in UTF-16 units; the middle of a longer one is left out. */
const LONGEST_NAME = 300;
/** The most of a fact. */
const LONGEST_FACT = 5000;

/**
 * Asks about one thing that cannot be taken back, in a dialog of the editor, which no page of ours
 * can draw or press. False if it is dismissed.
 */
export async function confirmInEditor(request: ConfirmRequest): Promise<boolean> {
  const { title, item, facts, number, total } = request;
  const approve = vscode.l10n.t('Approve');
  const place =
    total === 1 ? [] : [vscode.l10n.t('{0} of {1} that are asked about.', number, total)];
  const known = facts.map((fact) => clipped(fact, LONGEST_FACT));
  const detail = [clipped(title, LONGEST_NAME), ...known, ...place].join('\n');
  const answer = await vscode.window.showWarningMessage(
    clipped(item, LONGEST_NAME),
    { modal: true, detail },
    approve,
  );
  return answer === approve;
}

function clipped(line: string, longest: number): string {
  if (line.length <= longest) return line;
  const half = longest / 2;
  return `${line.slice(0, half)} […] ${line.slice(-half)}`;
}
