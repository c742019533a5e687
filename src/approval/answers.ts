import { t } from '@vscode/l10n';
import { sha256 } from '../checkpoint/blobs.ts';
import type { Command, EditedCommand } from '../shared/command.ts';
import type { AcceptedFile, Decision, EditedFile } from '../shared/decision.ts';
import { ToolError } from '../shared/errors.ts';
import { messageOf } from '../shared/lifecycle.ts';
import { compose } from '../workspace/changes.ts';
import { hasConflictMarkers } from '../workspace/merge.ts';
import { editedCommand, isSameCommand } from './command.ts';
import { drawDiff, isTooLarge } from './drawn-diff.ts';
import { createKept } from './kept.ts';
import type { Ledger } from './ledger.ts';
import { type FileChange, typedBytes } from './operation.ts';
import type { Proposal } from './proposal.ts';
import { declinedFiles } from './proposal-changes.ts';
import { keptChange, textOf } from './stored.ts';

/** What a decision makes of a proposal: the same, other changes, or nothing with the reason. */
export type Composed =
  | { readonly kind: 'asShown' }
  | { readonly kind: 'changed'; readonly changes: readonly FileChange[] }
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'refused'; readonly reason: string };

/** The exact effect that a decision on a proposal approves. Changes nothing. */
export function composeDecision(proposal: Proposal, ledger: Ledger, decision: Decision): Composed {
  const isQuestion = proposal.question !== null;
  if (isQuestion !== (decision.kind === 'respond') && !answersBoth(decision)) {
    return refusedBecause(t('This is not an answer to what is asked.'));
  }
  try {
    if (decision.kind === 'editCommand') return ownCommand(proposal, decision.command);
    if (proposal.command !== null && (decision.kind === 'edit' || decision.kind === 'partial')) {
      return refusedBecause(t('This is not an answer to what is asked.'));
    }
    if (decision.kind === 'approve') return approvable(proposal, ledger);
    if (decision.kind === 'edit') return edited(proposal, ledger, decision.files);
    if (decision.kind === 'partial') return chosen(proposal, ledger, decision.files);
    return { kind: 'asShown' };
  } catch (error) {
    if (error instanceof ToolError || error instanceof RangeError) {
      return refusedBecause(messageOf(error));
    }
    throw error;
  }
}

/** False while conflicts are left in it, it does not fit the files any more, or cannot be shown. */
export function isApprovable(proposal: Proposal, ledger: Ledger): boolean {
  return fits(proposal, ledger) && whyNotShowable(proposal, ledger) === null;
}

/**
 * Why a proposal cannot be approved for no editor could show it, with the ways on; null if one can.
 * What puts an effect right, or takes it back, brings nothing that was not there before.
 */
export function whyNotShowable(
  proposal: Proposal,
  ledger: Ledger,
  isMeant: (place: number) => boolean = () => true,
): string | null {
  const { operations, settles, undoes } = proposal;
  if (settles !== null || undoes !== null) return null;
  const large = operations.filter((one, place) => isMeant(place) && isTooLarge(one, ledger));
  const declined = large.length === 0 ? new Set() : declinedFiles(proposal, ledger);
  const file = large.find((one) => !declined.has(operations.indexOf(one)));
  if (file === undefined) return null;
  return t(
    '{0} is too large to be shown: {1}. What cannot be shown cannot be approved. Open both sides of it, make the change yourself, or reject it.',
    file.displayPath,
    drawDiff(file, ledger).tooLarge,
  );
}

function fits(proposal: Proposal, ledger: Ledger): boolean {
  if (proposal.origin === 'stale') return false;
  if (proposal.origin !== 'conflict' && proposal.origin !== 'edited') return true;
  return !proposal.operations.some((operation) =>
    conflicts.of(String(operation.newSha256), () => {
      const text = textOf(operation.newSha256, operation, ledger);
      return { thing: text !== null && hasConflictMarkers(text), size: 1 };
    }),
  );
}

/** Whether there are conflicts in what was looked at last, by its hash. */
const conflicts = createKept<boolean>(1000, 1000);

function answersBoth({ kind }: Decision): boolean {
  return kind === 'reject' || kind === 'redirect';
}

function approvable(proposal: Proposal, ledger: Ledger): Composed {
  const refused = refusal(proposal, ledger);
  if (refused !== null) return refused;
  const { revision, proposedRevision, settles, operations } = proposal;
  const declined = declinedFiles(proposal, ledger);
  if (settles !== null || (revision === proposedRevision && declined.size === 0)) {
    return { kind: 'asShown' };
  }
  const real = operations.filter(
    (operation, index) =>
      !declined.has(index) &&
      (operation.to !== null || operation.baseSha256 !== operation.newSha256),
  );
  if (real.length === operations.length) return { kind: 'asShown' };
  return effectOf(
    real.map((operation) => keptChange(operation, ledger)),
    proposal,
  );
}

