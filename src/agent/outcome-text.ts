import { commandOutcome } from './command-outcome.ts';
import { textOf } from '../approval/stored.ts';
import type { Ledger } from '../approval/ledger.ts';
import { pathsOf } from '../approval/operation.ts';
import type { KeptOperation, Proposal } from '../approval/proposal.ts';
import { assertNever } from '../shared/lifecycle.ts';
import { unifiedDiff } from '../workspace/patch.ts';

/** Characters of a diff that the model is told; it can read the files for the rest. */
const MAX_DIFF = 6000;

/** What the model is told became of its proposal: no more and no less than what happened. */
export function outcomeText(proposal: Proposal, ledger: Ledger): string {
  const { state, reason, command } = proposal;
  if (command !== null) return commandOutcome(proposal, command);
  const names = namesOf(proposal);
  switch (state) {
    case 'applied':
      return appliedText(proposal, ledger);
    case 'rejected':
      return rejectedText(proposal, names);
    case 'answered':
      return `The user answered: ${reason}`;
    case 'doneByHand':
      return `Not applied: the user has done it by hand.${noteOf(reason)}\nRead ${names} before you go on; do not propose the same change again.`;
    case 'stale':
      return `Refused as stale: ${ended(reason)} Nothing was written. Read ${names} again before you propose anew.`;
    case 'failed':
      return `Failed: ${ended(reason)} The user approved the change, but ${names} was not changed.`;
    case 'rolledBack':
      return `Rolled back: the change stopped half-way, and the user put back what was there before. ${names} was not changed in the end.`;
    case 'kept':
      return `Unclear outcome: the change stopped half-way, and the user left the files as they are now. What was found then:\n${reason}\nRead ${names} before you go on; do not write them again by yourself.`;
    case 'cancelled':
      return cancelledText(proposal, names);
    case 'proposed':
    case 'approved':
    case 'claimed':
    case 'partial':
    case 'unknown':
      throw new Error(`A proposal that is ${state} has no outcome yet`);
    default:
      return assertNever(state);
  }
}

function appliedText(proposal: Proposal, ledger: Ledger): string {
  const { decision, reason, origin } = proposal;
  const files = proposal.operations.map(doneLine).join('\n');
  const formatted = reason === '' ? '' : `\n${reason}. Read it before you edit it again.`;
  const note = decision?.kind === 'approve' || decision?.kind === 'edit' ? decision.note : '';
  const said = noteOf(note ?? '');
  const byUser =
    (proposal.settles ?? proposal.revision) === proposal.proposedRevision
      ? ''
      : difference(proposal, ledger);
  const args =
    proposal.arguments === null
      ? ''
      : `\nThe user changed your arguments to: ${proposal.arguments.slice(0, MAX_DIFF)}`;
  if (origin === 'partial' && decision?.kind === 'partial') {
    const why = decision.reason === '' ? 'without a reason' : `because: ${decision.reason}`;
    return `Applied in part. The user approved only some of it and declined the rest ${why}. Do not propose what was declined again.\n${files}${formatted}${args}\nWhat was declined (from what was written to what was proposed):\n${declined(proposal, ledger)}`;
  }
  if (byUser !== '') {
    return `Applied, with changes by the user. Keep them.${said}\n${files}${formatted}${args}\nHow the user changed your proposal:\n${byUser}`;
  }
  return `Applied. The user approved the change.${said}\n${files}${formatted}${args}`;
}

function doneLine(operation: KeptOperation): string {
  const { displayPath, to, baseSha256, newSha256, finalSha256 } = operation;
  if (newSha256 === null) return `${displayPath} is deleted.`;
  if (to !== null) {
    const moved = `${displayPath} is now ${to.displayPath}`;
    if (finalSha256 !== null) return `${moved}, and was then changed by a formatter.`;
    return baseSha256 === newSha256 ? `${moved}.` : `${moved}, with the approved content.`;
  }
  return finalSha256 === null
    ? `${displayPath} now has exactly the approved content.`
    : `${displayPath} was written, and then changed by a formatter.`;
}

function rejectedText({ reason, question }: Proposal, names: string): string {
  if (question !== null) {
    return reason === ''
      ? 'The user does not want to answer. Go on without it, or stop.'
      : `The user does not answer, and says: ${reason}`;
  }
  return reason === ''
    ? `Rejected by the user, without a reason. ${names} was not changed. Do not propose the same change again; ask what the user wants instead.`
    : `Rejected by the user. ${names} was not changed. The reason: ${reason}\nDo not propose the same change again; do what the reason asks.`;
}

function cancelledText({ decision, question }: Proposal, names: string): string {
  const unchanged = question === null ? ` ${names} was not changed.` : '';
  return decision?.kind === 'redirect'
    ? `Cancelled by the user, who wants something else.${unchanged} Instead: ${decision.instruction}`
    : `Cancelled before it was decided.${unchanged}`;
}

/** From what the agent proposed to what the user approved. */
function difference(proposal: Proposal, ledger: Ledger): string {
  const proposed = agentsOwn(proposal, ledger);
  return [
    ...leftOut(proposal, proposed),
    ...diffsBetween(proposed, proposal.operations, ledger),
  ].join('\n');
}

/** From what was written to what the agent proposed. */
function declined(proposal: Proposal, ledger: Ledger): string {
  const proposed = agentsOwn(proposal, ledger);
  return [
    ...leftOut(proposal, proposed),
    ...diffsBetween(proposal.operations, proposed, ledger),
  ].join('\n');
}

function leftOut({ operations }: Proposal, proposed: readonly KeptOperation[]): string[] {
  const written = new Set(operations.map(({ realPath }) => realPath));
  return proposed
    .filter(({ realPath }) => !written.has(realPath))
    .map(({ displayPath }) => `${displayPath}: nothing of it was done.`);
}

function agentsOwn(
  { proposalId, proposedRevision }: Proposal,
  ledger: Ledger,
): readonly KeptOperation[] {
  return ledger.operations(proposalId, proposedRevision);
}

function diffsBetween(
  from: readonly KeptOperation[],
  to: readonly KeptOperation[],
  ledger: Ledger,
): string[] {
  const before = new Map(from.map((operation) => [operation.realPath, operation]));
  let room = 2 * MAX_DIFF;
  return to.flatMap((operation) => {
    const other = before.get(operation.realPath);
    if (other === undefined || other.newSha256 === operation.newSha256) return [];
    const old = textOf(other.newSha256, other, ledger);
    const now = textOf(operation.newSha256, operation, ledger);
    if (old === null || now === null) {
      return [`${operation.displayPath}: another content, which is no text.`];
    }
    const diff = unifiedDiff(operation.displayPath, old, now, Math.min(room, MAX_DIFF));
    room = Math.max(0, room - diff.length);
    return [diff];
  });
}

function noteOf(note: string): string {
  return note === '' ? '' : ` The user's note: ${note}`;
}

function ended(sentence: string): string {
  return /[.!?]$/u.test(sentence) ? sentence : `${sentence}.`;
}

function namesOf({ operations }: Proposal): string {
  const names = pathsOf(operations).map(({ displayPath }) => displayPath);
  if (names.length <= 3) return names.join(', ');
  return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
