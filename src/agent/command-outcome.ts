import { commandLine } from '../approval/command-words.ts';
import type { Proposal } from '../approval/proposal.ts';
import type { Command } from '../shared/command.ts';

/** What the model is told became of a command: no more and no less than what happened. */
export function commandOutcome(proposal: Proposal, command: Command): string {
  const { state, reason, decision } = proposal;
  switch (state) {
    case 'applied': {
      const note =
        decision?.kind === 'approve' || decision?.kind === 'editCommand' ? decision.note : '';
      const said = note === undefined || note === '' ? '' : ` The user's note: ${note}`;
      return `Run, approved by the user.${said}${changed(proposal, command)}\n${reason}`;
    }
    case 'rejected':
      return reason === ''
        ? 'Rejected by the user, without a reason. It was not run. Do not propose it again; ask what the user wants instead.'
        : `Rejected by the user. It was not run. The reason: ${reason}\nDo not propose it again; do what the reason asks.`;
    case 'cancelled':
      return decision?.kind === 'redirect'
        ? `Cancelled by the user, who wants something else. It was not run. Instead: ${decision.instruction}`
        : 'Cancelled before it was decided. It was not run.';
    case 'doneByHand':
      return `Not run: the user has done it by hand.${reason === '' ? '' : ` The user's note: ${reason}`}\nDo not propose it again; look at what is there now.`;
    case 'kept':
      return `Unclear: it may have run, or may not. What is known:\n${reason}\nDo not run it again by yourself; look at what is there now, and ask the user.`;
    case 'failed':
    case 'stale':
      return `Failed: ${reason}. The command was not run.`;
    default:
      throw new Error(`A command that is ${state} has no outcome yet`);
  }
}

function changed({ commands, proposedRevision }: Proposal, command: Command): string {
  const proposed = commands[proposedRevision];
  if (proposed === undefined) return '';
  const [from, to] = [wordsOf(proposed), wordsOf(command)];
  return from === to
    ? ''
    : `\nThe user changed your command before it ran, from\n${from}\nto\n${to}`;
}

function wordsOf(command: Command): string {
  return `${commandLine(command)} (time limit ${command.timeLimit} s)`;
}
