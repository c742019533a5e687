import { t } from '@vscode/l10n';
import { type PackedBlob, packBlob, sha256 } from '../checkpoint/blobs.ts';
import { ToolError } from '../shared/errors.ts';
import { failpoint } from '../shared/failpoint.ts';
import { messageOf } from '../shared/lifecycle.ts';
import { gatePath } from '../workspace/path-gate.ts';
import type { Check, Workspace } from '../workspace/port.ts';
import type { Ledger } from './ledger.ts';
import { type Operation, type Place, pathsOf } from './operation.ts';
import { refuseDenied } from './policy.ts';
import type { KeptOperation, Proposal } from './proposal.ts';

/** The world is not as it was when the user looked. Nothing was changed. */
export class StaleError extends Error {}

/** An effect stopped at one of its files. */
export class HaltedError extends Error {
  /** How many files are done. The next one is as it was if the cause is a `StaleError`. */
  readonly done: number;

  constructor(done: number, cause: unknown) {
    super(messageOf(cause), { cause });
    this.done = done;
  }
}

/** @throws StaleError unless every file is as the user saw it; looks, and changes nothing */
export async function preflight(proposal: Proposal, workspace: Workspace): Promise<void> {
  if (!workspace.trusted()) throw new StaleError(t('the workspace is not trusted any more'));
  for (const operation of proposal.operations) {
    await checkUnchanged(operation, workspace);
    await workspace.refuseReadOnly(operation.realPath);
  }
}

