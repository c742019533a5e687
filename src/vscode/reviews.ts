import * as vscode from 'vscode';
import type { ChangeProgress } from '../shared/change-view.ts';
import type { Decision, SettleWay } from '../shared/decision.ts';
import { isOneLine } from '../shared/command.ts';
import type { ReviewView } from '../shared/thread-view.ts';
import type { Words } from './ask.ts';
import type { CoreHost } from './core-host.ts';
import { type About, decideInEditor } from './decide.ts';
import type { DiffTabs } from './diff-tabs.ts';
import { openDiff } from './open-diff.ts';
import { argumentsUri } from './proposal-uris.ts';
import { BY_HAND, DECLINED, NOTE, REDIRECT, REJECT } from './review-questions.ts';
import { compareRejected } from './since-rejected.ts';
import type { ShownFiles } from './shown-files.ts';
import type { Typing } from './typing.ts';

/**
 * Looking at proposals in the editor, and answering them there. What asks something of the user does
 * nothing if the question is dismissed.
 */
export interface Reviews {
  /** What a proposal asks: its diff, or, of a question or an unclear outcome, the question. */
  open(proposalId: string): Promise<void>;
  /** The diff of one file of a proposal, with the cursor at one of its changes, or of all. */
  openDiff(proposalId: string, operation: number | null, change?: number | null): Promise<void>;
  /** `seen` is the hash of the effect that the user saw, where that was not in the editor. */
  approve(proposalId: string, seen?: string): Promise<void>;
  approveWithNote(proposalId: string, seen?: string): Promise<void>;
  /** Only the changes that the user accepted; the others are declined. */
  approveAccepted(proposalId: string): Promise<void>;
  /** Some of the files; the others are declined. */
  approveSome(proposalId: string): Promise<void>;
  reject(proposalId: string, seen?: string): Promise<void>;
  redirect(proposalId: string, seen?: string): Promise<void>;
  doneByHand(proposalId: string, seen?: string): Promise<void>;
  /** What is proposed now next to what was rejected before. */
  compareRejected(proposalId: string): Promise<void>;
  /** Opens the arguments of the tool call: saving them proposes anew. */
  editArguments(proposalId: string): Promise<void>;
  /** Another command instead of the proposed one, which is approved by that. */
  editCommand(proposalId: string): Promise<void>;
  /** Lets the user choose among all that waits; the only one is opened at once. */
  reviewPending(): Promise<void>;
  /** How to go on with an effect whose outcome is unclear. */
  settle(proposalId: string, way: SettleWay): Promise<void>;
  /** One of the approvals that wait, by the proposal's id; null if none is chosen. */
  choosePending(): Promise<string | null>;
  /** Takes over what is typed into proposals and not saved yet. */
  flush(): Promise<boolean>;
}

export interface ReviewsDeps {
  readonly host: CoreHost;
  readonly shown: ShownFiles;
  readonly tabs: DiffTabs;
  readonly typing: Typing;
}

/** The boxes, in a bundle of their own. */
const asking = () => import('./ask.ts');

export function createReviews(deps: ReviewsDeps): Reviews {
  const { host, typing } = deps;
  const decide: Decide = (proposalId, decision, about) =>
    decideInEditor({ ...deps, open: (id) => open(id) }, proposalId, decision, about);
  /** Asks for words to a decision, which end as part of it. */
  const inWords = async (
    proposalId: string,
    box: Words,
    decision: (words: string) => Decision,
    seen?: string,
  ): Promise<void> => {
    const asked = (await reviewNow(deps, proposalId))?.effectHash;
    if (asked === undefined) return;
    const words = await (await asking()).askText(box);
    if (words !== undefined) await decide(proposalId, decision(words), { seen, asked });
  };
  const open = (proposalId: string): Promise<void> => openOrAsk(deps, decide, reviews, proposalId);
  const reviews: Reviews = {
    open,
    async choosePending() {
      const core = await host.open();
      return (await import('./inbox.ts')).choosePending(core);
    },
    settle: (proposalId, way) => settle(host, decide, reviews, { proposalId, way }),
    openDiff: async (proposalId, operation, change) =>
      openDiff(await host.open(), deps.tabs, proposalId, operation, change),
    flush: () => typing.flush(),
    async approve(proposalId, seen) {
      await decide(proposalId, { kind: 'approve' }, { seen });
    },
    approveWithNote: (proposalId, seen) =>
      inWords(proposalId, NOTE(), (note) => ({ kind: 'approve', ...noted(note) }), seen),
    approveAccepted: (proposalId) => approveAccepted(deps, decide, proposalId),
    async approveSome(proposalId) {
      const review = await reviewNow(deps, proposalId);
      const decision = await someFiles(review);
      if (decision !== undefined) {
        await decide(proposalId, decision, { asked: review?.effectHash });
      }
    },
    reject: (proposalId, seen) =>
      inWords(proposalId, REJECT(), (reason) => ({ kind: 'reject', reason }), seen),
    redirect: (proposalId, seen) => redirect(deps, decide, proposalId, seen),
    doneByHand: (proposalId, seen) =>
      inWords(proposalId, BY_HAND(), (note) => ({ kind: 'doneByHand', ...noted(note) }), seen),
    compareRejected: async (proposalId) => compareRejected(await host.open(), proposalId),
    editArguments: showArguments,
    async editCommand(proposalId) {
      const review = (await host.open()).review(proposalId)?.review;
      if (review !== undefined) await editCommand(decide, review);
    },
    async reviewPending() {
      const chosen = await reviews.choosePending();
      if (chosen !== null) await open(chosen);
    },
  };
  return reviews;
}

