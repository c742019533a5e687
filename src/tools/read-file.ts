import { t } from '@vscode/l10n';
import { z } from 'zod';
import { refuseSecret } from '../approval/policy.ts';
import { ToolError } from '../shared/errors.ts';
import { gatePath } from '../workspace/path-gate.ts';
import { decodeText } from '../workspace/text.ts';
import { defineTool } from './tool.ts';

/** The most one call answers; the model asks again for more. */
const MAX_LINES = 2000;
const MAX_CHARACTERS = 60_000;

export const readFile = defineTool({
  name: 'read_file',
  kind: 'read',
  description:
    'Reads a text file of the workspace. Long files come in parts: continue with from_line.',
  schema: z.strictObject({
    path: z.string().describe('Path relative to the workspace folder'),
    from_line: z.int().min(1).optional().describe('First line to read, counted from 1'),
  }),
  title: ({ path }) => t('Read {0}', path),
  async run({ path, from_line: first = 1 }, { workspace }) {
    const gated = await gatePath(workspace.folders(), path);
    refuseSecret(gated);
    const { realPath, displayPath } = gated;
    const bytes = await workspace.read(realPath);
    if (bytes === null) throw new ToolError(`${displayPath} does not exist.`);
    const { text } = decodeText(bytes, displayPath);
    if (text === '') return { text: '[The file is empty.]', detail: t('{0} lines', 0) };
    const end = text.endsWith('\n') ? '\n' : '';
    const lines = text.slice(0, text.length - end.length).split('\n');
    if (first > lines.length) throw new ToolError(`${displayPath} has only ${lines.length} lines.`);
    const taken = takeLines(lines, first - 1);
    const last = first + taken.length - 1;
    const rest = last < lines.length ? `\n[Lines ${first} to ${last} of ${lines.length}]` : end;
    const detail = taken.length === 1 ? t('1 line') : t('{0} lines', taken.length);
    return { text: taken.join('\n') + rest, detail };
  },
});

function takeLines(lines: readonly string[], from: number): string[] {
  const taken: string[] = [];
  let characters = 0;
  for (const line of lines.slice(from, from + MAX_LINES)) {
    characters += line.length + 1;
    if (taken.length > 0 && characters > MAX_CHARACTERS) break;
    taken.push(line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS)}[…]` : line);
  }
  return taken;
}
