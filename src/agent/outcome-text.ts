import type { Ledger } from '../approval/ledger.ts';
import { pathsOf } from '../approval/operation.ts';
import { approvedFiles } from '../approval/outcome-changes.ts';
import type { KeptOperation, Proposal } from '../approval/proposal.ts';
import type { LineRange } from '../shared/change-view.ts';
import type { Decision } from '../shared/decision.ts';
import { assertNever } from '../shared/lifecycle.ts';
import { unifiedDiff } from '../workspace/patch.ts';

/** Characters of a diff that the model is told; it can read the files for the rest. */
const MAX_DIFF = 6000;

/** What the model is told became of its proposal: no more and no less than what happened. */
export function outcomeText(proposal: Proposal, ledger: Ledger): string {
  const { state, reason } = proposal;
  const names = namesOf(proposal);
  switch (state) {
    case 'applied':
      return appliedText(proposal, ledger);
    case 'rejected':
      return withComments(rejectedText(proposal, names), proposal);
    case 'answered':
      return `The user answered: ${reason}`;
    case 'doneByHand':
      return withComments(
        `Not applied: the user has done it by hand.${noteOf(reason)}\nRead ${names} before you go on; do not propose the same change again.`,
        proposal,
      );
    case 'stale':
      return `Refused as stale: ${ended(reason)} Nothing was written. Read ${names} again before you propose anew.`;
    case 'failed':
      return `Failed: ${ended(reason)} The user approved the change, but ${names} was not changed.`;
    case 'rolledBack':
      return `Rolled back: the change stopped half-way, and the user put back what was there before. ${names} was not changed in the end.`;
    case 'kept':
      return `Unclear outcome: the change stopped half-way, and the user left the files as they are now. What was found then:\n${reason}\nRead ${names} before you go on; do not write them again by yourself.`;
    case 'cancelled':
      return withComments(cancelledText(proposal, names), proposal);
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
  const { decision, reason } = proposal;
  const formatted = reason === '' ? '' : `${reason}. Read it before you edit it again.`;
  const { declined, typed } = differences(proposal, ledger);
  return [
    headline(decision, declined.length > 0, typed.length > 0),
    ...proposal.operations.map(doneLine),
    formatted,
    proposal.arguments === null
      ? ''
      : `The user changed your arguments to: ${proposal.arguments.slice(0, MAX_DIFF)}`,
    ...section('What was declined (from what was approved to what was proposed):', declined),
    ...section('How the user changed your proposal:', typed),
    commentLines(decision),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function headline(decision: Decision | null, isPart: boolean, isTyped: boolean): string {
  const note = decision?.kind === 'approve' || decision?.kind === 'edit' ? decision.note : '';
  const said = noteOf(note ?? '');
  if (!isPart) {
    return isTyped
      ? `Applied, with changes by the user. Keep them.${said}`
      : `Applied. The user approved the change.${said}`;
  }
  const reason = decision?.kind === 'partial' ? decision.reason : '';
  const isCommented = (decision?.comments ?? []).length > 0;
  const without = isCommented ? '' : ' without a reason';
  const why = reason === '' ? without : ` because: ${reason}`;
  const also = isTyped ? ' The user also changed what you proposed: keep that.' : '';
  return `Applied in part. The user approved only some of it and declined the rest${ended(why)} Do not propose what was declined again.${also}${said}`;
}

function section(title: string, parts: readonly string[]): readonly string[] {
  return parts.length === 0 ? [] : [title, ...parts];
}

/** What the user said to single changes, with the lines that are meant. */
function commentLines(decision: Decision | null): string {
  const comments = decision?.comments ?? [];
  return section(
    'What the user says to single changes (lines are those of what you proposed):',
    comments.map(({ path, range, quote, comment }) =>
      [`${path}${linesIn(range, quote)}: ${comment}`, ...(quote === '' ? [] : [quote])].join('\n'),
    ),
  ).join('\n');
}

function linesIn({ start, end }: LineRange, quote: string): string {
  if (quote === '') return '';
  if (start === end) return start === 0 ? ', at the start' : `, after line ${start}`;
  return end - start === 1 ? `, line ${end}` : `, lines ${start + 1} to ${end}`;
}

function withComments(text: string, { decision }: Proposal): string {
  const comments = commentLines(decision);
  return comments === '' ? text : `${text}\n${comments}`;
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

function rejectedText({ reason, question, decision }: Proposal, names: string): string {
  if (question !== null) {
    return reason === ''
      ? 'The user does not want to answer. Go on without it, or stop.'
      : `The user does not answer, and says: ${reason}`;
  }
  if (reason === '' && (decision?.comments ?? []).length > 0) {
    return `Rejected by the user. ${names} was not changed. Do not propose the same change again; do what the comments ask.`;
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

/** What the user left out of the agent's proposal, and what they typed, file by file. */
function differences(
  proposal: Proposal,
  ledger: Ledger,
): { readonly declined: readonly string[]; readonly typed: readonly string[] } {
  if ((proposal.settles ?? proposal.revision) === proposal.proposedRevision) {
    return { declined: [], typed: [] };
  }
  let room = 2 * MAX_DIFF;
  const diff = (path: string, before: string, after: string): string[] => {
    if (before === after) return [];
    const text = unifiedDiff(path, before, after, Math.min(room, MAX_DIFF));
    room = Math.max(0, room - text.length);
    return [text];
  };
  const files = approvedFiles(proposal, ledger);
  return {
    declined: files.flatMap(({ path, outcome, texts }) =>
      outcome === 'declined'
        ? [`${path}: nothing of it was done.`]
        : texts === null
          ? []
          : diff(path, texts.kept, texts.agents),
    ),
    typed: files.flatMap(({ path, outcome, texts }) =>
      outcome === 'other'
        ? [`${path}: another content, which is no text.`]
        : texts === null
          ? []
          : diff(path, texts.kept, texts.approved),
    ),
  };
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
