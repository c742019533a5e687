import * as vscode from 'vscode';
import type { Proposal } from '../approval/proposal.ts';
import type { Core } from '../threads/core.ts';
import { fileUri } from './proposal-uris.ts';

type Pair = readonly [
  file: vscode.Uri,
  rejected: vscode.Uri | undefined,
  now: vscode.Uri | undefined,
];

/** Shows what a proposal proposes other than the one about the same files that was rejected before. */
export async function compareRejected(core: Core, proposalId: string): Promise<void> {
  const proposal = core.proposal(proposalId);
  const since = core.review(proposalId)?.review.since ?? null;
  const rejected = since === null ? null : core.proposal(since);
  if (proposal === null || rejected === null) return;
  const pairs = pairsOf(proposal, rejected);
  const name = core.review(proposalId)?.title ?? '';
  const title = vscode.l10n.t('{0}: rejected ↔ proposed now', name);
  const [only] = pairs;
  if (pairs.length === 1 && only?.[1] !== undefined && only[2] !== undefined) {
    await vscode.commands.executeCommand('vscode.diff', only[1], only[2], title, { preview: true });
  } else await vscode.commands.executeCommand('vscode.changes', title, pairs);
}

function pairsOf(proposal: Proposal, rejected: Proposal): readonly Pair[] {
  const before = new Map(
    rejected.operations.map((file, place) => [file.realPath, { file, place }]),
  );
  return proposal.operations.map((file, place): Pair => {
    const other = before.get(file.realPath);
    return [
      vscode.Uri.file(file.to?.realPath ?? file.realPath),
      other === undefined || other.file.newSha256 === null
        ? undefined
        : fileUri(rejected.proposalId, 'now', other.place, other.file),
      file.newSha256 === null ? undefined : fileUri(proposal.proposalId, 'now', place, file),
    ];
  });
}
