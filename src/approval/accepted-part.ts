import type { AcceptedChange, AcceptedFile, Decision } from '../shared/decision.ts';
import { withChange } from '../workspace/change-states.ts';
import { type Change, changesOf, compose } from '../workspace/changes.ts';
import type { Ledger } from './ledger.ts';
import { type ReviewedFile, declinedFiles, reviewedFiles } from './proposal-changes.ts';
import type { Proposal } from './proposal.ts';

/** What approves of a proposal only what the user has accepted or typed; null if that is nothing. */
export function acceptedPart(proposal: Proposal, ledger: Ledger): Decision | null {
  const files = reviewedFiles(proposal, ledger);
  const parts = files.filter(isTaken).map((file): AcceptedFile | null => {
    const changes = partOf(file);
    return changes === null ? null : { operation: file.index, changes };
  });
  if (parts.length === 0) return null;
  const named = parts.filter((part) => part !== null);
  if (named.length === parts.length) return { kind: 'partial', files: named, reason: '' };
  // Lines that cannot be named one by one are given as the text that they lead to. Of the other files,
  // only those that are declined are left out then, and a text alone does not take a file away.
  const declined = declinedFiles(proposal, ledger);
  const wanted = files.filter(({ index }) => !declined.has(index));
  const isWhole = ({ operation, shown }: ReviewedFile): boolean =>
    operation.op !== 'write' || operation.baseSha256 === null || shown === null;
  if (wanted.some((file) => isWhole(file) && !isTaken(file))) return null;
  return {
    kind: 'edit',
    files: wanted
      .filter(({ operation, shown }) => operation.newSha256 !== null && shown !== null)
      .map((file) => ({ operation: file.index, text: acceptedText(file) })),
  };
}

function isTaken({ changes, own }: ReviewedFile): boolean {
  return own.length > 0 || changes.some(({ state }) => state === 'accepted' || state === 'edited');
}

/** Names what is accepted by the changes of what is shown; null if it cannot be named so. */
function partOf(file: ReviewedFile): AcceptedFile['changes'] | null {
  const { before, shown } = file;
  const text = acceptedText(file);
  if (before === null || shown === null || text === shown) return 'all';
  const left = changesOf(before, text);
  const accepted = changesOf(before, shown).flatMap((change, index): AcceptedChange[] =>
    left.some((one) => isSame(one, change)) ? [{ change: index, lines: 'all' }] : [],
  );
  return compose(before, shown, accepted) === text ? accepted : null;
}

function isSame(one: Change, other: Change): boolean {
  return (
    one.oldStart === other.oldStart &&
    one.removed.length === other.removed.length &&
    one.added.join('') === other.added.join('')
  );
}

/** The shown text without what is still open. */
function acceptedText({ shown, changes }: ReviewedFile): string {
  return changes
    .toReversed()
    .reduce(
      (text, { found, state }) =>
        found === null || state !== 'open' ? text : withChange(text, found, false),
      shown ?? '',
    );
}
