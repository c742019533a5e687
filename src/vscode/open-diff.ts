import * as vscode from 'vscode';
import type { KeptOperation, Proposal } from '../approval/proposal.ts';
import { UserFacingError } from '../shared/errors.ts';
import type { Core } from '../threads/core.ts';
import { changeBy } from './change-at.ts';
import { startOf } from './change-steps.ts';
import type { DiffTabs } from './diff-tabs.ts';
import { hasBytes } from './open-documents.ts';
import { whyTooLarge } from './proposal-content.ts';
import { fileUri } from './proposal-uris.ts';

/**
 * Shows what one file of a proposal would become, or all of them. With the number of a change, the
 * cursor of the file is put there.
 */
export async function openDiff(
  core: Core,
  tabs: DiffTabs,
  proposalId: string,
  operation: number | null,
  change: number | null = null,
): Promise<void> {
  const proposal = core.proposal(proposalId);
  const place = operation ?? (proposal?.operations.length === 1 ? 0 : null);
  const file = proposal?.operations[place ?? 0];
  if (proposal === null || file === undefined) {
    const message = vscode.l10n.t('This proposal does not exist any more.');
    throw new UserFacingError('notFound', message);
  }
  tabs.opening(proposal);
  if (place === null) await openAll(core, tabs, proposal);
  else await openOne(core, proposal, place, file, change);
}

async function openOne(
  core: Core,
  proposal: Proposal,
  place: number,
  file: KeptOperation,
  change: number | null,
): Promise<void> {
  const { proposalId } = proposal;
  if (whyTooLarge(core, { proposalId, operation: place }) !== '') {
    await openSides(proposal, place, file);
    return;
  }
  const found = change === null ? null : changeBy(core, { proposalId, operation: place, change });
  const left = await leftOf(core, proposal, place, file);
  const right = fileUri(proposalId, 'new', place, file);
  const title = vscode.l10n.t('{0} (proposed)', file.to?.displayPath ?? file.displayPath);
  const line = found === null || found.whole ? null : startOf(found, 'shown');
  await vscode.commands.executeCommand('vscode.diff', left, right, title, {
    preview: true,
    ...(line === null ? {} : { selection: new vscode.Range(line, 0, line, 0) }),
  });
}

/** What no diff could compare, next to each other. */
async function openSides(
  { proposalId }: Proposal,
  place: number,
  file: KeptOperation,
): Promise<void> {
  const show = (side: 'before' | 'after', viewColumn: vscode.ViewColumn): Thenable<unknown> =>
    vscode.commands.executeCommand(
      'vscode.open',
      fileUri(proposalId, side, place, file),
      { viewColumn, preview: true },
      side === 'before'
        ? vscode.l10n.t('{0} (before)', file.displayPath)
        : vscode.l10n.t('{0} (proposed)', file.to?.displayPath ?? file.displayPath),
    );
  const isBoth = file.baseSha256 !== null && file.newSha256 !== null;
  if (file.baseSha256 !== null) await show('before', vscode.ViewColumn.Active);
  if (file.newSha256 !== null) {
    await show('after', isBoth ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active);
  }
}

async function openAll(core: Core, tabs: DiffTabs, proposal: Proposal): Promise<void> {
  const { proposalId, threadId, operations } = proposal;
  const thread = core.threads.list().find((one) => one.threadId === threadId);
  const words = core.review(proposalId)?.title ?? '';
  await tabs.close(proposalId, 'whole');
  const title = tabs.titleFor(
    proposalId,
    vscode.l10n.t('{0} (proposed in “{1}”)', words, thread?.title ?? ''),
  );
  // With the file itself on one side, the editor would say of each that it is renamed.
  const files = operations.map((file, place) => [
    vscode.Uri.file(file.to?.realPath ?? file.realPath),
    file.baseSha256 === null ? undefined : fileUri(proposalId, 'base', place, file),
    // Of a deleted file, too: the keys and the thread of its change are on this side.
    fileUri(proposalId, 'new', place, file),
  ]);
  await vscode.commands.executeCommand('vscode.changes', title, files);
}

/**
 * The file itself while it is what the proposal is on top of, so that it has what an editor has to
 * say of it; else the bytes that the proposal was made from.
 */
async function leftOf(
  core: Core,
  { proposalId, state }: Proposal,
  place: number,
  file: KeptOperation,
): Promise<vscode.Uri> {
  const { baseSha256, realPath, form } = file;
  const live =
    state === 'proposed' &&
    baseSha256 !== null &&
    form.encoding !== 'binary' &&
    (await hasBytes(realPath, core.bytes(baseSha256)));
  return live ? vscode.Uri.file(realPath) : fileUri(proposalId, 'base', place, file);
}
