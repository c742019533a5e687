import type { Disposable } from '../shared/lifecycle.ts';
import type { ReviewView, ThreadEvent, ThreadStatus } from '../shared/thread-view.ts';
import { waitingIn } from './asked.ts';
import type { Core } from './core.ts';
import type { Asked } from './threads.ts';

/** A decision that waits for a person. */
export interface WaitingRow extends Asked {
  readonly review: ReviewView;
  /** When it was proposed, in milliseconds since 1970. */
  readonly askedAt: number;
}

/** All that waits, riskiest first, and the titles of the threads that run, or are paused. */
export interface Inbox {
  readonly rows: readonly WaitingRow[];
  readonly running: readonly string[];
  readonly paused: readonly string[];
}

export const NOTHING: Inbox = { rows: [], running: [], paused: [] };

/**
 * Follows what waits in every thread of this window. Text that streams costs nothing: only what can
 * change the answer is looked at, and several changes of one turn of the event loop once.
 */
export function followInbox(core: Core, onChange: (inbox: Inbox) => void): Disposable {
  const { threads } = core;
  const askedAt = new Map<string, number>();
  const timeOf = (proposalId: string): number => {
    const known = askedAt.get(proposalId) ?? core.proposal(proposalId)?.createdAt ?? Date.now();
    askedAt.set(proposalId, known);
    return known;
  };
  let planned: NodeJS.Immediate | null = null;
  const look = (): void => {
    planned = null;
    const views = threads.views();
    const titlesOf = (wanted: ThreadStatus): string[] =>
      views
        .filter(({ status, elsewhere }) => status === wanted && !elsewhere)
        .map(({ title }) => title);
    onChange({
      rows: toRows(views.flatMap(waitingIn), timeOf),
      running: titlesOf('running'),
      paused: titlesOf('paused'),
    });
  };
  const changed = (): void => {
    planned ??= setImmediate(look);
  };
  const subscriptions = [
    threads.onAsked(changed),
    threads.onListChanged(changed),
    threads.onEvent(({ event }) => {
      if (concerns(event)) changed();
    }),
  ];
  changed();
  return {
    dispose() {
      for (const one of subscriptions) one.dispose();
      if (planned !== null) clearImmediate(planned);
    },
  };
}

/** All that waits now; loads the threads that it waits in. */
export async function rowsNow(core: Core): Promise<readonly WaitingRow[]> {
  const timeOf = (proposalId: string): number => core.proposal(proposalId)?.createdAt ?? Date.now();
  return toRows(await core.threads.pending(), timeOf);
}

function toRows(
  asked: readonly Asked[],
  timeOf: (proposalId: string) => number,
): readonly WaitingRow[] {
  return asked
    .flatMap((one): WaitingRow[] => {
      const { review } = one.item;
      return review === null ? [] : [{ ...one, review, askedAt: timeOf(review.proposalId) }];
    })
    .toSorted(riskiestFirst);
}

/** A change of status or title is a change of the list. */
function concerns(event: ThreadEvent): boolean {
  if (event.kind === 'item') return event.item.kind === 'tool' && event.item.review !== null;
  return event.kind === 'removed' || event.kind === 'owner';
}

/** True if rows show the same, so that nothing has to be drawn anew. */
export function areSame(some: readonly WaitingRow[], others: readonly WaitingRow[]): boolean {
  const isSame = (row: WaitingRow, place: number): boolean =>
    row.item === others[place]?.item && row.threadTitle === others[place].threadTitle;
  return some.length === others.length && some.every(isSame);
}

/** The order in which to look at what waits: what is unclear, what cannot be taken back, the rest. */
export function riskiestFirst(one: WaitingRow, other: WaitingRow): number {
  return rankOf(one) - rankOf(other) || one.askedAt - other.askedAt;
}

function rankOf(row: WaitingRow): number {
  if (isUnclear(row)) return 0;
  if (row.review.irrecoverable.length > 0) return 1;
  return row.review.risk === 'high' ? 2 : 3;
}

/** It was approved, and it is not known whether it happened. */
export function isUnclear({ item }: Pick<WaitingRow, 'item'>): boolean {
  return item.state !== 'proposed';
}

/** True for what can be approved by its title: small, of one file, and without anything special. */
export function isPlain(review: ReviewView): boolean {
  const [file, ...others] = review.files;
  return (
    review.risk === 'low' &&
    review.hiddenCharacters === 0 &&
    review.warnings.length === 0 &&
    review.irrecoverable.length === 0 &&
    review.command === null &&
    review.notice === null &&
    review.approvable &&
    file !== undefined &&
    others.length === 0 &&
    file.isText &&
    file.moreRows === 0
  );
}

/** True if a row is a proposal that can be approved as it is, with others or by itself. */
export function isApprovable(row: WaitingRow): boolean {
  return !isUnclear(row) && row.review.question === null && row.review.approvable;
}

/** What can be approved with others without a look at each. */
function isOrdinary(row: WaitingRow): boolean {
  const { irrecoverable, command, hiddenCharacters, notice } = row.review;
  const special = irrecoverable.length > 0 || command !== null || hiddenCharacters > 0;
  return isApprovable(row) && !special && notice === null;
}

/**
 * What is alike gets the same answer: done with the same tool, the same kinds of change, asked by the
 * same rule, with the same risk and the same warnings. Null for what is to be answered by itself.
 */
function likenessOf(row: WaitingRow): string | null {
  if (!isOrdinary(row)) return null;
  const { files, risk, why, warnings } = row.review;
  const changes = [...new Set(files.map(({ change }) => change))].toSorted();
  return JSON.stringify([row.item.toolName, changes, risk, why, warnings.toSorted()]);
}

/** Those of all that are like one, itself included; just itself, or none, if nothing is like it. */
export function alike(row: WaitingRow, all: readonly WaitingRow[]): readonly WaitingRow[] {
  const likeness = likenessOf(row);
  return likeness === null ? [] : all.filter((one) => likenessOf(one) === likeness);
}

/** How many are alike, of every row that is like others. */
export function countAlike(rows: readonly WaitingRow[]): (row: WaitingRow) => number {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const likeness = likenessOf(row);
    if (likeness !== null) counts.set(likeness, (counts.get(likeness) ?? 0) + 1);
  }
  return (row) => counts.get(likenessOf(row) ?? '') ?? 0;
}
