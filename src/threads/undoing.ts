import { t } from '@vscode/l10n';
import { type UndoDeps, undoEffect } from '../approval/undo.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { UndoOutcome } from '../shared/protocol.ts';
import type { UndoKind } from '../shared/thread-view.ts';

/** Takes back, or brings back, an effect of this thread. @throws UserFacingError if it has none such */
export async function undoIn(
  deps: UndoDeps,
  threadId: string,
  proposalId: string,
  kind: UndoKind,
): Promise<{ readonly toolCallId: string; readonly outcome: UndoOutcome }> {
  const proposal = deps.ledger.find(proposalId);
  if (proposal?.threadId !== threadId) {
    throw new UserFacingError('notFound', t('This change does not exist any more.'));
  }
  return {
    toolCallId: proposal.toolCallId,
    outcome: await undoEffect(deps, proposal, kind),
  };
}
