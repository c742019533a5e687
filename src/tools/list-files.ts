import { t } from '@vscode/l10n';
import { z } from 'zod';
import { ToolError } from '../shared/errors.ts';
import { gatePath } from '../workspace/path-gate.ts';
import { walkFiles } from '../workspace/search.ts';
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
    const starts = path === undefined ? workspace.folders().map((folder) => folder.path) : [path];
    for (const start of starts) {
      const { realPath, displayPath } = await gatePath(workspace.folders(), start);
      const prefix = displayPath === '' ? '' : `${displayPath.replace(/\/$/u, '')}/`;
      for await (const file of walkFiles(realPath, signal)) {
        found.push(prefix + file.path);
        if (found.length > MAX_FILES) break;
      }
    }
    if (found.length === 0) {
      throw new ToolError(`There are no files in ${path ?? 'the workspace'}.`);
    }
    const shown = found.slice(0, MAX_FILES);
    const more = found.length > MAX_FILES ? '\n[There are more; list a folder in it.]' : '';
    return { text: shown.join('\n') + more, detail: t('{0} files', shown.length) };
  },
});
