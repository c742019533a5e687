import { lstat } from 'node:fs/promises';
import { refuseSecret } from '../approval/policy.ts';
import { ToolError } from '../shared/errors.ts';
import { gatePath } from '../workspace/path-gate.ts';
import type { Workspace } from '../workspace/port.ts';
import { type FoundFile, walkFiles } from '../workspace/search.ts';

/**
 * The files below a folder of the workspace, or the one file that a path names; without a path, those
 * of the whole workspace. Their `path` is as the user knows it.
 * @throws ToolError for a path that does not exist or that the gate refuses
 */
export async function* filesIn(
  workspace: Workspace,
  path: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<FoundFile> {
  const folders = workspace.folders();
  for (const start of path === undefined ? folders.map((folder) => folder.path) : [path]) {
    const gated = await gatePath(folders, start);
    const { realPath, root, displayPath } = gated;
    const found = await lstat(realPath).catch(() => null);
    if (found === null) throw new ToolError(`${start} does not exist.`);
    if (found.isFile()) {
      refuseSecret(gated);
      yield { realPath, path: displayPath };
      continue;
    }
    const prefix = displayPath === '' ? '' : `${displayPath.replace(/\/$/u, '')}/`;
    for await (const file of walkFiles(root, realPath, signal)) {
      yield { ...file, path: prefix + file.path };
    }
  }
}
