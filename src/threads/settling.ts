import { t } from '@vscode/l10n';
import type { Ledger } from '../approval/ledger.ts';
import type { Proposal } from '../approval/proposal.ts';
import { showAnew } from '../approval/run-command.ts';
import { settleByEvidence, settlingChanges } from '../approval/settle.ts';
import type { DecidedBy, Decision, DecisionOutcome, SettleWay } from '../shared/decision.ts';
import type { Workspace } from '../workspace/port.ts';
import type { LiveThread } from './thread.ts';

export interface SettlingDeps {
  readonly ledger: Ledger;
  readonly workspace: Workspace;
}

/** What would settle an unclear effect is taken or not: changed, it would be neither of both. */
export function answersWhatIsAsked(
  { state, settles, command }: Proposal,
  decision: Decision,
): boolean {
  const { kind } = decision;
  if (state !== 'proposed') {
    const ways = command === null ? FILE_WAYS : COMMAND_WAYS;
    return kind === 'settle' && ways.includes(decision.way);
  }
  if (settles === null) return kind !== 'settle';
  return kind === 'approve' || kind === 'reject' || kind === 'redirect';
}

const FILE_WAYS: readonly SettleWay[] = ['keep', 'finish', 'rollBack'];
const COMMAND_WAYS: readonly SettleWay[] = ['keep', 'again', 'didNotRun'];

/** Goes on after an unclear effect in a way that changes it. Nothing is done before it is shown. */
export function settle(
  deps: SettlingDeps,
  thread: LiveThread,
  proposal: Proposal,
  way: Exclude<SettleWay, 'keep'>,
  by: DecidedBy,
): Promise<DecisionOutcome> {
  if (way === 'again') return proposeAgain(deps, thread, proposal);
  if (way === 'didNotRun') return endUnrun(deps, thread, proposal, by);
  return settleFiles(deps, thread, proposal, way, by);
}

async function proposeAgain(
  deps: SettlingDeps,
  thread: LiveThread,
  proposal: Proposal,
): Promise<DecisionOutcome> {
  const shown = await showAnew(deps, proposal, 'again');
  thread.refresh(proposal.toolCallId);
  return { kind: shown ? 'taken' : 'changed' };
}

async function endUnrun(
  { ledger }: SettlingDeps,
  thread: LiveThread,
  proposal: Proposal,
  by: DecidedBy,
): Promise<DecisionOutcome> {
  const reason = t('it did not run: the user has looked');
  if (!(await ledger.finish(proposal, 'failed', reason, by))) return { kind: 'changed' };
  thread.decided(proposal.toolCallId);
  return { kind: 'taken' };
}

/**
 * How to go on is an open question again or, where the user wants something else altogether, the
 * files stay as they are.
 */
export async function declineSettling(
  { ledger, workspace }: SettlingDeps,
  thread: LiveThread,
  proposal: Proposal,
  decision: Decision,
  by: DecidedBy,
): Promise<DecisionOutcome> {
  const [reason = ''] = proposal.reason.split('\n');
  if (decision.kind === 'redirect') {
    if (!(await ledger.finish(proposal, 'kept', proposal.reason, by))) return { kind: 'changed' };
    thread.redirected(proposal.toolCallId, decision);
    return { kind: 'taken' };
  }
  const declined = await settleByEvidence(ledger, workspace, proposal, { reason, by });
  if (!declined) return { kind: 'changed' };
  thread.decided(proposal.toolCallId);
  return { kind: 'taken' };
}

/** Shows what would finish or roll back an unclear effect; if nothing is left to do, says so. */
async function settleFiles(
  { ledger, workspace }: SettlingDeps,
  thread: LiveThread,
  proposal: Proposal,
  way: 'finish' | 'rollBack',
  by: DecidedBy,
): Promise<DecisionOutcome> {
  const changes = await settlingChanges(proposal, ledger, workspace, way);
  if (changes.length === 0) {
    await ledger.finish(proposal, way === 'finish' ? 'applied' : 'rolledBack', '', by);
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
