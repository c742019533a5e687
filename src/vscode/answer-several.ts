import * as vscode from 'vscode';
import type { Decision, DecisionOutcome } from '../shared/decision.ts';
import { messageOf } from '../shared/lifecycle.ts';
import type { Core } from '../threads/core.ts';
import { type WaitingRow, isApprovable, isUnclear } from '../threads/inbox.ts';
import { descriptionOf, labelOf } from '../threads/inbox-words.ts';
import { plainLine, shortLine } from '../workspace/plain-line.ts';
import { askText } from './ask.ts';
import type { Reviews } from './reviews.ts';
import { sinceText } from './thread-words.ts';

export interface SeveralDeps {
  readonly reviews: Reviews;
  readonly core: () => Core | null;
  readonly onError: (error: unknown) => void;
}

/** The most of a line of a list, in characters. */
const DETAIL = 500;

/** How many of those that are left are named. */
const NAMED = 5;

/** Lists what would be approved, and approves what stays ticked. */
export async function approveSeveral(
  deps: SeveralDeps,
  rows: readonly WaitingRow[],
): Promise<void> {
  const possible = rows.filter(isApprovable);
  const chosen = await choose(deps, possible, {
    title: vscode.l10n.t('Approve these {0}?', possible.length),
    placeHolder: left(rows.length - possible.length),
  });
  if (chosen.length > 0) await decideEach(deps, chosen, { kind: 'approve' });
}

/** Lists what would be rejected, asks once for the reason, and rejects what stays ticked. */
export async function rejectSeveral(deps: SeveralDeps, rows: readonly WaitingRow[]): Promise<void> {
  const possible = rows.filter((row) => !isUnclear(row));
  const chosen = await choose(deps, possible, {
    title: vscode.l10n.t('Reject these {0}?', possible.length),
    placeHolder: left(rows.length - possible.length),
  });
  if (chosen.length > 0) await rejectEach(deps, chosen);
}

/** Lists what is alike, asks what to answer, and answers what stays ticked. */
export async function answerAlike(deps: SeveralDeps, rows: readonly WaitingRow[]): Promise<void> {
  const chosen = await choose(deps, rows, {
    title: vscode.l10n.t('The same answer for these {0}', rows.length),
    placeHolder: vscode.l10n.t('What is not ticked is left; what to answer is asked next'),
  });
  if (chosen.length === 0) return;
  const approve = vscode.l10n.t('Approve {0}', chosen.length);
  const reject = vscode.l10n.t('Reject {0}…', chosen.length);
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('What do you answer to these {0}?', chosen.length),
    { modal: true, detail: chosen.map(lineOf).join('\n') },
    approve,
    reject,
  );
  if (answer === approve) await decideEach(deps, chosen, { kind: 'approve' });
  if (answer === reject) await rejectEach(deps, chosen);
}

function left(count: number): string {
  return count === 0
    ? vscode.l10n.t('What is not ticked is left')
    : vscode.l10n.t(
        'What is not ticked is left, and so are {0} that need an answer of their own',
        count,
      );
}

type RowPick = vscode.QuickPickItem & { readonly row: WaitingRow };

/** All of them ticked, each with a button that opens its diff; none if the list is dismissed. */
function choose(
  { reviews, onError }: SeveralDeps,
  rows: readonly WaitingRow[],
  words: { readonly title: string; readonly placeHolder: string },
): Promise<readonly WaitingRow[]> {
  if (rows.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Each of these needs an answer of its own.'),
    );
    return Promise.resolve([]);
  }
  const pick = vscode.window.createQuickPick<RowPick>();
  Object.assign(pick, {
    title: words.title,
    placeholder: words.placeHolder,
    canSelectMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
    matchOnDetail: true,
    items: rows.map(toPick),
  });
  pick.selectedItems = pick.items;
  return new Promise((resolve) => {
    let chosen: readonly WaitingRow[] = [];
    pick.onDidTriggerItemButton(({ item: { row } }) => {
      reviews.openDiff(row.review.proposalId, null).catch(onError);
    });
    pick.onDidAccept(() => {
      chosen = pick.selectedItems.map(({ row }) => row);
      pick.hide();
    });
    pick.onDidHide(() => {
      pick.dispose();
      resolve(chosen);
    });
    pick.show();
  });
}

function toPick(row: WaitingRow): RowPick {
  const { files, warnings, irrecoverable, notice, command, hiddenCharacters } = row.review;
  const detail = [
    ...files.map(({ path, to, added, removed }) => {
      const name = shortLine(to === null ? path : `${path} → ${to}`);
      return `${name} +${added} −${removed}`;
    }),
    ...(hiddenCharacters > 0 ? [vscode.l10n.t('{0} hidden characters', hiddenCharacters)] : []),
    ...(notice === null ? [] : [notice.text]),
    ...warnings,
    ...irrecoverable,
  ].map((line) => plainLine(line, DETAIL));
  const button = { iconPath: new vscode.ThemeIcon('diff'), tooltip: vscode.l10n.t('Open Diff') };
  return {
    label: plainLine(labelOf(row)),
    description: plainLine(descriptionOf(row, sinceText(row.askedAt), true), DETAIL),
    detail: detail.join(' · '),
    buttons: command === null ? [button] : [],
    row,
  };
}

function lineOf(row: WaitingRow): string {
  return `${labelOf(row)} · ${descriptionOf(row, sinceText(row.askedAt), true)}`;
}

async function rejectEach(deps: SeveralDeps, rows: readonly WaitingRow[]): Promise<void> {
  const reason = await askText({
    title: vscode.l10n.t('Reject {0} proposals', rows.length),
    prompt: vscode.l10n.t('Why? The agent reads the reason. Enter rejects, Escape cancels.'),
  });
  if (reason !== undefined) await decideEach(deps, rows, { kind: 'reject', reason });
}

/** One after the other, oldest first, each as it was listed; says what was not decided, and why. */
async function decideEach(
  { reviews, core }: SeveralDeps,
  rows: readonly WaitingRow[],
  decision: Decision,
): Promise<void> {
  const threads = core()?.threads;
  if (threads === undefined || !(await reviews.flush())) return;
  const not: string[] = [];
  for (const row of rows.toSorted((one, other) => one.askedAt - other.askedAt)) {
    const { interruptId, effectHash } = row.review;
    if (interruptId === null) continue;
    const why = await threads
      .decide(row.threadId, { interruptId, effectHash }, decision)
      .then(whyNot, messageOf);
    if (why !== null) not.push(`${labelOf(row)}: ${why}`);
  }
  if (not.length === 0) return;
  const more = not.length - NAMED;
  const named = not.slice(0, NAMED).join('; ');
  const list = more > 0 ? vscode.l10n.t('{0}; and {1} more', named, more) : named;
  void vscode.window.showWarningMessage(
    vscode.l10n.t('{0} of {1} are decided. Left: {2}', rows.length - not.length, rows.length, list),
  );
}

function whyNot(outcome: DecisionOutcome): string | null {
  switch (outcome.kind) {
    case 'taken':
      return null;
    case 'tooLate':
      return vscode.l10n.t('already answered');
    case 'changed':
      return vscode.l10n.t('something else is proposed by now');
    case 'dismissed':
      return vscode.l10n.t('not confirmed');
    case 'refused':
      return outcome.reason;
  }
}
