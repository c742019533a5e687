import { t } from '@vscode/l10n';
import { type FileChange, type Place, unsavedWarning } from '../approval/operation.ts';
import { judge, judgePaths, refuseDenied } from '../approval/policy.ts';
import { ToolError } from '../shared/errors.ts';
import { MAX_FILE_BYTES } from '../workspace/limits.ts';
import { type GatedPath, gatePath } from '../workspace/path-gate.ts';
import type { FileFacts, Workspace } from '../workspace/port.ts';

/** A file to change, as it is now. */
export interface Located extends Place {
  /** Null where there is none yet. */
  readonly base: Uint8Array | null;
  readonly mode: FileFacts['mode'];
  readonly warnings: readonly string[];
}

/** @throws ToolError for a path that is refused, a folder, or what may not be changed */
export async function locate(workspace: Workspace, path: string): Promise<Located> {
  const gated = await gatePath(workspace.folders(), path);
  const { realPath, displayPath } = gated;
  if (displayPath === '' || realPath === gated.root || /[\\/]$/u.test(path)) {
    throw new ToolError(`${path} is a folder, not a file.`);
  }
  refuseDenied(gated);
  const base = await workspace.read(realPath);
  refuseMisnamed(gated, base, path);
  await workspace.refuseReadOnly(realPath);
  const facts = await workspace.facts(realPath);
  const warnings = [...gated.warnings];
  // What is guarded as seen from a folder around the one that it is shown in.
  const { why, risk } = judgePaths([{ ...gated, warnings: [] }], false);
  if (risk === 'high' && judge(displayPath, false).risk === 'low') warnings.push(why);
  if (facts !== null && facts.links > 1) {
    warnings.push(t('{0} has other names (hard links); only this one would change.', displayPath));
  }
  if (base !== null && workspace.hasUnsavedChanges(realPath)) {
    warnings.push(unsavedWarning(displayPath));
  }
  return { realPath, displayPath, base, mode: facts?.mode ?? '100644', warnings };
}

/** The change of a located file to these bytes. */
export function changeOf(located: Located, next: Uint8Array): FileChange {
  const { displayPath, base } = located;
  if (base !== null && Buffer.compare(base, next) === 0) {
    throw new ToolError(`${displayPath} has exactly this content already. Nothing to change.`);
  }
  if (next.length > MAX_FILE_BYTES) {
    throw new ToolError(`The new content of ${displayPath} is too large (${next.length} bytes).`);
  }
  return { ...located, next };
}

/** Deleting and moving take the file as the disk has it: unsaved changes would be lost. */
export function refuseUnsaved(workspace: Workspace, { realPath, displayPath }: Place): void {
  if (!workspace.hasUnsavedChanges(realPath)) return;
  throw new ToolError(
    `${displayPath} has unsaved changes in the user's editor. Ask the user to save it first.`,
  );
}

/** On a disk that takes both names for one, a new file would be written over the old one. */
function refuseMisnamed(
  { misnamed, displayPath }: GatedPath,
  base: Uint8Array | null,
  asked: string,
): void {
  if (!misnamed || base === null) return;
  throw new ToolError(
    `${JSON.stringify(asked)} is, on this disk, the existing file ${displayPath}. Use that name.`,
  );
}
