/** A tool call that an instruction stands for. */
export interface DemoCall {
  readonly name: string;
  readonly args: Record<string, unknown>;
}

interface Pattern {
  readonly form: RegExp;
  readonly call: (groups: Partial<Record<string, string>>) => DemoCall;
}

const PATTERNS: readonly Pattern[] = [
  {
    form: /^(?:create|write|make)\s+(?:an?\s+)?(?:new\s+)?(?:file\s+)?(?<path>\S+)\s+(?:with|containing|saying)\s+(?<content>[^]+)$/iu,
    call: ({ path, content }) => ({
      name: 'write_file',
      args: { path: unquoted(path), content: `${unquoted(content)}\n` },
    }),
  },
  {
    form: /^(?:replace|change)\s+(?<from>.+?)\s+(?:with|by|to)\s+(?<to>.+?)\s+in\s+(?<path>\S+)$/iu,
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
    form: /^(?:delete|remove)\s+(?:the\s+)?(?:file\s+)?(?<path>\S+)$/iu,
    call: ({ path }) => ({ name: 'delete_file', args: { path: unquoted(path) } }),
  },
  {
    form: /^(?:read|show|open)\s+(?:me\s+)?(?:the\s+)?(?:file\s+)?(?<path>\S+)$/iu,
    call: ({ path }) => ({ name: 'read_file', args: { path: unquoted(path) } }),
  },
  {
    form: /^list(?:\s+(?:all\s+)?(?:the\s+|my\s+)?files)?(?:\s+in\s+(?<path>\S+))?$/iu,
    call: ({ path }) => ({
      name: 'list_files',
      args: path === undefined ? {} : { path: unquoted(path) },
    }),
  },
  {
    form: /^(?:search|find|grep)\s+(?:for\s+)?(?<query>.+?)(?:\s+in\s+(?<path>\S+\/))?$/iu,
    call: ({ query, path }) => ({
      name: 'search_text',
      args: { query: unquoted(query), ...(path === undefined ? {} : { path }) },
    }),
  },
];

/** The calls that a user's words stand for, one instruction a line; none if any line is not understood. */
export function understand(words: string): readonly DemoCall[] {
  const whole = callOf(words.trim());
  if (whole !== null && /^(?:create|write|make)\b/iu.test(words.trim())) return [whole];
  const lines = words
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const calls = lines.map(callOf);
  return calls.every((call) => call !== null) ? calls : [];
}

function callOf(line: string): DemoCall | null {
  const polite = line.replace(/^please\s+/iu, '').replace(/[.!]$/u, '');
  for (const { form, call } of PATTERNS) {
    const groups = form.exec(polite)?.groups;
    if (groups !== undefined) return call(groups);
  }
  return null;
}

function unquoted(text = ''): string {
  return /^(["'`])(?<inner>[^]*)\1$/u.exec(text)?.groups?.['inner'] ?? text;
}
