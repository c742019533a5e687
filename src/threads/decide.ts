import { t } from '@vscode/l10n';
import { composeDecision } from '../approval/answers.ts';
import { commandFacts, commandView } from '../approval/command-words.ts';
import { type Confirm, confirmEach, unaskedReason } from '../approval/confirming.ts';
import { decisionState } from '../approval/decided.ts';
import { affectedBy, irrecoverableOf } from '../approval/irrecoverable.ts';
import { commentsOn } from '../approval/comments.ts';
import type { Ledger } from '../approval/ledger.ts';
import type { Proposal } from '../approval/proposal.ts';
import { showAnew } from '../approval/run-command.ts';
import { titleOf } from '../approval/title.ts';
import {
  type DecidedBy,
  type Decision,
  type DecisionOutcome,
  type Shown,
  awaitsPerson,
} from '../shared/decision.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { Workspace } from '../workspace/port.ts';
import { type ArgumentDeps, changeArguments } from './arguments.ts';
import { answersWhatIsAsked, declineSettling, settle } from './settling.ts';
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
  readonly from: Answering;
}

/** Who answers, and who is asked about what the answer could not take back; null: nobody is. */
export interface Answering {
  readonly by: DecidedBy;
  readonly confirm: Confirm | null;
}

/** The one function that decides, for every surface. */
export async function decide(deps: DecideDeps, answer: Answer): Promise<DecisionOutcome> {
  const { ledger } = deps;
  const { shown, from } = answer;
  const asked = await lookUp(deps, answer);
  if ('kind' in asked) return asked;
  const { thread, proposal } = asked;
  const decision = withComments(answer.decision, proposal, ledger);
  if (!answersWhatIsAsked(proposal, decision)) {
    return { kind: 'refused', reason: t('This is not an answer to what is asked.') };
  }
  if (decision.kind !== 'approve' && decision.kind !== 'settle' && proposal.settles !== null) {
    return declineSettling(deps, thread, proposal, decision, from.by);
  }
  if (decision.kind === 'editArguments') {
    return changeArguments(deps, thread, proposal, decision.arguments);
  }
  if (decision.kind === 'settle' && decision.way !== 'keep') {
    return settle(deps, thread, proposal, decision.way, from.by);
  }
  const composed = composeDecision(proposal, ledger, decision);
  if (composed.kind === 'refused') return composed;
  const changes = composed.kind === 'changed' ? composed.changes : undefined;
  const command = composed.kind === 'command' ? composed.command : undefined;
  if (decisionState(decision) === 'approved') {
    const wanted = { ...proposal, command: command ?? proposal.command };
    const operations = changes?.map(affectedBy) ?? proposal.operations;
    const items = irrecoverableOf({ ...wanted, operations });
    // With nothing to ask, no later answer is to overtake this one.
    if (items.length > 0) {
      const refused = await confirmHard(from, thread, wanted, items);
      if (refused !== null) return refused;
      // The person may have taken their time.
      const still = await lookUp(deps, answer);
      if ('kind' in still) return still;
    }
  }
  const { proposalId, toolCallId } = proposal;
  const outcome = await ledger.decide(
    proposalId,
    shown.effectHash,
    decision,
    changes,
    command,
    from.by,
  );
  if (outcome === 'expired') {
    await showAnew(deps, proposal, 'expired');
    thread.refresh(toolCallId);
    return { kind: 'changed' };
  }
  if (outcome === 'changed') return { kind: 'changed' };
  if (outcome === 'tooLate') {
    return { kind: 'tooLate', state: ledger.find(proposalId)?.state ?? 'unknown' };
  }
  if (decision.kind === 'redirect') thread.redirected(toolCallId, decision);
  else thread.decided(toolCallId);
  return { kind: 'taken' };
}

/** What is asked under an interrupt, if it still is what was shown; else what became of it. */
async function lookUp(
  { ledger, load }: DecideDeps,
  { threadId, shown }: Answer,
): Promise<{ readonly thread: LiveThread; readonly proposal: Proposal } | DecisionOutcome> {
  const thread = await load(threadId);
  thread.assertOwned();
  const proposal = ledger.ofInterrupt(threadId, shown.interruptId);
  if (proposal === null) {
    throw new UserFacingError('notFound', t('This approval does not exist any more.'));
  }
  if (!awaitsPerson(proposal.state)) return { kind: 'tooLate', state: proposal.state };
  if (proposal.shown?.effectHash !== shown.effectHash) return { kind: 'changed' };
  return { thread, proposal };
}

/**
 * Whoever approves, and wherever: what could not be taken back is asked about, one thing at a time,
 * by the editor itself. Null if everything was confirmed.
 */
async function confirmHard(
  { confirm }: Answering,
  thread: LiveThread,
  wanted: Proposal,
  items: readonly string[],
): Promise<DecisionOutcome | null> {
  const { proposalId, command } = wanted;
  const facts = [
    t('Proposed in “{0}”.', thread.snapshot().view.title),
    ...(command === null ? [] : commandFacts(commandView(command))),
  ];
  const about = { proposalId, title: titleOf(wanted), facts };
  const confirmed = await confirmEach(confirm, items, about);
  if (confirmed === 'yes') return null;
  if (confirmed === 'no') return { kind: 'dismissed' };
  return { kind: 'refused', reason: unaskedReason(items) };
}

/** The user's words to single changes go with the answer, and no others. */
function withComments(answer: Decision, proposal: Proposal, ledger: Ledger): Decision {
  const { comments: given, ...decision } = answer;
  const comments = commentsOn(proposal, ledger);
  if (given === undefined && comments.length === 0) return answer;
  return comments.length === 0 ? decision : { ...decision, comments };
}
