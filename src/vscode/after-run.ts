import * as vscode from 'vscode';
import type { ThreadStatus, ThreadView, ToolItem, UndoKind } from '../shared/thread-view.ts';
import type { Core } from '../threads/core.ts';

/** Continues the run of a thread that is paused, failed or was cut off, as the chat does. */
export async function continueRun({ threads }: Core, shown: string | null): Promise<void> {
  const rests = ({ status }: { readonly status: ThreadStatus }): boolean =>
    status === 'paused' || status === 'unfinished';
  const threadId = shown ?? threads.list().find(rests)?.threadId ?? null;
  const view = threadId === null ? null : (await threads.open(threadId)).view;
  if (view === null || (!rests(view) && view.failure === null)) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No run is paused or was cut off.'));
    return;
  }
  await threads.resume(view.threadId);
}

/** Lets the user choose what is taken back, or brought back, of what a thread has changed. */
export async function takeBack(
  { threads }: Core,
  shown: string | null,
  kind: UndoKind,
): Promise<void> {
  const threadId = shown ?? threads.list()[0]?.threadId ?? null;
  const view = threadId === null ? null : (await threads.open(threadId)).view;
  const rows = view === null ? [] : rowsOf(view, kind);
  if (view === null || rows.length === 0) {
    void vscode.window.showInformationMessage(
      kind === 'undo'
        ? vscode.l10n.t('Nothing in this thread can be undone.')
        : vscode.l10n.t('Nothing in this thread can be brought back.'),
    );
    return;
  }
  const chosen = await vscode.window.showQuickPick(rows, {
    title: kind === 'undo' ? vscode.l10n.t('Undo a change') : vscode.l10n.t('Redo a change'),
    placeHolder: view.title,
    matchOnDescription: true,
  });
  if (chosen === undefined) return;
  const outcome = await threads.undo(view.threadId, chosen.proposalId, kind);
  if (outcome.kind === 'refused') void vscode.window.showWarningMessage(outcome.reason);
}

type Row = vscode.QuickPickItem & { readonly proposalId: string };

/** The newest first. In a label, `$(…)` would be an icon. */
function rowsOf({ items }: ThreadView, kind: UndoKind): Row[] {
  return items
    .filter((item): item is ToolItem => item.kind === 'tool' && item.review?.undo === kind)
    .toReversed()
    .map(({ title, detail, review }) => ({
      label: title.replaceAll('$(', '$\u200B('),
      description: detail.replaceAll('$(', '$\u200B('),
      proposalId: review?.proposalId ?? '',
    }));
}
