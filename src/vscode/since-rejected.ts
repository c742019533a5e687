import * as vscode from 'vscode';
import type { Proposal } from '../approval/proposal.ts';
import type { SinceRejected } from '../shared/change-view.ts';
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
  const since = core.since(proposalId);
  const rejected = since === null ? null : core.proposal(since.proposalId);
  if (proposal === null || since === null || rejected === null) return;
  const pairs = since.files.flatMap((file) => pairOf(proposal, rejected, file));
  const name = core.review(proposalId)?.title ?? '';
  const title = vscode.l10n.t('{0}: rejected ↔ proposed now', name);
  const [only] = pairs;
  if (pairs.length === 1 && only?.[1] !== undefined && only[2] !== undefined) {
    await vscode.commands.executeCommand('vscode.diff', only[1], only[2], title, { preview: true });
  } else await vscode.commands.executeCommand('vscode.changes', title, pairs);
}

function pairOf(
  proposal: Proposal,
  rejected: Proposal,
  places: SinceRejected['files'][number],
): readonly Pair[] {
  const file = proposal.operations[places.operation];
  if (file === undefined) return [];
  const side = (of: Proposal, place: number | null): vscode.Uri | undefined => {
    const one = place === null ? undefined : of.operations[place];
    if (place === null || one === undefined) return undefined;
    return one.newSha256 === null ? undefined : fileUri(of.proposalId, 'now', place, one);
  };
  const uri = vscode.Uri.file(file.to?.realPath ?? file.realPath);
  return [[uri, side(rejected, places.rejected), side(proposal, places.operation)]];
}
