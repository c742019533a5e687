import { t } from '@vscode/l10n';
import { composeDecision } from '../approval/answers.ts';
import { commentsOn } from '../approval/comments.ts';
import type { Ledger } from '../approval/ledger.ts';
import type { Proposal } from '../approval/proposal.ts';
import { settleByEvidence, settlingChanges } from '../approval/settle.ts';
import {
  type Decision,
  type DecisionOutcome,
  type Shown,
  awaitsPerson,
} from '../shared/decision.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { Workspace } from '../workspace/port.ts';
import { type ArgumentDeps, changeArguments } from './arguments.ts';
import type { LiveThread } from './thread.ts';

export interface DecideDeps extends ArgumentDeps {
  readonly ledger: Ledger;
  readonly workspace: Workspace;
  readonly load: (threadId: string) => Promise<LiveThread>;
}

export interface Answer {
  readonly threadId: string;
  readonly shown: Shown;
  readonly decision: Decision;
}

/** The one function that decides, for every surface. */
export async function decide(deps: DecideDeps, answer: Answer): Promise<DecisionOutcome> {
  const { ledger, load } = deps;
  const { threadId, shown } = answer;
  const thread = await load(threadId);
  thread.assertOwned();
  const proposal = ledger.ofInterrupt(threadId, shown.interruptId);
  if (proposal === null) {
    throw new UserFacingError('notFound', t('This approval does not exist any more.'));
  }
  if (!awaitsPerson(proposal.state)) return { kind: 'tooLate', state: proposal.state };
  if (proposal.shown?.effectHash !== shown.effectHash) return { kind: 'changed' };
  const decision = withComments(answer.decision, proposal, ledger);
  if (!answersWhatIsAsked(proposal, decision)) {
    return { kind: 'refused', reason: t('This is not an answer to what is asked.') };
  }
  if (decision.kind !== 'approve' && decision.kind !== 'settle' && proposal.settles !== null) {
    return declineSettling(deps, thread, proposal, decision);
  }
  if (decision.kind === 'editArguments') {
    return changeArguments(deps, thread, proposal, decision.arguments);
  }
  if (decision.kind === 'settle' && decision.way !== 'keep') {
    return settle(deps, thread, proposal, decision.way);
  }
  const composed = composeDecision(proposal, ledger, decision);
  if (composed.kind === 'refused') return composed;
  const changes = composed.kind === 'changed' ? composed.changes : undefined;
  const { proposalId, toolCallId } = proposal;
  const outcome = await ledger.decide(proposalId, shown.effectHash, decision, changes);
  if (outcome === 'changed') return { kind: 'changed' };
  if (outcome === 'tooLate') {
    return { kind: 'tooLate', state: ledger.find(proposalId)?.state ?? 'unknown' };
  }
  if (decision.kind === 'redirect') thread.redirected(toolCallId, decision.instruction);
  else thread.decided(toolCallId);
  return { kind: 'taken' };
}

/** The user's words to single changes go with the answer, and no others. */
function withComments(answer: Decision, proposal: Proposal, ledger: Ledger): Decision {
  const { comments: given, ...decision } = answer;
  const comments = commentsOn(proposal, ledger);
  if (given === undefined && comments.length === 0) return answer;
  return comments.length === 0 ? decision : { ...decision, comments };
}

/** What would settle an unclear effect is taken or not: changed, it would be neither of both. */
function answersWhatIsAsked({ state, settles }: Proposal, { kind }: Decision): boolean {
  if (state !== 'proposed') return kind === 'settle';
  if (settles === null) return kind !== 'settle';
  return kind === 'approve' || kind === 'reject' || kind === 'redirect';
}

/**
 * How to go on is an open question again or, where the user wants something else altogether, the
 * files stay as they are.
 */
async function declineSettling(
  { ledger, workspace }: DecideDeps,
  thread: LiveThread,
  proposal: Proposal,
  decision: Decision,
): Promise<DecisionOutcome> {
  const [reason = ''] = proposal.reason.split('\n');
  const by = 'user';
  if (decision.kind === 'redirect') {
    if (!(await ledger.finish(proposal, 'kept', proposal.reason, by))) return { kind: 'changed' };
    thread.redirected(proposal.toolCallId, decision.instruction);
    return { kind: 'taken' };
  }
  const declined = await settleByEvidence(ledger, workspace, proposal, { reason, by });
  if (!declined) return { kind: 'changed' };
  thread.decided(proposal.toolCallId);
  return { kind: 'taken' };
}

/** Shows what would finish or roll back an unclear effect; if nothing is left to do, says so. */
async function settle(
  { ledger, workspace }: DecideDeps,
  thread: LiveThread,
  proposal: Proposal,
  way: 'finish' | 'rollBack',
): Promise<DecisionOutcome> {
  const changes = await settlingChanges(proposal, ledger, workspace, way);
  if (changes.length === 0) {
    await ledger.finish(proposal, way === 'finish' ? 'applied' : 'rolledBack', '', 'user');
    thread.decided(proposal.toolCallId);
    return { kind: 'taken' };
  }
  const shown = await ledger.revise(proposal, {
    ...{ origin: way, changes, stacked: false },
    reason: proposal.reason,
  });
  thread.refresh(proposal.toolCallId);
  return { kind: shown ? 'taken' : 'changed' };
}
