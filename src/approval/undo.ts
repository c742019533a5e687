import { t } from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import type { UndoOutcome } from '../shared/protocol.ts';
import type { UndoKind } from '../shared/thread-view.ts';
import type { Workspace } from '../workspace/port.ts';
import { type Confirm, confirmEach, unaskedReason } from './confirming.ts';
import type { Executor } from './executor.ts';
import { affectedBy, irrecoverableIn } from './irrecoverable.ts';
import type { Ledger } from './ledger.ts';
import type { FileChange } from './operation.ts';
import type { KeptOperation, Proposal } from './proposal.ts';
import { titleOf } from './title.ts';

/** What the user can do with a proposal's effect now; null if it had none. */
export function undoKind(
  { proposalId, state, command }: Proposal,
  ledger: Ledger,
): UndoKind | null {
  if (state !== 'applied' || command !== null) return null;
  return ledger.effects(proposalId).length % 2 === 1 ? 'undo' : 'redo';
}

export interface UndoDeps {
  readonly ledger: Ledger;
  readonly executor: Executor;
  readonly workspace: Workspace;
  readonly confirm: Confirm | null;
}

/**
 * Takes the effect of a proposal back, or brings it back: the files get the bytes they had before
 * the last effect. That is an effect like any other, with its own row in the ledger, approved by the
 * person who asks for it, and refused if a file is not as the last effect left it.
 */
export async function undoEffect(
  { ledger, executor, workspace, confirm }: UndoDeps,
  proposal: Proposal,
  kind: UndoKind,
): Promise<UndoOutcome> {
  const last = ledger.effects(proposal.proposalId).at(-1);
  if (last === undefined || undoKind(proposal, ledger) !== kind) {
    return { kind: 'refused', reason: t('That was done already.') };
  }
  const { threadId, proposalId } = proposal;
  const toolCallId = `undo-${randomUUID()}`;
  const changes = last.operations.toReversed().map((operation) => inverse(operation, ledger));
  const refused = await confirmHard(confirm, proposal, kind, changes);
  if (refused !== null) return refused;
  const frozen = await ledger.freeze({ threadId, toolCallId }, proposal.kind, changes, {
    undoes: proposalId,
  });
  await ledger.ask(frozen.proposalId, toolCallId, workspace.trusted());
  const asked = ledger.find(frozen.proposalId)?.shown?.effectHash ?? '';
  await ledger.decide(frozen.proposalId, asked, { kind: 'approve' });
  const { state, reason } = await executor.apply(frozen.proposalId);
  return state === 'applied' ? { kind: 'done' } : { kind: 'refused', reason };
}

/** What steers a program has had its say by now; to change it once more is asked about as well. */
async function confirmHard(
  confirm: Confirm | null,
  proposal: Proposal,
  kind: UndoKind,
  changes: readonly FileChange[],
): Promise<UndoOutcome | null> {
  const items = irrecoverableIn(changes.map(affectedBy));
  const title =
    kind === 'undo' ? t('Undo: {0}', titleOf(proposal)) : t('Redo: {0}', titleOf(proposal));
  const about = { proposalId: proposal.proposalId, title, facts: [] };
  const confirmed = await confirmEach(confirm, items, about);
  if (confirmed === 'yes') return null;
  return {
    kind: 'refused',
    reason: confirmed === 'no' ? t('It was not confirmed.') : unaskedReason(items),
  };
}

/** The change that leads from what an operation left back to what was there before. */
function inverse(operation: KeptOperation, ledger: Ledger): FileChange {
  const { realPath, displayPath, to, folder, mode } = operation;
  const { baseSha256, newSha256, finalSha256 } = operation;
  const bytes = (hash: string | null): Uint8Array | null =>
    hash === null ? null : ledger.bytes(hash);
  const here = { realPath, displayPath };
  return {
    ...(to ?? here),
    to: to === null ? null : here,
    folder: to === null || folder === null ? folder : movedFolder(realPath, folder, to.realPath),
    base: bytes(finalSha256 ?? newSha256),
    next: bytes(baseSha256),
    mode,
  };
}

/** Where a folder is after a file of it was moved together with it. */
function movedFolder(from: string, folder: string, to: string): string {
  return to.slice(0, to.length - (from.length - folder.length));
}
