import { t } from '@vscode/l10n';
import { z } from 'zod';
import { ToolError } from '../shared/errors.ts';
import { filesIn } from './files-in.ts';
import { defineTool } from './tool.ts';

const MAX_FILES = 500;

export const listFiles = defineTool({
  name: 'list_files',
  kind: 'search',
  description:
    'Lists the files below a folder of the workspace, without what .gitignore leaves out.',
  schema: z.strictObject({
    path: z.string().optional().describe('Folder; without it, the whole workspace'),
  }),
  title: ({ path }) => (path === undefined ? t('List files') : t('List files in {0}', path)),
  async run({ path }, { workspace, signal }) {
    const found: string[] = [];
    for await (const file of filesIn(workspace, path, signal)) {
      found.push(file.path);
      if (found.length > MAX_FILES) break;
    }
    if (found.length === 0) {
      throw new ToolError(`There are no files in ${path ?? 'the workspace'}.`);
    }
    const shown = found.slice(0, MAX_FILES);
    const more = found.length > MAX_FILES ? '\n[There are more; list a folder in it.]' : '';
    const detail = shown.length === 1 ? t('1 file') : t('{0} files', shown.length);
    return { text: shown.join('\n') + more, detail };
  },
});
