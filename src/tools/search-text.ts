import { t } from '@vscode/l10n';
import { z } from 'zod';
import { protection } from '../approval/policy.ts';
import type { Workspace } from '../workspace/port.ts';
import { filesIn } from './files-in.ts';
import { defineTool } from './tool.ts';

const MAX_MATCHES = 200;
const MAX_LINE = 300;
/** Larger files are hardly source text; searching them would stall everything else. */
const MAX_SEARCHED_BYTES = 1024 * 1024;

export const searchText = defineTool({
  name: 'search_text',
  kind: 'search',
  description:
    'Finds the lines of the workspace that contain a text exactly as given. Answers path:line: text.',
  schema: z.strictObject({
    query: z.string().min(1).describe('Text to find; not a pattern'),
    path: z
      .string()
      .optional()
      .describe('Folder or file to search in; without it, the whole workspace'),
    ignore_case: z.boolean().optional(),
  }),
  title: ({ query }) => t('Search for “{0}”', query),
  async run({ query, path, ignore_case: ignoreCase = false }, { workspace, signal }) {
    const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
    const wanted = fold(query);
    const matches: string[] = [];
    for await (const file of filesIn(workspace, path, signal)) {
      if (matches.length > MAX_MATCHES) break;
      if (protection(file.path) === 'secret') continue;
      for (const [index, line] of (await linesOf(workspace, file.realPath)).entries()) {
        const at = fold(line).indexOf(wanted);
        if (at !== -1) matches.push(`${file.path}:${index + 1}: ${around(line, at)}`);
      }
    }
    const shown = matches.slice(0, MAX_MATCHES);
    const more = matches.length > MAX_MATCHES ? '\n[There are more; narrow the search.]' : '';
    return {
      text:
        shown.length === 0 ? `Nothing contains ${JSON.stringify(query)}.` : shown.join('\n') + more,
      detail: shown.length === 1 ? t('1 match') : t('{0} matches', shown.length),
    };
  },
});

/** The part of a line that a find is in. */
function around(line: string, at: number): string {
  const from = line.length > MAX_LINE ? Math.max(0, at - MAX_LINE / 3) : 0;
  return line.slice(from, from + MAX_LINE).trim();
}

/** The lines of a text file; none for what cannot be read or is not text. */
async function linesOf(workspace: Workspace, realPath: string): Promise<string[]> {
  const bytes = await workspace.read(realPath).catch(() => null);
  if (bytes === null || bytes.length > MAX_SEARCHED_BYTES || bytes.includes(0)) return [];
  return new TextDecoder().decode(bytes).split('\n');
}
