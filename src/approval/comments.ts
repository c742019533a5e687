import type { LineComment } from '../shared/change-view.ts';
import { withoutEnd } from '../workspace/changes.ts';
import type { Ledger } from './ledger.ts';
import { type MarkedChange, reviewedFiles } from './proposal-changes.ts';
import type { Proposal } from './proposal.ts';

/** Characters of the lines that a comment is about which travel with it. */
const MAX_QUOTE = 2000;

/** What the user said to single changes of a proposal that waits, for whatever is decided on it. */
export function commentsOn(proposal: Proposal, ledger: Ledger): readonly LineComment[] {
  if (proposal.state !== 'proposed' || proposal.settles !== null) return [];
  return reviewedFiles(proposal, ledger).flatMap(({ operation, changes }) =>
    changes
      .filter(({ comment }) => comment !== '')
      .map((change) => ({
        path: operation.displayPath,
        range: rangeOf(change),
        quote: quoteOf(change),
        comment: change.comment,
      })),
  );
}

function rangeOf({ found }: MarkedChange): LineComment['range'] {
  if (found === null) return { start: 0, end: 0 };
  const { newStart, added } = found.change;
  return { start: newStart, end: newStart + added.length };
}

function quoteOf({ found }: MarkedChange): string {
  if (found === null) return '';
  const { removed, added } = found.change;
  const lines = [
    ...removed.map((line) => `-${withoutEnd(line)}`),
    ...added.map((line) => `+${withoutEnd(line)}`),
  ];
  const quote = lines.join('\n');
  return quote.length <= MAX_QUOTE ? quote : `${quote.slice(0, MAX_QUOTE)}…`;
}
