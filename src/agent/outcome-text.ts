import type { Proposal } from '../approval/proposal.ts';
import { assertNever } from '../shared/lifecycle.ts';

/** What the model is told became of its proposal: no more and no less than what happened. */
export function outcomeText({ state, displayPath, reason, newSha256 }: Proposal): string {
  switch (state) {
    case 'applied':
      if (newSha256 === null) return `Applied. The user approved it and ${displayPath} is deleted.`;
      return `Applied. The user approved the change and ${displayPath} now has exactly the proposed content.`;
    case 'rejected':
      return reason === ''
        ? `Rejected by the user, without a reason. ${displayPath} was not changed. Do not propose the same change again; ask what the user wants instead.`
        : `Rejected by the user. ${displayPath} was not changed. The reason: ${reason}\nDo not propose the same change again; do what the reason asks.`;
    case 'stale':
      return `Refused as stale: ${reason}. The user approved the change, but nothing was written. Read ${displayPath} again before you propose anew.`;
    case 'failed':
      return `Failed: ${reason}. The user approved the change, but ${displayPath} was not changed.`;
    case 'unknown':
      return `Unknown outcome: ${reason}. ${displayPath} has neither its old nor the proposed content. Tell the user; do not write it again by yourself.`;
    case 'cancelled':
      return `Cancelled before it was decided. ${displayPath} was not changed.`;
    case 'proposed':
    case 'approved':
    case 'claimed':
      throw new Error(`A proposal that is ${state} has no outcome yet`);
    default:
      return assertNever(state);
  }
}
