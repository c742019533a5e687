import { t } from '@vscode/l10n';
import { z } from 'zod';
import { ToolError } from '../shared/errors.ts';
import { decodeText } from '../workspace/text.ts';
import { locate } from './change.ts';
import { defineTool } from './tool.ts';

export const deleteFile = defineTool({
  name: 'delete_file',
  kind: 'delete',
  description: 'Proposes to delete a text file of the workspace. The user can bring it back.',
  schema: z.strictObject({
    path: z.string().describe('Path relative to the workspace folder'),
  }),
  title: ({ path }) => t('Delete {0}', path),
  async propose({ path }, { workspace }) {
    const { gated, base } = await locate(workspace, path);
    const { displayPath, realPath } = gated;
    if (base === null) throw new ToolError(`${displayPath} does not exist.`);
    // What cannot be shown cannot be approved.
    decodeText(base, displayPath);
    return { realPath, displayPath, base, next: null };
  },
});
