import { t } from '@vscode/l10n';
import { z } from 'zod';
import { withEndingsOf } from '../workspace/changes.ts';
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
    const located = await locate(workspace, path);
    const { base, displayPath } = located;
    if (base === null) {
      const form = { bom: false, encoding: 'utf8' } as const;
      return [changeOf(located, encodeText(content, form))];
    }
    const { text: old, bom, eol, encoding } = decodeText(base, displayPath);
    const given = bom ? content.replace(/^\uFEFF/u, '') : content;
    const text = eol === 'mixed' ? withEndingsOf(old, given) : withLineEnding(given, eol);
    return [changeOf(located, encodeText(text, { bom, encoding }))];
  },
});
