import { t } from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import type { UndoOutcome } from '../shared/protocol.ts';
import type { UndoKind } from '../shared/thread-view.ts';
import type { Executor } from './executor.ts';
import type { Ledger } from './ledger.ts';
import type { Proposal } from './proposal.ts';

/** What the user can do with a proposal's effect now; null if it had none. */
export function undoKind({ proposalId, state }: Proposal, ledger: Ledger): UndoKind | null {
  if (state !== 'applied') return null;
  return ledger.effects(proposalId).length % 2 === 1 ? 'undo' : 'redo';
}

/**
 * Takes the effect of a proposal back, or brings it back: the file gets the bytes it had before the
 * last effect. That is an effect like any other, with its own row in the ledger, approved by the
 * person who asks for it, and refused if the file is not as the last effect left it.
 */
export async function undoEffect(
  ledger: Ledger,
  executor: Executor,
  proposal: Proposal,
  kind: UndoKind,
): Promise<UndoOutcome> {
  const last = ledger.effects(proposal.proposalId).at(-1);
  if (last === undefined || undoKind(proposal, ledger) !== kind) {
    return { kind: 'refused', reason: t('That was done already.') };
  }
  const { threadId, realPath, displayPath, proposalId } = proposal;
  const bytes = (hash: string | null): Uint8Array | null =>
    hash === null ? null : ledger.bytes(hash);
  const frozen = ledger.freeze(
    { threadId, toolCallId: `undo-${randomUUID()}` },
    proposal.kind,
    { realPath, displayPath, base: bytes(last.newSha256), next: bytes(last.baseSha256) },
    proposalId,
  );
  ledger.decide(frozen.proposalId, { kind: 'approve' });
  const { state, reason } = await executor.apply(frozen.proposalId);
  return state === 'applied' ? { kind: 'done' } : { kind: 'refused', reason };
}
