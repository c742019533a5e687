import { t } from '@vscode/l10n';
import { z } from 'zod';
import { decodeText, encodeText, withLineEnding } from '../workspace/text.ts';
import { changeOf, locate } from './change.ts';
import { defineTool } from './tool.ts';

export const writeFile = defineTool({
  name: 'write_file',
  kind: 'edit',
  description:
    'Proposes a new file, or a new content for a whole file. For a small change in a file, use replace_in_file.',
  schema: z.strictObject({
    path: z.string().describe('Path relative to the workspace folder'),
    content: z.string().describe('The whole text of the file'),
  }),
  title: ({ path }) => t('Write {0}', path),
  async propose({ path, content }, { workspace }) {
    const { gated, base } = await locate(workspace, path);
    if (base === null) return changeOf(gated, null, encodeText(content, false));
    const { bom, eol } = decodeText(base, gated.displayPath);
    const text = bom ? content.replace(/^\uFEFF/u, '') : content;
    return changeOf(gated, base, encodeText(withLineEnding(text, eol), bom));
  },
});
