import { t } from '@vscode/l10n';
import { z } from 'zod';
import { ToolError } from '../shared/errors.ts';
import { locate, refuseUnsaved } from './change.ts';
import { filesBelow } from './folder.ts';
import { defineTool } from './tool.ts';

export const deleteFile = defineTool({
  name: 'delete_file',
  kind: 'delete',
  description:
    'Proposes to delete a file of the workspace, or a folder with all that is in it. The user can bring it back.',
  schema: z.strictObject({
    path: z.string().describe('Path relative to the workspace folder'),
  }),
  title: ({ path }) => t('Delete {0}', path),
  async propose({ path }, { workspace, signal }) {
    const folder = await filesBelow(workspace, path, signal);
    const changes = [];
    for (const one of folder?.paths ?? [path]) {
      const located = await locate(workspace, one);
      if (located.base === null) throw new ToolError(`${located.displayPath} does not exist.`);
      refuseUnsaved(workspace, located);
      changes.push({ ...located, folder: folder?.realPath ?? null, next: null });
    }
    return changes;
  },
});
