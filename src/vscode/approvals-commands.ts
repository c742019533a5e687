import * as vscode from 'vscode';
import type { SettleWay } from '../shared/decision.ts';
import { createQueue } from '../shared/queue.ts';
import type { Core } from '../threads/core.ts';
import { type WaitingRow, alike, isPlain, isUnclear } from '../threads/inbox.ts';
import { answerAlike, approveSeveral, rejectSeveral } from './answer-several.ts';
import { type ApprovalsTree, rowsOf } from './approvals-tree.ts';
import { TEXT_COMMANDS } from './ids.ts';
import type { InboxCommand, InboxDeps } from './inbox.ts';
import { wait } from './pause.ts';

export interface RowCommandDeps extends InboxDeps {
  readonly tree: ApprovalsTree;
  readonly core: () => Core | null;
  readonly rows: () => readonly WaitingRow[];
}

type Work = (row: WaitingRow, rows: readonly WaitingRow[]) => Promise<unknown>;

/** How long the row that a key has chosen is not opened by being chosen, in milliseconds. */
const CHOSEN = 1000;

/** A key that comes again within so many milliseconds is being held. */
const HELD = 100;

/** How often, and after how many milliseconds, a list that is drawn anew is asked what is chosen. */
const ASKED = { times: 40, every: 25 } as const;

/** What is done with a row of the Approvals view, or with several. */
export function createRowCommands(
  deps: RowCommandDeps,
): (name: InboxCommand, row: unknown, rows: unknown) => Promise<void> {
  const { reviews, tree } = deps;
  const choosing = createChoosing(deps.view);
  const turns = createQueue();
  const isHeld = createHeld();
  const settle =
    (way: SettleWay): Work =>
    ({ review }) =>
      reviews.settle(review.proposalId, way);
  const works: Record<Exclude<InboxCommand, `${string}Approvals`>, Work> = {
    reviewRow: async (row) => {
      if (!choosing.isChosen(row)) await review(deps, row);
    },
    approveRow: (row, rows) => (rows.length > 1 ? approveSeveral(deps, rows) : approve(deps, row)),
    rejectRow: (row, rows) => (rows.length > 1 ? rejectSeveral(deps, rows) : reject(deps, row)),
    answerAlike: (row) => answerAlike(deps, alike(row, deps.rows())),
    approveRowWithNote: (row) =>
      inSight(deps, row, (id, seen) => reviews.approveWithNote(id, seen)),
    approveRowSome: (row) => inSight(deps, row, (id) => reviews.approveSome(id)),
    editRow: ({ review: { proposalId } }) => reviews.editArguments(proposalId),
    redirectRow: ({ review: { proposalId, effectHash } }) =>
      reviews.redirect(proposalId, effectHash),
    doneByHandRow: ({ review: { proposalId, effectHash } }) =>
      reviews.doneByHand(proposalId, effectHash),
    rowAsText: async ({ review: { proposalId } }) => {
      await vscode.commands.executeCommand(TEXT_COMMANDS.reviewAsText, { proposalId });
    },
    openRowThread: (row) => openThread(deps, row),
    finishRow: settle('finish'),
    rollBackRow: settle('rollBack'),
    keepRow: settle('keep'),
  };
  /** The next key finds the next row where this one is about to go. */
  const chosenByKey = async (name: InboxCommand): Promise<readonly WaitingRow[]> => {
    const chosen = await choosing.choose();
    const [first, ...others] = chosen;
    if (name === 'approveRow' && first !== undefined && others.length === 0) {
      if (isPlain(first.review)) await tree.leave(first);
    }
    return chosen;
  };
  return async (name, element, elements) => {
    if (name === 'groupApprovals' || name === 'ungroupApprovals') {
      await tree.group(name === 'groupApprovals');
      return;
    }
    if (name === 'focusApprovals') {
      await tree.focus();
      return;
    }
    const byKey = element === undefined;
    if (byKey && name === 'approveRow' && isHeld()) return;
    const chosen = byKey ? await turns.run(() => chosenByKey(name)) : chosenOf(element, elements);
    const [first] = chosen;
    if (first !== undefined) await works[name](first, chosen);
  };
}

