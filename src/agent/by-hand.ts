import { textOf } from '../approval/stored.ts';
import type { Ledger } from '../approval/ledger.ts';
import { targetOf } from '../approval/operation.ts';
import type { KeptOperation, Proposal } from '../approval/proposal.ts';
import { sha256 } from '../checkpoint/blobs.ts';
import { ToolError } from '../shared/errors.ts';
import { unifiedDiff } from '../workspace/patch.ts';
import type { Workspace } from '../workspace/port.ts';
import { decodeText } from '../workspace/text.ts';

const MAX_DIFF = 6000;

/** How the files of a proposal differ now from what it was made on: what the user did by hand. */
export async function byHandText(
  proposal: Proposal,
  ledger: Ledger,
  workspace: Workspace,
): Promise<string> {
  const lines: string[] = [];
  for (const operation of asMade(proposal, ledger)) {
    lines.push(await lineOf(operation, ledger, workspace));
  }
  return `What the user did:\n${lines.join('\n')}`;
}

/** Its files as the agent knows them; while it waited, it may have been put on top of the user's work. */
function asMade({ proposalId, operations, arguments: other }: Proposal, ledger: Ledger) {
  const first = ledger.operations(proposalId, 0);
  const known = new Map(first.map((operation) => [operation.realPath, operation]));
  const shown = new Set(operations.map(({ realPath }) => realPath));
  return [
    ...operations.map((operation): KeptOperation => ({
      ...operation,
      baseSha256: known.get(operation.realPath)?.baseSha256 ?? operation.baseSha256,
    })),
    ...(other === null ? first.filter(({ realPath }) => !shown.has(realPath)) : []),
  ];
}

async function lineOf(
  operation: KeptOperation,
  ledger: Ledger,
  workspace: Workspace,
): Promise<string> {
  const { displayPath, realPath, to, baseSha256, newSha256 } = operation;
  const here = await workspace.read(realPath);
  const now = to === null ? here : await workspace.read(targetOf(operation));
  const hash = now === null ? null : sha256(now);
  if (to !== null && here === null && hash === newSha256) {
    return `${displayPath} is now ${to.displayPath}, as was proposed.`;
  }
  if (to !== null && here !== null && now === null) {
    return lineOf({ ...operation, to: null, newSha256: baseSha256 }, ledger, workspace);
  }
  if (to === null && hash === baseSha256) {
    return now === null
      ? `${displayPath} does not exist, as before.`
      : `${displayPath} is as it was before.`;
  }
  if (hash === newSha256) {
    return now === null
      ? `${displayPath} does not exist now, as was proposed.`
      : `${displayPath} has exactly the proposed content now.`;
  }
  if (now === null) return `${displayPath} does not exist now.`;
  const name = to?.displayPath ?? displayPath;
  const before = textOf(baseSha256, operation, ledger);
  const after = textIn(now, name);
  return before === null || after === null
    ? `${name} has another content now.`
    : unifiedDiff(name, before, after, MAX_DIFF);
}

function textIn(bytes: Uint8Array, path: string): string | null {
  try {
    return decodeText(bytes, path).text;
  } catch (error) {
    if (error instanceof ToolError) return null;
    throw error;
  }
}
