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

export interface RestageDeps {
  readonly ledger: Ledger;
  readonly workspace: Workspace;
}

/** What becomes of one file of a proposal whose base is not there any more. */
type Rebased =
  | { readonly kind: 'same' | 'clean' | 'conflict'; readonly change: FileChange }
  /** The file has the proposed content by now. */
  | { readonly kind: 'done' }
  | { readonly kind: 'impossible'; readonly reason: string };

/**
 * Puts a proposal on top of what the files have become, as a new one to be looked at: clean, or with
 * conflicts to resolve. `look`: it still waits; one that does not fit any more says so. `apply`: it
 * was approved and did not fit. True if something else is shown by now; what was approved is then
 * not approved any more.
 */
export async function restage(
  deps: RestageDeps,
  proposal: Proposal,
  when: 'look' | 'apply',
): Promise<boolean> {
  const { ledger } = deps;
  if (proposal.operations.length === 0 || proposal.undoes !== null) return false;
  const standing = await rebaseAll(deps, proposal, proposal.operations, when);
  if (standing.every((one) => one.kind === 'same')) return freshen(ledger, proposal, when);
  const source = sourceOf(deps, proposal);
  const rebased = await rebaseAll(deps, proposal, source, when);
  const impossible = rebased.find((one) => one.kind === 'impossible');
  const changes = rebased.flatMap((one) => ('change' in one ? [one.change] : []));
  const stacked = when === 'look' && proposal.stacked;
  if (impossible !== undefined || changes.length === 0) {
    const reason = impossible?.reason ?? t('The files have the proposed content already.');
    if (when === 'apply' || (proposal.origin === 'stale' && proposal.reason === reason)) {
      return false;
    }
    const same = source.map((operation) => keptChange(operation, ledger));
    return ledger.revise(proposal, { origin: 'stale', changes: same, stacked, reason });
  }
  const conflicts = rebased.some((one) => one.kind === 'conflict');
  const names = rebased.flatMap((one, index) =>
    one.kind === 'same' ? [] : [source[index]?.displayPath ?? ''],
  );
  return ledger.revise(proposal, {
    origin: conflicts ? 'conflict' : proposal.origin === 'edited' ? 'edited' : 'rebased',
    changes,
    stacked,
    reason: t('{0} changed after the proposal was made.', names.join(', ')),
  });
}

/** Every file is as it was when this was shown; one that did not fit in between fits again. */
async function freshen(
  ledger: Ledger,
  proposal: Proposal,
  when: 'look' | 'apply',
): Promise<boolean> {
  if (when === 'apply' || proposal.origin !== 'stale') return false;
  const changes = proposal.operations.map((operation) => keptChange(operation, ledger));
  const { stacked } = proposal;
  return ledger.revise(proposal, { origin: 'model', changes, stacked, reason: '' });
}

function rebaseAll(
  deps: RestageDeps,
  proposal: Proposal,
  operations: readonly KeptOperation[],
  when: 'look' | 'apply',
): Promise<Rebased[]> {
  return Promise.all(operations.map((operation) => rebase(deps, proposal, operation, when)));
}

/** Conflict markers that nobody has touched are not merged again: what they came from is. */
function sourceOf({ ledger }: RestageDeps, proposal: Proposal): readonly KeptOperation[] {
  if (proposal.origin !== 'conflict') return proposal.operations;
  return ledger.operations(proposal.proposalId, proposal.proposedRevision);
}

async function rebase(
  { ledger, workspace }: RestageDeps,
  proposal: Proposal,
  operation: KeptOperation,
  when: 'look' | 'apply',
): Promise<Rebased> {
  const { realPath, displayPath, baseSha256, to } = operation;
  const kept = keptChange(operation, ledger);
  let now: Uint8Array | null;
  try {
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

/** An operation as the change that it was frozen from. */
export function keptChange(operation: KeptOperation, ledger: Ledger): FileChange {
  const { realPath, displayPath, to, folder, mode, warnings, baseSha256, newSha256 } = operation;
  const bytes = (hash: string | null): Uint8Array | null =>
    hash === null ? null : ledger.bytes(hash);
  return {
    ...{ realPath, displayPath, to, folder, mode, warnings },
    base: bytes(baseSha256),
    next: bytes(newSha256),
  };
}
