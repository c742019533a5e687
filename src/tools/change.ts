import type { FileChange } from '../approval/proposal.ts';
import { ToolError } from '../shared/errors.ts';
import { MAX_FILE_BYTES } from '../workspace/disk.ts';
import { type GatedPath, gatePath } from '../workspace/path-gate.ts';
import type { Workspace } from '../workspace/port.ts';

/** A file to change and the bytes it has now; null where there is none yet. */
export async function locate(
  workspace: Workspace,
  path: string,
): Promise<{ gated: GatedPath; base: Uint8Array | null }> {
  const gated = await gatePath(workspace.folders(), path);
  if (gated.displayPath === '' || /[\\/]$/u.test(path)) {
    throw new ToolError(`${path} is a folder, not a file.`);
  }
  if (workspace.hasUnsavedChanges(gated.realPath)) {
    throw new ToolError(
      `${gated.displayPath} has unsaved changes in the user's editor. Ask the user to save it first.`,
    );
  }
  return { gated, base: await workspace.read(gated.realPath) };
}

export function changeOf(
  { realPath, displayPath }: GatedPath,
  base: Uint8Array | null,
  next: Uint8Array,
): FileChange {
  if (base !== null && Buffer.compare(base, next) === 0) {
    throw new ToolError(`${displayPath} has exactly this content already. Nothing to change.`);
  }
  if (next.length > MAX_FILE_BYTES) {
    throw new ToolError(`The new content of ${displayPath} is too large (${next.length} bytes).`);
  }
  return { realPath, displayPath, base, next };
}