/** What a command was called on or, if that is one of several that are chosen, all of these. */
function chosenOf(element: unknown, elements: unknown): readonly WaitingRow[] {
  const several = Array.isArray(elements) ? elements.flatMap(rowsOf) : [];
  return several.length > 1 ? [...new Set(several)] : rowsOf(element);
}

/** Tells a key that is held from one that is pressed again: what nobody has read is not approved. */
function createHeld(): () => boolean {
  let last = -HELD;
  return () => {
    const before = last;
    last = performance.now();
    return last - before < HELD;
  };
}

interface Choosing {
  /** The rows that are chosen; if that is not several, the one that has the keys. */
  choose(): Promise<readonly WaitingRow[]>;
  /** True if a row is about to be opened just since a key has chosen it for something else. */
  isChosen(row: WaitingRow): boolean;
}

/**
 * An extension learns which rows are chosen, not which one has the keys: that one is chosen first,
 * which also opens it.
 */
function createChoosing(view: InboxDeps['view']): Choosing {
  let last: { proposalId: string | null; until: number } | null = null;
  return {
    async choose() {
      if (view.selection.length > 1) return [...new Set(view.selection.flatMap(rowsOf))];
      const mine = { proposalId: null as string | null, until: Infinity };
      last = mine;
      await vscode.commands.executeCommand('list.selectAndPreserveFocus');
      let rows = view.selection.flatMap(rowsOf);
      // While the rows are listed anew the editor knows what is chosen, and does not tell.
      for (let times = 0; rows.length === 0 && times < ASKED.times; times++) {
        await wait(ASKED.every);
        rows = view.selection.flatMap(rowsOf);
      }
      mine.proposalId = rows[0]?.review.proposalId ?? null;
      mine.until = performance.now() + CHOSEN;
      return rows;
    },
    isChosen({ review: { proposalId } }) {
      if (last === null || performance.now() > last.until) return false;
      if (last.proposalId !== null && last.proposalId !== proposalId) return false;
      last = null;
      return true;
    },
  };
}

async function review({ chat, reviews }: RowCommandDeps, row: WaitingRow): Promise<void> {
  await chat.reveal(row.threadId, row.item.id);
  await reviews.open(row.review.proposalId);
}

/** What cannot be approved by its title is looked at first, and approved there. */
async function approve(deps: RowCommandDeps, row: WaitingRow): Promise<void> {
  const { proposalId, effectHash } = row.review;
  if (isUnclear(row) || !isPlain(row.review)) await review(deps, row);
  else await deps.reviews.approve(proposalId, effectHash);
}

async function reject(deps: RowCommandDeps, row: WaitingRow): Promise<void> {
  const { proposalId, effectHash } = row.review;
  if (isUnclear(row)) await review(deps, row);
  else await deps.reviews.reject(proposalId, effectHash);
}

/** What cannot be approved by its title is shown while the question that goes with it is answered. */
async function inSight(
  deps: RowCommandDeps,
  row: WaitingRow,
  work: (proposalId: string, seen?: string) => Promise<void>,
): Promise<void> {
  const { proposalId, effectHash, question, command } = row.review;
  const asks = isUnclear(row) || question !== null || command !== null;
  if (asks) await review(deps, row);
  else if (isPlain(row.review)) await work(proposalId, effectHash);
  else {
    await deps.reviews.openDiff(proposalId, null);
    await work(proposalId);
  }
}

async function openThread({ chat }: RowCommandDeps, { threadId, item }: WaitingRow): Promise<void> {
  await chat.showThread(threadId);
  await chat.focus();
  await chat.reveal(threadId, item.id);
}
