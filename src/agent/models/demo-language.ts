/** A tool call that an instruction stands for. */
export interface DemoCall {
  readonly name: string;
  readonly args: Record<string, unknown>;
}

interface Pattern {
  readonly form: RegExp;
  readonly call: (groups: Partial<Record<string, string>>) => DemoCall;
  /** The words at the end are to be kept as they are said, a full stop included. */
  readonly keepsEnd?: true;
}

/** In quotes if it has spaces. */
const PATH = '(?<path>"[^"]+"|\'[^\']+\'|`[^`]+`|\\S+)';

/** At least two, such as `a.md, b.md and c.md`. */
const PATHS = '(?<paths>\\S+(?:, \\S+)*,? and \\S+)';

const PATTERNS: readonly Pattern[] = [
  {
    form: form(
      `(?:create|write|make) (?:the )?(?:new )?(?:files )?${PATHS}`,
      `(?:with|containing|saying) (?<content>[^]+)`,
    ),
    call: ({ paths = '', content }) => ({
      name: 'apply_patch',
      args: { patch: patchThatCreates(paths.split(/,?\s+and\s+|,\s+/u), unquoted(content)) },
    }),
    keepsEnd: true,
  },
  {
    form: form(
      `(?:create|write|make) (?:an? )?(?:new )?(?:file )?${PATH}`,
      `(?:with|containing|saying) (?<content>[^]+)`,
    ),
    call: ({ path, content }) => ({
      name: 'write_file',
      args: { path: unquoted(path), content: `${unquoted(content)}\n` },
    }),
    keepsEnd: true,
  },
  {
    form: form(`(?:replace|change) (?<from>.+?) (?:with|by|to) (?<to>.+?) in ${PATH}`),
    call: ({ from, to, path }) => ({
      name: 'replace_in_file',
      args: {
        path: unquoted(path),
        old_text: unquoted(from),
        new_text: unquoted(to),
        replace_all: true,
      },
    }),
  },
  {
    form: form(`(?:move|rename) (?:the )?(?:file )?(?<from>\\S+) to (?<to>\\S+)`),
    call: ({ from, to }) => ({
      name: 'move_file',
      args: { from: unquoted(from), to: unquoted(to) },
    }),
  },
  {
    form: form('ask me (?<question>.+)'),
    call: ({ question }) => ({ name: 'request_clarification', args: { question } }),
    keepsEnd: true,
  },
  {
    form: form(`(?:delete|remove) (?:the )?(?:file )?${PATH}`),
    call: ({ path }) => ({ name: 'delete_file', args: { path: unquoted(path) } }),
  },
  {
    form: form(`(?:read|show|open) (?:me )?(?:the )?(?:file )?${PATH}`),
    call: ({ path }) => ({ name: 'read_file', args: { path: unquoted(path) } }),
  },
  {
    form: form(`list(?: (?:all )?(?:the |my )?files)?(?: in ${PATH})?`),
    call: ({ path }) => ({
      name: 'list_files',
      args: path === undefined ? {} : { path: unquoted(path) },
    }),
  },
  {
    form: form('(?:search|find|grep) (?:for )?(?<query>.+?)(?: in (?<path>\\S+\\/))?'),
    call: ({ query, path }) => ({
      name: 'search_text',
      args: { query: unquoted(query), ...(path === undefined ? {} : { path }) },
    }),
  },
];

/**
 * The calls that a user's words stand for, one instruction a line, or one file of several lines; none
 * if any line is not understood.
 */
export function understand(words: string): readonly DemoCall[] {
  const lines = words
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const calls = lines.map(callOf);
  if (calls.every((call) => call !== null)) return calls;
  const whole = callOf(words.trim());
  return whole === null ? [] : [whole];
}

/** What words stand for, one instruction a line: of a plan that is in them, its steps. */
export function instructionsIn(words: string): string {
  const plan = /<plan>\n(?<steps>[^]*)\n<\/plan>/u.exec(words)?.groups?.['steps'];
  if (plan === undefined) return words;
  return plan
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.replace(/^\s*(?:\d+\.|[-*])\s+/u, ''))
    .join('\n');
}

/** The same as a plan. */
export function planOf(instructions: string): string {
  const lines = instructions.split('\n').filter((line) => line.trim() !== '');
  const isEach = lines.every((line) => callOf(line.trim()) !== null);
  const steps = isEach ? lines : [instructions.trim()];
  return steps.map((step, index) => `${index + 1}. ${step.trim()}`).join('\n');
}

function callOf(words: string): DemoCall | null {
  const said = words.replace(/^(?:(?:please|could you|can you|would you)[,\s]+)+/iu, '');
  const bare = said.replace(/(?:,?\s+please)?[.!]?$/iu, '');
  for (const { form, call, keepsEnd } of PATTERNS) {
    const groups = form.exec(keepsEnd === true ? said : bare)?.groups;
    if (groups !== undefined) return call(groups);
  }
  return null;
}

function patchThatCreates(paths: readonly string[], content: string): string {
  const lines = content.split('\n');
  const body = lines.map((line) => `+${line}\n`).join('');
  return paths
    .map((path) => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n${body}`)
    .join('');
}

/** The whole of an instruction; a blank stands for any white space. */
function form(...parts: string[]): RegExp {
  return new RegExp(`^${parts.join(' ').replaceAll(' ', String.raw`\s+`)}$`, 'iu');
}

function unquoted(text = ''): string {
  return /^(["'`])(?<inner>[^]*)\1$/u.exec(text)?.groups?.['inner'] ?? text;
}
