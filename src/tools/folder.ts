import { lstat, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { refuseDenied } from '../approval/policy.ts';
import { ToolError } from '../shared/errors.ts';
import { gatePath } from '../workspace/path-gate.ts';
import type { Workspace } from '../workspace/port.ts';

/** The most files that one proposal is about: more than a person can look through. */
const MAX_FILES = 500;

/** A folder with all that is in it. */
export interface WholeFolder {
  readonly realPath: string;
  /** Those that are ignored or hidden, too; each begins with the path that was asked for. */
  readonly paths: readonly string[];
}

/**
 * Every file below a folder; null if the path is no folder.
 * @throws ToolError for a folder that the user has opened or that has one in it, for too many files,
 * and for anything in it but files and folders
 */
export async function filesBelow(
  workspace: Workspace,
  path: string,
  signal: AbortSignal,
): Promise<WholeFolder | null> {
  const gated = await gatePath(workspace.folders(), path);
  const found = await lstat(gated.realPath).catch(() => null);
  if (found?.isDirectory() !== true) return null;
  const { realPath } = gated;
  for (const { path: opened, name } of workspace.folders()) {
    const root = await gatePath(workspace.folders(), opened).catch(() => null);
    if (root === null || !`${root.realPath}${sep}`.startsWith(`${realPath}${sep}`)) continue;
    throw new ToolError(
      `${path} has the folder ${name} in it, which the user has opened; it stays.`,
    );
  }
  refuseDenied(gated);
  const paths: string[] = [];
  await collect(realPath, path.replace(/[\\/]+$/u, ''), paths, signal);
  if (paths.length === 0) throw new ToolError(`There are no files in ${path}.`);
  return { realPath, paths };
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
