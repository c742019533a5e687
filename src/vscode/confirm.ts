import * as vscode from 'vscode';
import type { ConfirmRequest } from '../approval/confirming.ts';
import { visible } from '../workspace/names.ts';

/** The most of one line that a dialog shows, in UTF-16 units; from the middle, the rest is left out. */
const LONGEST = 300;

/**
 * Asks about one thing that cannot be taken back, in a dialog of the editor, which no page of ours
 * can draw or press. False if it is dismissed.
 */
export async function confirmInEditor(request: ConfirmRequest): Promise<boolean> {
  const { title, item, facts, number, total } = request;
  const approve = vscode.l10n.t('Approve');
  const place =
    total === 1 ? [] : [vscode.l10n.t('{0} of {1} that are asked about.', number, total)];
  const detail = [title, ...facts, ...place].map(clipped).join('\n');
  const answer = await vscode.window.showWarningMessage(
    clipped(item),
    { modal: true, detail },
    approve,
  );
  return answer === approve;
}

/** In one line, with nothing in it that cannot be seen. */
function clipped(line: string): string {
  const plain = visible(line);
  if (plain.length <= LONGEST) return plain;
  const half = LONGEST / 2;
  return `${plain.slice(0, half)} […] ${plain.slice(-half)}`;
}
