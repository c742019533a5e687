/** Names in a patch: git's quoting, the `a/` and `b/` prefixes, time stamps after the name. */

/** The two sides of a file header. Null is `/dev/null`: the file is not there on that side. */
export interface Names {
  readonly old: string | null;
  readonly now: string | null;
}

const ESCAPES: Readonly<Record<string, number>> = {
  ...{ a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 },
  ...{ '"': 34, '\\': 92 },
};

/** What follows `--- ` or `+++ `, or null if its quotes are wrong. */
export function nameIn(rest: string): string | null {
  if (rest.startsWith('"')) return unquoted(rest)?.name ?? null;
  const [name = ''] = rest.split('\t');
  return name.replace(/\s+\d{4}-\d\d-\d\d[ T]\d\d:\d\d.*$/u, '').trimEnd();
}

/** Undoes git's C-style quotes at the start of a text. Octal escapes are bytes of UTF-8. */
export function unquoted(text: string): { readonly name: string; readonly length: number } | null {
  const quoted = /^"((?:[^"\\]|\\(?:[0-7]{3}|[^0-9]))*)"/u.exec(text);
  if (quoted?.[1] === undefined) return null;
  const bytes: number[] = [];
  for (const [part, octal, letter] of quoted[1].matchAll(/\\(?:([0-7]{3})|(.))|[^\\]+/gsu)) {
    const escaped = letter === undefined ? undefined : ESCAPES[letter];
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (escaped !== undefined) bytes.push(escaped);
    else if (letter !== undefined) return null;
    else bytes.push(...new TextEncoder().encode(part));
  }
  try {
    const name = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
    return { name, length: quoted[0].length };
  } catch {
    return null;
  }
}

/** For a header line; quoted only where it has to be. */
export function quoted(name: string): string {
  if (!/["\\\p{Cc}]/u.test(name)) return name;
  const escaped = name.replace(/["\\\p{Cc}]/gu, (character) => {
    const letter = Object.keys(ESCAPES).find((key) => ESCAPES[key] === character.charCodeAt(0));
    if (letter !== undefined) return `\\${letter}`;
    return [...new TextEncoder().encode(character)]
      .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
      .join('');
  });
  return `"${escaped}"`;
}

/** The names of a `diff --git` line, prefixes included; null where the line does not tell. */
export function gitNames(rest: string): Names | null {
  const first = rest.startsWith('"') ? unquoted(rest) : null;
  if (first !== null) {
    const second = rest.slice(first.length + 1);
    const now = second.startsWith('"') ? (unquoted(second)?.name ?? null) : second;
    return now === null ? null : { old: first.name, now };
  }
  const quote = rest.indexOf(' "');
  if (quote !== -1) {
    const now = unquoted(rest.slice(quote + 1));
    return now === null ? null : { old: rest.slice(0, quote), now: now.name };
  }
  // Names may have spaces; where both are the same, they meet in the middle.
  const middle = (rest.length - 1) / 2;
  const halves = { old: rest.slice(0, middle), now: rest.slice(middle + 1) };
  if (rest[middle] === ' ' && withoutPrefixes(halves).old === withoutPrefixes(halves).now) {
    return halves;
  }
  const [old, now, ...more] = rest.split(' ');
  return old === undefined || now === undefined || more.length > 0 ? null : { old, now };
}

/** Without `a/` and `b/`, or git's other prefixes where the names agree without them. */
export function withoutPrefixes({ old, now }: Names): Names {
  if (old === null || now === null) {
    return { old: old?.replace(/^a\//u, '') ?? null, now: now?.replace(/^b\//u, '') ?? null };
  }
  const bare = { old: old.replace(/^a\//u, ''), now: now.replace(/^b\//u, '') };
  const other = { old: old.replace(/^[ciow]\//u, ''), now: now.replace(/^[ciow]\//u, '') };
  const agreed = [bare, { old: bare.old, now }, { old, now: bare.now }, other];
  const prefixed = bare.old !== old && bare.now !== now;
  return agreed.find((one) => one.old === one.now) ?? (prefixed ? bare : { old, now });
}

/** As `a/` and `b/` names: the header of a diff. */
export function headerOf(path: string): string {
  return `--- ${quoted(`a/${path}`)}\n+++ ${quoted(`b/${path}`)}\n`;
}