/** What the user sees, with all that was typed and done to it by now; undefined if some is not saved. */
async function reviewNow(
  { host, typing, shown }: ReviewsDeps,
  proposalId: string,
): Promise<ReviewView | undefined> {
  if (!(await typing.flush())) return undefined;
  const core = await host.open();
  await shown.caughtUp(core, proposalId);
  return core.review(proposalId)?.review;
}

async function redirect(
  deps: ReviewsDeps,
  decide: Decide,
  proposalId: string,
  seen: string | undefined,
): Promise<void> {
  const asked = (await reviewNow(deps, proposalId))?.effectHash;
  const core = await deps.host.open();
  const threadId = core.proposal(proposalId)?.threadId;
  if (asked === undefined || threadId === undefined) return;
  const { mode } = (await core.threads.open(threadId)).view;
  const decision = await (await asking()).askRedirect(REDIRECT(), mode);
  if (decision !== undefined) await decide(proposalId, decision, { seen, asked });
}

async function approveAccepted(
  deps: ReviewsDeps,
  decide: Decide,
  proposalId: string,
): Promise<void> {
  if ((await reviewNow(deps, proposalId)) === undefined) return;
  const core = await deps.host.open();
  // What is accepted is named by places in what is shown now, and in nothing else.
  const asked = core.proposal(proposalId)?.shown?.effectHash;
  const decision = core.threads.acceptedPart(proposalId);
  if (decision !== null) await decide(proposalId, decision, { asked });
  else tellNoPart(core.changes(proposalId)?.progress);
}

async function someFiles(review: ReviewView | undefined): Promise<Decision | undefined> {
  const files = review && (await (await asking()).askFiles(review));
  if (!files || files.length === 0) return undefined;
  if (files.length === review.files.length) return { kind: 'approve' };
  const reason = await (await asking()).askText(DECLINED());
  return reason === undefined ? undefined : { kind: 'partial', files, reason };
}

function noted(note: string): { readonly note?: string } {
  return note === '' ? {} : { note };
}

async function showArguments(proposalId: string): Promise<void> {
  await vscode.window.showTextDocument(argumentsUri(proposalId), { preview: false });
}

type Decide = (proposalId: string, decision: Decision, about?: About) => Promise<boolean>;

interface Settling {
  readonly proposalId: string;
  readonly way: SettleWay;
}

async function settle(
  host: CoreHost,
  decide: Decide,
  reviews: Reviews,
  { proposalId, way }: Settling,
): Promise<void> {
  if (!(await decide(proposalId, { kind: 'settle', way }))) return;
  // What would finish it or put it back is a proposal of its own.
  const { state } = (await host.open()).proposal(proposalId) ?? {};
  if (state === 'proposed') await reviews.open(proposalId);
}

async function openOrAsk(
  { host, tabs }: ReviewsDeps,
  decide: Decide,
  reviews: Reviews,
  proposalId: string,
): Promise<void> {
  const core = await host.open();
  const state = core.proposal(proposalId)?.state;
  const reviewed = core.review(proposalId);
  const question = reviewed?.review.question ?? null;
  const unclear = state === 'partial' || state === 'unknown';
  if (reviewed !== null && unclear) {
    const decision = await (await asking()).askOutcome(reviewed.title, reviewed.review);
    if (decision === undefined || !(await decide(proposalId, decision))) return;
    // What would finish it or put it back is a proposal of its own.
    if (core.proposal(proposalId)?.state !== 'proposed') return;
  } else if (question !== null) {
    const decision = await (await asking()).askQuestion(question);
    if (decision !== undefined) await decide(proposalId, decision);
    return;
  }
  if (reviewed !== null && reviewed.review.command !== null) {
    if (unclear) await reviews.open(proposalId);
    else await answerCommand(decide, reviews, reviewed);
  } else await openDiff(core, tabs, proposalId, null);
}

/** Every answer to a command, about exactly what was listed with it. */
async function answerCommand(
  decide: Decide,
  reviews: Reviews,
  { title, review }: { title: string; review: ReviewView },
): Promise<void> {
  const { proposalId, effectHash } = review;
  const { askCommand } = await import('./ask-command.ts');
  const answer = await askCommand(title, review);
  if (answer === undefined) return;
  if (answer === 'approve') await decide(proposalId, { kind: 'approve' }, { seen: effectHash });
  else if (answer === 'approveWithNote') {
    const note = await (await asking()).askText(NOTE());
    if (note !== undefined) {
      await decide(proposalId, { kind: 'approve', ...noted(note) }, { seen: effectHash });
    }
  } else if (answer === 'editCommand') await editCommand(decide, review);
  else await reviews[answer](proposalId);
}

async function editCommand(
  decide: Decide,
  { proposalId, effectHash, command }: ReviewView,
): Promise<void> {
  if (command === null || !isOneLine(command.shell)) return;
  const { askEditedCommand } = await import('./ask-command.ts');
  const edited = await askEditedCommand(command);
  if (edited !== undefined) {
    const decision = { kind: 'editCommand', command: edited } as const;
    await decide(proposalId, decision, { seen: effectHash });
  }
}

function tellNoPart(progress: ChangeProgress | undefined): void {
  const isTaken = progress !== undefined && progress.accepted + progress.edited > 0;
  void vscode.window.showInformationMessage(
    isTaken
      ? vscode.l10n.t('This part cannot be taken by itself. Reject the rest, then approve.')
      : vscode.l10n.t('No change is accepted yet.'),
  );
}