function refusal(
  proposal: Proposal,
  ledger: Ledger,
  isMeant?: (place: number) => boolean,
): Composed | null {
  if (!fits(proposal, ledger)) return notApprovable(proposal);
  const large = whyNotShowable(proposal, ledger, isMeant);
  return large === null ? null : refusedBecause(large);
}

function notApprovable({ origin, reason }: Proposal): Composed {
  return refusedBecause(
    origin === 'stale'
      ? t('It does not fit the files any more: {0}', reason)
      : t('There are conflicts in it. Resolve them in the editor first.'),
  );
}

/** The form of the proposed text stays; what the user typed is its content, exactly. */
function edited(proposal: Proposal, ledger: Ledger, files: readonly EditedFile[]): Composed {
  if (proposal.origin === 'stale') return notApprovable(proposal);
  const typed = new Set(files.map(({ operation }) => operation));
  const large = whyNotShowable(proposal, ledger, (place) => !typed.has(place));
  if (large !== null) return refusedBecause(large);
  const texts = new Map(files.map(({ operation, text }) => [operation, text]));
  checkPlaces([...texts.keys()], files.length, proposal);
  const declined = declinedFiles(proposal, ledger);
  const changes = proposal.operations.flatMap((operation, index): FileChange | FileChange[] => {
    const text = texts.get(index);
    if (text === undefined && declined.has(index)) return [];
    const change = keptChange(operation, ledger);
    if (text === undefined) return change;
    const next = typedBytes(change, text);
    if (hasConflictMarkers(text)) {
      throw new ToolError(t('There are conflicts left in {0}.', operation.displayPath));
    }
    return { ...change, next };
  });
  return effectOf(changes, proposal);
}

function chosen(proposal: Proposal, ledger: Ledger, files: readonly AcceptedFile[]): Composed {
  const accepted = new Map(files.map(({ operation, changes }) => [operation, changes]));
  checkPlaces([...accepted.keys()], files.length, proposal);
  const refused = refusal(proposal, ledger, (place) => accepted.has(place));
  if (refused !== null) return refused;
  const declined = declinedFiles(proposal, ledger);
  const changes = proposal.operations.flatMap((operation, index): FileChange[] => {
    const parts = accepted.get(index);
    if (parts === undefined || declined.has(index)) return [];
    const change = keptChange(operation, ledger);
    if (parts === 'all') return [change];
    const before = textOf(operation.baseSha256, operation, ledger);
    const after = textOf(operation.newSha256, operation, ledger);
    if (before === null || after === null || operation.newSha256 === null) {
      throw new ToolError(t('{0} can only be taken whole.', operation.displayPath));
    }
    const text = compose(before, after, parts);
    if (text === before && operation.op === 'write') return [];
    return [{ ...change, next: typedBytes(change, text) }];
  });
  return effectOf(changes, proposal);
}

function ownCommand({ command }: Proposal, wanted: EditedCommand): Composed {
  if (command === null) return refusedBecause(t('This is not an answer to what is asked.'));
  const own = editedCommand(command, wanted);
  return isSameCommand(own, command) ? { kind: 'asShown' } : { kind: 'command', command: own };
}

function effectOf(changes: readonly FileChange[], proposal: Proposal): Composed {
  const real = changes.filter(({ base, next, to }) =>
    to !== null && to !== undefined
      ? true
      : (base === null ? null : sha256(base)) !== (next === null ? null : sha256(next)),
  );
  if (real.length === 0) {
    return refusedBecause(t('Nothing of it would be changed. Reject it instead.'));
  }
  const same =
    real.length === proposal.operations.length &&
    real.every(({ next }, index) => {
      const hash = next === null ? null : sha256(next);
      return hash === proposal.operations[index]?.newSha256;
    });
  return same ? { kind: 'asShown' } : { kind: 'changed', changes: real };
}

function checkPlaces(places: readonly number[], named: number, proposal: Proposal): void {
  if (places.length !== named) throw new RangeError(t('A file is named twice.'));
  for (const place of places) {
    if (proposal.operations[place] === undefined) {
      throw new RangeError(t('The proposal has no file number {0}.', place + 1));
    }
  }
}

function refusedBecause(reason: string): Composed {
  return { kind: 'refused', reason };
}
