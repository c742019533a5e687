import { t } from '@vscode/l10n';
import { hasConflictMarkers } from '../workspace/merge.ts';
import type { Ledger } from './ledger.ts';
import type { FileChange } from './operation.ts';
import type { KeptOperation, Origin, Proposal } from './proposal.ts';
import { type Rebased, type RestageDeps, rebase } from './rebase.ts';
import { keptChange, textOf } from './stored.ts';

/**
 * Puts a proposal on top of what the files have become, as a new one to be looked at: clean, or with
 * conflicts to resolve. `look`: it still waits; one that does not fit any more says so. `apply`: it
 * was approved and did not fit. True if something else is shown by now; what was approved is then
 * not approved any more.
 */
export async function restage(
  deps: RestageDeps,
  proposal: Proposal,
  when: 'look' | 'apply',
): Promise<boolean> {
  const { ledger } = deps;
  if (proposal.operations.length === 0 || proposal.undoes !== null) return false;
  const standing = await rebaseAll(deps, proposal, proposal.operations, when);
  if (standing.every((one) => one.kind === 'same')) return freshen(ledger, proposal, when);
  const source = sourceOf(ledger, proposal);
  const rebased = await rebaseAll(deps, proposal, source.operations, when);
  const impossible = rebased.find((one) => one.kind === 'impossible');
  const changes = rebased.flatMap((one) => ('change' in one ? [one.change] : []));
  const stacked = when === 'look' && proposal.stacked;
  if (impossible !== undefined || changes.length === 0) {
    const reason = impossible?.reason ?? t('The files have the proposed content already.');
    if (when === 'apply' || (proposal.origin === 'stale' && proposal.reason === reason)) {
      return false;
    }
    return showStale(ledger, proposal, source, reason);
  }
  const conflicts = rebased.some((one) => one.kind === 'conflict');
  const names = source.operations
    .filter((_, index) => rebased[index]?.kind !== 'same')
    .map(({ displayPath }) => displayPath);
  const reason = t('{0} changed after the proposal was made.', names.join(', '));
  const origin = originOf(source, names.length > 0);
  return ledger.revise(proposal, {
    origin: conflicts ? 'conflict' : origin,
    ...{ changes, stacked, isAgents: !conflicts && source.isAgents },
    reason: names.length > 0 ? reason : '',
  });
}

function originOf({ isAgents }: Source, isRebased: boolean): Origin {
  if (!isAgents) return 'edited';
  return isRebased ? 'rebased' : 'model';
}

/** It does not fit the files any more: what it was made from stays, for when it does again. */
async function showStale(
  ledger: Ledger,
  proposal: Proposal,
  { operations, isAgents }: Source,
  reason: string,
): Promise<boolean> {
  let changes: FileChange[];
  try {
    changes = operations.map((operation) => keptChange(operation, ledger));
  } catch {
    // Its stored bytes are damaged, which an approval will say.
    return false;
  }
  const { stacked } = proposal;
  return ledger.revise(proposal, { origin: 'stale', changes, stacked, isAgents, reason });
}

/** Every file is as it was when this was shown; one that did not fit in between fits again. */
async function freshen(
  ledger: Ledger,
  proposal: Proposal,
  when: 'look' | 'apply',
): Promise<boolean> {
  if (when === 'apply' || proposal.origin !== 'stale') return false;
  const { operations, stacked, revision, proposedRevision } = proposal;
  const changes = operations.map((operation) => keptChange(operation, ledger));
  const isAgents = revision === proposedRevision;
  const origin = isAgents ? 'model' : 'edited';
  return ledger.revise(proposal, { origin, changes, stacked, isAgents, reason: '' });
}

function rebaseAll(
  deps: RestageDeps,
  proposal: Proposal,
  operations: readonly KeptOperation[],
  when: 'look' | 'apply',
): Promise<Rebased[]> {
  return Promise.all(operations.map((operation) => rebase(deps, proposal, operation, when)));
}

/** What is put on top of the files: the operations of a revision, and whose they are. */
interface Source {
  readonly operations: readonly KeptOperation[];
  readonly isAgents: boolean;
}

/** Conflict markers that nobody has touched are not merged again: what they came from is. */
function sourceOf(ledger: Ledger, proposal: Proposal): Source {
  const { proposalId, proposedRevision, revision, origin } = proposal;
  let { operations } = proposal;
  let at = revision;
  while (at > 0 && (at === revision ? origin === 'conflict' : hasMarkers(operations, ledger))) {
    const before = ledger.operations(proposalId, at - 1);
    // On the same base: the user has typed on in it, which must not be lost.
    if (at < revision && haveSameBases(before, operations)) break;
    operations = before;
    at--;
  }
  return { operations, isAgents: at === proposedRevision };
}

function hasMarkers(operations: readonly KeptOperation[], ledger: Ledger): boolean {
  return operations.some((operation) => {
    const text = textOf(operation.newSha256, operation, ledger);
    return text !== null && hasConflictMarkers(text);
  });
}

function haveSameBases(one: readonly KeptOperation[], other: readonly KeptOperation[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ baseSha256 }, index) => other[index]?.baseSha256 === baseSha256)
  );
}
