import { t } from '@vscode/l10n';
import { z } from 'zod';
import { ToolError } from '../shared/errors.ts';
import { decodeText, encodeText, withLineEnding } from '../workspace/text.ts';
import { changeOf, locate } from './change.ts';
import { defineTool } from './tool.ts';

export const replaceInFile = defineTool({
  name: 'replace_in_file',
  kind: 'edit',
  description:
    'Proposes to replace a text in a file. old_text must be in the file exactly once, white space included; read the file first.',
  schema: z.strictObject({
    path: z.string().describe('Path relative to the workspace folder'),
    old_text: z.string().min(1),
    new_text: z.string(),
    replace_all: z.boolean().optional().describe('Replace every occurrence'),
  }),
  title: ({ path }) => t('Edit {0}', path),
  async propose({ path, old_text, new_text, replace_all: all = false }, { workspace }) {
    const located = await locate(workspace, path);
    const { displayPath, base } = located;
    if (base === null) throw new ToolError(`${displayPath} does not exist. Use write_file.`);
    const { text, bom, eol, encoding } = decodeText(base, displayPath);
    const wanted = withLineEnding(old_text, eol);
    const count = occurrences(text, wanted);
    if (count === 0) {
      throw new ToolError(`old_text is not in ${displayPath}. Read the file and copy it exactly.`);
    }
    if (count > 1 && !all) {
      throw new ToolError(
        `old_text is in ${displayPath} ${count} times. Give more lines around it, or set replace_all.`,
      );
    }
    const next = text.split(wanted).join(withLineEnding(new_text, eol));
    return [changeOf(located, encodeText(next, { bom, encoding }))];
  },
});

/** Those that overlap included: where one is meant, both could be. */
function occurrences(text: string, wanted: string): number {
  let count = 0;
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) count++;
  return count;
}
