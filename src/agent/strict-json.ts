/**
 * The object that a text is, or what is wrong with it, for the model. Stricter than `JSON.parse`:
 * a key said twice is refused, since two readers could take it for two different objects.
 */
export function parseObject(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return 'The arguments are not a JSON object.';
    }
    const twice = repeatedKey(text);
    if (twice !== null) return `The arguments have the key ${JSON.stringify(twice)} twice.`;
    return value as Record<string, unknown>;
  } catch (error) {
    return `The arguments are not valid JSON: ${error instanceof Error ? error.message : ''}`;
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/gu;

/** The first key that valid JSON has twice in one object, or null. */
function repeatedKey(json: string): string | null {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const key = JSON.parse(last) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    last = token;
  }
  return null;
}
