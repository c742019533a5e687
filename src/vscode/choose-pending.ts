import * as vscode from 'vscode';
import type { Core } from '../threads/core.ts';
import { type WaitingRow, rowsNow } from '../threads/inbox.ts';
import { descriptionOf, labelOf } from '../threads/inbox-words.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { iconName } from './approvals-tree.ts';
import { sinceText } from './thread-words.ts';

/** The most of what there is to say of one, in characters. */
const DETAIL = 500;

/** Which of the approvals that wait to look at, by the proposal's id; or null. */
export async function choosePending(core: Core): Promise<string | null> {
  const rows = (await rowsNow(core)).map(toPick);
  const [first] = rows;
  if (first === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No approval is waiting.'));
    return null;
  }
  if (rows.length === 1) return first.id;
  const title = vscode.l10n.t('Approvals that wait');
  return (await vscode.window.showQuickPick(rows, { title, matchOnDescription: true }))?.id ?? null;
}

function toPick(row: WaitingRow): vscode.QuickPickItem & { readonly id: string } {
  const { proposalId, notice, evidence } = row.review;
  const detail = notice?.text ?? evidence[0];
  const pick = {
    label: `$(${iconName(row)}) ${plainLine(labelOf(row))}`,
    description: plainLine(descriptionOf(row, sinceText(row.askedAt), true), DETAIL),
    id: proposalId,
  };
  return detail === undefined ? pick : { ...pick, detail: plainLine(detail, DETAIL) };
}
