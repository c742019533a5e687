import { textOf } from '../approval/answers.ts';
import type { Ledger } from '../approval/ledger.ts';
import type { Proposal } from '../approval/proposal.ts';
import { sha256 } from '../checkpoint/blobs.ts';
import { unifiedDiff } from '../workspace/patch.ts';
import type { Workspace } from '../workspace/port.ts';
import { decodeText } from '../workspace/text.ts';

const MAX_DIFF = 6000;

/** How the files of a proposal differ now from what it was made on: what the user did by hand. */
export async function byHandText(
  { operations }: Proposal,
  ledger: Ledger,
  workspace: Workspace,
): Promise<string> {
  const parts: string[] = [];
  for (const operation of operations) {
    const { displayPath, realPath, to, baseSha256, newSha256 } = operation;
    const at = to?.realPath ?? realPath;
    const now = await workspace.read(at);
    const hash = now === null ? null : sha256(now);
    if (hash === baseSha256) parts.push(`${displayPath} is as it was before.`);
    else if (now === null) parts.push(`${displayPath} does not exist now.`);
    else if (hash === newSha256) parts.push(`${displayPath} has exactly the proposed content now.`);
    else {
      const before = textOf(baseSha256, operation, ledger) ?? '';
      const after = decodeText(now, displayPath).text;
      parts.push(unifiedDiff(to?.displayPath ?? displayPath, before, after, MAX_DIFF));
    }
  }
  return `What the user did:\n${parts.join('\n')}`;
}