/** Why a proposal does not fit the files any more; null if it does. */
export async function staleReason(
  { operations }: Proposal,
  workspace: Workspace,
): Promise<string | null> {
  try {
    for (const operation of operations) await checkUnchanged(operation, workspace);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** Keeps what each file has now, where that is not its base. Changes no file. */
export async function keepPreimages(
  claimed: Proposal,
  ledger: Ledger,
  workspace: Workspace,
): Promise<void> {
  const preimages = await Promise.all(
    claimed.operations.map((operation) => preimageOf(operation, ledger, workspace)),
  );
  failpoint('apply.preimages');
  await ledger.keepBytes(claimed, 'preimage', preimages);
}

/**
 * Carries a claimed effect out, file by file, and looks at each afterwards. Answers, for each, what a
 * formatter made of it at once, or null. What cannot be put back must not be taken away: only once
 * every preimage is kept.
 * @throws HaltedError at the first file that cannot be done
 */
export async function perform(
  claimed: Proposal,
  ledger: Ledger,
  workspace: Workspace,
): Promise<(PackedBlob | null)[]> {
  const finals: (PackedBlob | null)[] = [];
  try {
    for (const [index, operation] of claimed.operations.entries()) {
      failpoint(`apply.op#${index}`);
      const check = async (): Promise<void> => {
        await checkUnchanged(operation, workspace);
        if (!ledger.holds(claimed)) throw new StaleError(t('another window has taken this over'));
      };
      await check();
      await carryOut(operation, ledger, workspace, check);
      failpoint(`apply.opDone#${index}`);
      finals.push(await verify(operation, workspace));
    }
    return finals;
  } catch (error) {
    throw new HaltedError(finals.length, error);
  }
}

/**
 * Puts back, last first, what an effect has changed, as far as every file is as the effect left it,
 * or may have left it half-way.
 * @throws Error where one could not be put back; the others are
 */
export async function rollBack(
  operations: readonly KeptOperation[],
  ledger: Ledger,
  workspace: Workspace,
): Promise<void> {
  const failures: unknown[] = [];
  for (const operation of operations.toReversed()) {
    try {
      await putBack(operation, ledger, workspace);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function putBack(
  operation: KeptOperation,
  ledger: Ledger,
  workspace: Workspace,
): Promise<void> {
  const { realPath, to, baseSha256, newSha256, finalSha256, mode } = operation;
  const left = finalSha256 ?? newSha256;
  const base = baseSha256 === null ? null : ledger.bytes(baseSha256);
  if (to !== null && base !== null) {
    await moveBack({ from: realPath, to: to.realPath, left, base }, workspace);
    return;
  }
  if ((await hashOnDisk(workspace, realPath)) !== left) return;
  const check = still(workspace, realPath, left);
  if (base === null) await workspace.remove(realPath, check);
  else if (left === null) await workspace.create(realPath, base, mode, check);
  else await workspace.replace(realPath, base, check);
}

interface Moved {
  readonly from: string;
  readonly to: string;
  /** What the effect has left, or would have. */
  readonly left: string | null;
  readonly base: Uint8Array;
}

/** The new name may have the old content yet, and the old name may still be there. */
async function moveBack({ from, to, left, base }: Moved, workspace: Workspace): Promise<void> {
  const baseSha256 = sha256(base);
  const there = await hashOnDisk(workspace, to);
  if (there === null || (there !== left && there !== baseSha256)) return;
  const here = await hashOnDisk(workspace, from);
  if (here === baseSha256) {
    await workspace.remove(to, still(workspace, from, baseSha256));
    return;
  }
  if (there !== baseSha256) await workspace.replace(to, base, still(workspace, to, there));
  await workspace.move(to, from, still(workspace, to, baseSha256));
}

/** Stops unless a file has these bytes. */
function still(workspace: Workspace, realPath: string, hash: string | null): Check {
  return async () => {
    if ((await hashOnDisk(workspace, realPath)) !== hash)
      throw new StaleError(t('it changed since'));
  };
}

async function carryOut(
  { realPath, to, baseSha256, newSha256, mode }: Operation,
  ledger: Ledger,
  workspace: Workspace,
  check: () => Promise<void>,
): Promise<void> {
  try {
    if (newSha256 === null) {
      await workspace.remove(realPath, check);
      return;
    }
    const bytes = ledger.bytes(newSha256);
    if (to !== null) {
      await workspace.move(realPath, to.realPath, check);
      if (baseSha256 === newSha256) return;
      await workspace.replace(to.realPath, bytes, () => Promise.resolve());
    } else if (baseSha256 === null) await workspace.create(realPath, bytes, mode, check);
    else await workspace.replace(realPath, bytes, check);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new StaleError(t('there is a file by that name by now'), { cause: error });
  }
}

/** Answers what a formatter made of the file, or null if it has exactly the approved bytes. */
async function verify(operation: Operation, workspace: Workspace): Promise<PackedBlob | null> {
  const { realPath, to, newSha256, displayPath } = operation;
  const at = to?.realPath ?? realPath;
  const now = await workspace.readDisk(at);
  if ((now === null ? null : sha256(now)) === newSha256) return null;
  const document = now === null ? null : await workspace.document(at);
  const changedOnSave =
    now !== null && document !== null && !document.dirty && sha256(document.bytes) === sha256(now);
  if (changedOnSave) return packBlob(now);
  throw new Error(t('{0} does not have the approved bytes after the write', displayPath));
}

/** The bytes on the disk where they are not the base: a document with unsaved changes is open. */
async function preimageOf(
  { realPath, baseSha256 }: Operation,
  ledger: Ledger,
  workspace: Workspace,
): Promise<PackedBlob | null> {
  if (baseSha256 === null) return null;
  ledger.bytes(baseSha256);
  const bytes = await workspace.readDisk(realPath);
  return bytes === null || sha256(bytes) === baseSha256 ? null : packBlob(bytes);
}

/** The path still leads to the same file, and disk and editor still have the base bytes. */
async function checkUnchanged(operation: Operation, workspace: Workspace): Promise<void> {
  const { realPath, displayPath, to, op, baseSha256 } = operation;
  for (const place of pathsOf([operation])) await checkPlace(place, workspace);
  if (op !== 'write' && workspace.hasUnsavedChanges(realPath)) {
    throw new StaleError(t('{0} has unsaved changes in the editor', displayPath));
  }
  const now = await readable(() => workspace.read(realPath));
  if ((now === null ? null : sha256(now)) !== baseSha256) {
    throw new StaleError(
      workspace.hasUnsavedChanges(realPath)
        ? t('{0} has unsaved changes in the editor', displayPath)
        : t('{0} changed after the proposal was made', displayPath),
    );
  }
  if (to !== null && (await readable(() => workspace.readDisk(to.realPath))) !== null) {
    throw new StaleError(t('{0} exists by now', to.displayPath));
  }
}

async function checkPlace({ realPath, displayPath }: Place, workspace: Workspace): Promise<void> {
  const gated = await readable(async () => {
    const found = await gatePath(workspace.folders(), realPath);
    refuseDenied(found);
    return found;
  });
  if (gated.realPath !== realPath) {
    throw new StaleError(t('{0} leads somewhere else now', displayPath));
  }
}

async function readable<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw new StaleError(error instanceof ToolError ? error.message : messageOf(error));
  }
}

export async function hashOnDisk(workspace: Workspace, realPath: string): Promise<string | null> {
  const bytes = await workspace.readDisk(realPath);
  return bytes === null ? null : sha256(bytes);
}
