import { t } from '@vscode/l10n';
import { sha256 } from '../checkpoint/blobs.ts';
import { ToolError } from '../shared/errors.ts';
import { messageOf } from '../shared/lifecycle.ts';
import { mergeThree } from '../workspace/merge.ts';
import type { Workspace } from '../workspace/port.ts';
import { decodeText, encodeText, withLineEnding } from '../workspace/text.ts';
import type { Ledger } from './ledger.ts';
import { type FileChange, unsavedWarning } from './operation.ts';
import type { KeptOperation, Proposal } from './proposal.ts';
import { stagedBytes } from './staged.ts';
import { keptChange } from './stored.ts';

export interface RestageDeps {
  readonly ledger: Ledger;
  readonly workspace: Workspace;
}

/** What becomes of one file of a proposal whose base is not there any more. */
export type Rebased =
  | { readonly kind: 'same' | 'clean' | 'conflict'; readonly change: FileChange }
  /** The file has the proposed content by now. */
  | { readonly kind: 'done' }
  | { readonly kind: 'impossible'; readonly reason: string };

/** Puts one file of a proposal on top of what it has become. Changes nothing. */
export async function rebase(
  { ledger, workspace }: RestageDeps,
  proposal: Proposal,
  operation: KeptOperation,
  when: 'look' | 'apply',
): Promise<Rebased> {
  const { realPath, displayPath, baseSha256, to } = operation;
  let kept: FileChange;
  let now: Uint8Array | null;
  try {
    kept = keptChange(operation, ledger);
    const staged =
      when === 'look' && proposal.stacked
        ? stagedBytes(ledger, proposal.threadId, realPath, proposal.proposalId)
        : undefined;
    now = staged === undefined ? await workspace.read(realPath) : staged;
    if (operation.op !== 'write' && workspace.hasUnsavedChanges(realPath)) {
      const reason = t('{0} has unsaved changes in the editor.', displayPath);
      return { kind: 'impossible', reason };
    }
    if (to !== null && (await workspace.readDisk(to.realPath)) !== null) {
      return { kind: 'impossible', reason: t('{0} exists by now.', to.displayPath) };
    }
  } catch (error) {
    return { kind: 'impossible', reason: messageOf(error) };
  }
  if ((now === null ? null : sha256(now)) === baseSha256) return { kind: 'same', change: kept };
  if (now === null) {
    if (operation.op === 'delete') return { kind: 'done' };
    return { kind: 'impossible', reason: t('{0} was deleted or renamed since.', displayPath) };
  }
  const warnings = (kept.warnings ?? []).filter((one) => one !== unsavedWarning(displayPath));
  if (workspace.hasUnsavedChanges(realPath)) warnings.push(unsavedWarning(displayPath));
  return rebaseOn({ ...kept, warnings }, now);
}

/** What an operation leads to on top of other bytes, as text; null where it cannot be put there. */
export function rebasedText(
  operation: KeptOperation,
  base: string | null,
  ledger: Ledger,
): string | null {
  if (base === null || operation.newSha256 === null) return null;
  try {
    const rebased = rebaseOn(keptChange(operation, ledger), ledger.bytes(base));
    const { next } = rebased.kind === 'clean' ? rebased.change : { next: null };
    return next === null ? null : decodeText(next, operation.displayPath).text;
  } catch {
    return null;
  }
}

function rebaseOn(kept: FileChange, now: Uint8Array): Rebased {
  const { base, next, displayPath, to } = kept;
  if (next === null) return { kind: 'clean', change: { ...kept, base: now } };
  const moves = to !== undefined && to !== null;
  if (!moves && Buffer.compare(now, next) === 0) return { kind: 'done' };
  if (moves && base !== null && Buffer.compare(base, next) === 0) {
    return { kind: 'clean', change: { ...kept, base: now, next: now } };
  }
  try {
    const yours = decodeText(now, displayPath);
    const old = base === null ? null : decodeText(base, displayPath);
    const proposed = decodeText(next, displayPath);
    const fitting = (text: string): string =>
      yours.eol === 'mixed' ? text : withLineEnding(text.replaceAll('\r\n', '\n'), yours.eol);
    const before = old === null ? '' : fitting(old.text);
    const merged = mergeThree(before, yours.text, fitting(proposed.text));
    if (merged.conflicts === 0 && merged.text === yours.text && !moves) return { kind: 'done' };
    const change = { ...kept, base: now, next: encodeText(merged.text, yours) };
    return { kind: merged.conflicts === 0 ? 'clean' : 'conflict', change };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { kind: 'impossible', reason: t('{0} changed, and is no text.', displayPath) };
  }
}
