import { t } from '@vscode/l10n';
import { join } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../shared/errors.ts';
import type { Workspace } from '../workspace/port.ts';
import type { FileChange } from '../approval/operation.ts';
import { locate, refuseUnsaved } from './change.ts';
import { filesBelow } from './folder.ts';
import { defineTool } from './tool.ts';

export const moveFile = defineTool({
  name: 'move_file',
  kind: 'move',
  description:
    'Proposes to move or rename a file of the workspace, or a folder with all that is in it. Nothing may be at the new path yet.',
  schema: z.strictObject({
    from: z.string().describe('Path relative to the workspace folder'),
    to: z.string().describe('New path of it, with its new name'),
  }),
  title: ({ from, to }) => t('Move {0} to {1}', from, to),
  async propose({ from, to }, { workspace, signal }) {
    const below = await filesBelow(workspace, from, signal);
    if (below === null) return [await moveOf(workspace, from, to)];
    const { realPath: folder, paths } = below;
    const changes = [];
    for (const path of paths) {
      const rest = path.slice(from.replace(/[\\/]+$/u, '').length + 1);
      changes.push({ ...(await moveOf(workspace, path, join(to, rest))), folder });
    }
    return changes;
  },
});

/** One file's move, both ends checked. */
async function moveOf(workspace: Workspace, from: string, to: string): Promise<FileChange> {
  const source = await locate(workspace, from);
  if (source.base === null) throw new ToolError(`${source.displayPath} does not exist.`);
  refuseUnsaved(workspace, source);
  const target = await locate(workspace, to);
  if (target.realPath === source.realPath) {
    throw new ToolError(`${source.displayPath} is there already. Nothing to move.`);
  }
  if (target.base !== null) {
    throw new ToolError(`${target.displayPath} exists already. Choose another path.`);
  }
  const { realPath, displayPath } = target;
  const warnings = [...source.warnings, ...target.warnings];
  return { ...source, to: { realPath, displayPath }, next: source.base, warnings };
}
