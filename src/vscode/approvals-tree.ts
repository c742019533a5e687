import * as vscode from 'vscode';
import { type WaitingRow, countAlike, isPlain, isUnclear } from '../threads/inbox.ts';
import { descriptionOf, labelOf, spokenOf, tooltipOf } from '../threads/inbox-words.ts';
import { plainLine } from '../workspace/plain-line.ts';
import { APPROVALS_VIEW, CONTEXT_KEYS, INBOX_COMMANDS } from './ids.ts';
import type { InboxDeps } from './inbox.ts';
import { createPause } from './pause.ts';
import { sinceText } from './thread-words.ts';
import type { CLOSED } from './threads-tree.ts';

/** The most of what stands beside a row's name, in characters. */
const DESCRIPTION = 300;

/** A thread with what waits in it. */
export interface WaitingThread {
  readonly threadId: string;
  readonly threadTitle: string;
  readonly rows: readonly WaitingRow[];
}

export type ShownElement = WaitingRow | WaitingThread;
export type ApprovalsElement = ShownElement | typeof CLOSED;

export interface ApprovalsTree {
  children(parent?: ApprovalsElement): readonly ApprovalsElement[];
  parent(element: ApprovalsElement): ApprovalsElement | undefined;
  item(element: ShownElement): vscode.TreeItem;
  resolve(item: vscode.TreeItem, element: ApprovalsElement): vscode.TreeItem;
  /** Other rows are there now. */
  update(): void;
  group(grouped: boolean): Promise<void>;
  /** Gives the keys to the first row. */
  focus(): Promise<void>;
  /** Gives the keys to the next row, before one is answered that has them. */
  leave(row: WaitingRow): Promise<void>;
  dispose(): void;
}

const GROUPED = 'countersign.approvalsGrouped';
const MINUTE = 60_000;

export function isRow(element: unknown): element is WaitingRow {
  return typeof element === 'object' && element !== null && 'review' in element;
}

/** The rows that an element stands for: itself, or all of its thread. */
export function rowsOf(element: unknown): readonly WaitingRow[] {
  if (isRow(element)) return [element];
  const isThread = typeof element === 'object' && element !== null && 'rows' in element;
  return isThread && Array.isArray(element.rows) ? element.rows.filter(isRow) : [];
}

/** The Approvals view: what waits in all threads, riskiest first, or the same below its threads. */
export function createApprovalsTree(
  { view, memory, onShown }: Pick<InboxDeps, 'view' | 'memory' | 'onShown'>,
  rowsNow: () => readonly WaitingRow[],
): ApprovalsTree {
  let grouped = memory.get(GROUPED, false);
  let likeCount: (row: WaitingRow) => number = () => 0;
  const tellGrouped = (): void => {
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.approvalsGrouped, grouped);
  };
  tellGrouped();
  const order = (): readonly WaitingRow[] =>
    grouped ? byThread(rowsNow()).flatMap((thread) => thread.rows) : rowsNow();
  const ageing = createPause(MINUTE, () => {
    if (rowsNow().length === 0) return;
    if (view.visible) onShown();
    ageing.soon('');
  });
  return {
    children(parent) {
      if (parent === undefined) return grouped ? byThread(rowsNow()) : rowsNow();
      return isRow(parent) ? [] : rowsOf(parent);
    },
    parent: (element) =>
      grouped && isRow(element)
        ? byThread(rowsNow()).find(({ threadId }) => threadId === element.threadId)
        : undefined,
    item: (element) =>
      isRow(element) ? rowItem(element, grouped, likeCount(element) > 1) : threadItem(element),
    resolve(item, element) {
      if (!isRow(element)) return item;
      // Neither links nor icons nor HTML of others: it is trusted with nothing.
      item.tooltip = new vscode.MarkdownString(tooltipOf(element, sinceText(element.askedAt)));
      return item;
    },
    update() {
      const rows = rowsNow();
      const { length } = rows;
      likeCount = countAlike(rows);
      if (length > 0) ageing.soon('');
      const tooltip =
        length === 1
          ? vscode.l10n.t('1 approval waits')
          : vscode.l10n.t('{0} approvals wait', length);
      view.badge = length === 0 ? undefined : { value: length, tooltip };
      view.description = length === 0 ? '' : String(length);
    },
    async group(wanted) {
      grouped = wanted;
      tellGrouped();
      onShown();
      await memory.update(GROUPED, wanted);
    },
    focus: () => focusFirst(view, order()),
    leave: (row) => focusNext(view, order(), row),
    dispose() {
      ageing.dispose();
    },
  };
}

