import * as vscode from 'vscode';
import type { Proposal } from '../approval/proposal.ts';
import { awaitsPerson } from '../shared/decision.ts';
import type { Core } from '../threads/core.ts';
import type { CoreHost } from './core-host.ts';
import type { DiffTabs } from './diff-tabs.ts';
import { CONTEXT_KEYS } from './ids.ts';
import { openDiff } from './open-diff.ts';
import type { Typing } from './typing.ts';

export interface FollowDiffsDeps {
  readonly host: CoreHost;
  readonly tabs: DiffTabs;
  readonly typing: Typing;
  readonly onError: (error: unknown) => void;
}

/** Keeps the context keys true to the active editor, and the open diffs true to their proposals. */
export function followDiffs({ host, tabs, typing, onError }: FollowDiffsDeps): vscode.Disposable {
  const told = new Map<ReviewKey, boolean>();
  const update = (): void => {
    const core = host.loaded();
    tell(core === null ? NONE : keysOf(core, tabs), told);
  };
  const subscriptions: { dispose(): unknown }[] = [
    vscode.window.tabGroups.onDidChangeTabs(update),
    vscode.window.tabGroups.onDidChangeTabGroups(update),
    host.onOpened((core) => {
      subscriptions.push(
        core.threads.onEvent(({ event }) => {
          if (event.kind !== 'item' || event.item.kind !== 'tool' || !event.item.review) return;
          const proposal = core.proposal(event.item.review.proposalId);
          if (proposal !== null) refresh(core, proposal, { tabs, typing }).catch(onError);
          update();
        }),
      );
      update();
    }),
  ];
  return new vscode.Disposable(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}

type ReviewKey = Extract<keyof typeof CONTEXT_KEYS, `review${string}`>;
type ReviewKeys = Readonly<Record<ReviewKey, boolean>>;

const NONE: ReviewKeys = {
  reviewActive: false,
  reviewApprovable: false,
  reviewSeveral: false,
  reviewPart: false,
  reviewUnclear: false,
  reviewCommand: false,
  reviewAccepted: false,
  reviewRejected: false,
  reviewSince: false,
};

function keysOf(core: Core, tabs: DiffTabs): ReviewKeys {
  const active = tabs.active();
  const proposal = active === null ? null : core.proposal(active.proposalId);
  if (active === null || proposal === null) return NONE;
  const { state, question, command } = proposal;
  const reviewCommand = command !== null;
  if (state === 'partial' || state === 'unknown') {
    return { ...NONE, reviewUnclear: true, reviewCommand };
  }
  if (state !== 'proposed' || question !== null) return NONE;
  const several = proposal.operations.length > 1;
  const review = core.review(active.proposalId)?.review;
  const { accepted = 0, edited = 0, rejected = 0, open = 0 } = review?.progress ?? {};
  return {
    reviewActive: true,
    // What is not shown in this editor is not approved in it.
    reviewApprovable: active.whole && review?.approvable === true,
    reviewSeveral: several,
    reviewPart: !active.whole,
    reviewUnclear: false,
    reviewCommand,
    reviewAccepted: accepted + edited > 0 && open > 0,
    reviewRejected: rejected > 0,
    reviewSince: typeof review?.since === 'string',
  };
}

/** Tells the editor what is not as it was told before: a thread that is loaded has many events. */
function tell(keys: ReviewKeys, told: Map<ReviewKey, boolean>): void {
  for (const [name, value] of Object.entries(keys) as [ReviewKey, boolean][]) {
    if (told.get(name) === value) continue;
    told.set(name, value);
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS[name], value);
  }
}

async function refresh(
  core: Core,
  proposal: Proposal,
  { tabs, typing }: Pick<FollowDiffsDeps, 'tabs' | 'typing'>,
): Promise<void> {
  const { proposalId, state } = proposal;
  const open = tabs.of(proposalId);
  if (open.length === 0 || state === 'approved' || state === 'claimed') return;
  if (state === 'proposed') {
    if (!tabs.areOthers(proposal)) return;
    const visible = open.some(({ isActive }) => isActive);
    tabs.opening(proposal);
    await tabs.close(proposalId, 'all');
    if (visible) await openDiff(core, tabs, proposalId, null);
    return;
  }
  // A diff that was answered has nothing left to ask: its tab closes, the focus stays.
  if (!awaitsPerson(state) && !typing.isUnsaved(proposalId)) await tabs.close(proposalId, 'all');
}
