import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseDenied } from '../approval/policy.ts';
import { ToolError } from '../shared/errors.ts';
import { gatePath } from '../workspace/path-gate.ts';
import type { Workspace } from '../workspace/port.ts';

/** The most files that one proposal is about: more than a person can look through. */
const MAX_FILES = 500;

/**
 * Every file below a folder, as paths that begin with the given one; those that are ignored or
 * hidden, too. Null if the path is no folder.
 * @throws ToolError for a folder of the workspace itself, too many files, or anything but files
 */
export async function filesBelow(
  workspace: Workspace,
  path: string,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const gated = await gatePath(workspace.folders(), path);
  const found = await lstat(gated.realPath).catch(() => null);
  if (found?.isDirectory() !== true) return null;
  if (gated.realPath === gated.root) {
    throw new ToolError(`${path} is a folder that the user has opened; it stays.`);
  }
  refuseDenied(gated);
  const files: string[] = [];
  await collect(gated.realPath, path.replace(/[\\/]+$/u, ''), files, signal);
  if (files.length === 0) throw new ToolError(`There are no files in ${path}.`);
  return files;
}

async function collect(
  folder: string,
  path: string,
  files: string[],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const inside = `${path}/${entry.name}`;
    if (entry.isDirectory()) await collect(join(folder, entry.name), inside, files, signal);
    else if (entry.isFile()) files.push(inside);
    else
      throw new ToolError(`${inside} is neither a file nor a folder. Ask the user to see to it.`);
    if (files.length > MAX_FILES) {
      throw new ToolError(`There are more than ${MAX_FILES} files in ${path}. Take smaller parts.`);
    }
  }
}