type View = vscode.TreeView<ApprovalsElement>;

async function focusFirst(view: View, [first]: readonly WaitingRow[]): Promise<void> {
  // The editor's own command gives the keys to no row of a view that was not shown yet.
  if (first === undefined) await vscode.commands.executeCommand(`${APPROVALS_VIEW}.focus`);
  else await view.reveal(first, { focus: true, select: false });
}

async function focusNext(view: View, rows: readonly WaitingRow[], row: WaitingRow): Promise<void> {
  const { proposalId } = row.review;
  const place = rows.findIndex(({ review }) => review.proposalId === proposalId);
  const next = place === -1 ? undefined : (rows[place + 1] ?? rows[place - 1]);
  if (next !== undefined) await view.reveal(next, { focus: true, select: false });
}

/** The thread with the riskiest of all comes first. */
function byThread(rows: readonly WaitingRow[]): readonly WaitingThread[] {
  const threads = Map.groupBy(rows, ({ threadId }) => threadId);
  return [...threads].map(([threadId, own]) => ({
    threadId,
    threadTitle: own[0]?.threadTitle ?? '',
    rows: own,
  }));
}

function threadItem({ threadId, threadTitle, rows }: WaitingThread): vscode.TreeItem {
  const label = plainLine(threadTitle);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `thread:${threadId}`;
  item.description = String(rows.length);
  item.iconPath = new vscode.ThemeIcon('comment-discussion');
  item.contextValue = 'waitingThread';
  return item;
}

function rowItem(row: WaitingRow, grouped: boolean, hasLike: boolean): vscode.TreeItem {
  const since = sinceText(row.askedAt);
  const item = new vscode.TreeItem(plainLine(labelOf(row)));
  item.id = row.review.proposalId;
  item.description = plainLine(descriptionOf(row, since, !grouped), DESCRIPTION);
  item.iconPath = iconOf(row);
  item.contextValue = contextOf(row, hasLike);
  item.accessibilityInformation = { label: spokenOf(row, since) };
  item.command = {
    command: INBOX_COMMANDS.reviewRow,
    title: vscode.l10n.t('Review'),
    arguments: [row],
  };
  return item;
}

/** Words for `when` clauses: what can be answered to a row. */
function contextOf(row: WaitingRow, hasLike: boolean): string {
  const { question, command, files } = row.review;
  const words = ['approval'];
  if (isUnclear(row)) words.push(command === null ? 'unclearFiles' : 'unclear');
  else if (question !== null) words.push('question');
  else words.push(command === null ? 'changes' : 'command');
  if (!isUnclear(row) && isPlain(row.review)) words.push('plain');
  if (files.length > 1) words.push('several');
  if (hasLike) words.push('like');
  return words.join(' ');
}

function iconOf(row: WaitingRow): vscode.ThemeIcon {
  const { risk, irrecoverable } = row.review;
  const alarming = isUnclear(row) || irrecoverable.length > 0 || risk === 'high';
  const color = alarming ? new vscode.ThemeColor('list.warningForeground') : undefined;
  return new vscode.ThemeIcon(iconName(row), color);
}

export function iconName(row: WaitingRow): string {
  const { question, command, irrecoverable, notice, files } = row.review;
  if (isUnclear(row)) return 'warning';
  if (question !== null) return 'question';
  if (command !== null) return 'terminal';
  if (irrecoverable.length > 0) return 'shield';
  if (notice?.kind === 'conflict') return 'git-merge';
  if (notice?.kind === 'stale') return 'stop';
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) return 'files';
  const icons = { create: 'new-file', edit: 'edit', delete: 'trash', move: 'arrow-right' };
  return icons[file.change];
}
