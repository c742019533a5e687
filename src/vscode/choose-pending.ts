import * as vscode from 'vscode';
import type { Asked } from '../threads/threads.ts';
import { plainLine } from '../workspace/plain-line.ts';

/** The most of what there is to say of one, in characters. */
const DETAIL = 500;

/** Which of the approvals that wait to look at, by the proposal's id; or null. */
export async function choosePending(pending: readonly Asked[]): Promise<string | null> {
  const rows = pending.flatMap(({ threadTitle, item: { title, state, review } }) => {
    if (review === null) return [];
    const unclear = state !== 'proposed';
    const asked = review.question === null ? 'diff' : 'question';
    const icon = unclear ? 'warning' : review.command === null ? asked : 'terminal';
    const detail = review.question?.text ?? review.notice?.text ?? review.evidence[0];
    const row = {
      label: `$(${icon}) ${plainLine(title)}`,
      description: plainLine(threadTitle),
      id: review.proposalId,
    };
    return [detail === undefined ? row : { ...row, detail: plainLine(detail, DETAIL) }];
  });
  const [first] = rows;
  if (first === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No approval is waiting.'));
    return null;
  }
  if (rows.length === 1) return first.id;
  const title = vscode.l10n.t('Approvals that wait');
  return (await vscode.window.showQuickPick(rows, { title, matchOnDescription: true }))?.id ?? null;
}
