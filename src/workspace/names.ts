/** Drawn as nothing at all, or only by what they do to the letters around them (UAX #44). */
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
/** What a reader cannot see, or takes for an ordinary space. U+2800 is the blank Braille pattern. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/gu;
const ESCAPED = /<U\+(?<code>[0-9A-F]{4,6})>/gu;
/** Most names; a folder may have many, and each is folded. */
const PLAIN = /^(?!.*[. ](?:\/|$))[ -~]*$/u;
const MAX_ROUNDS = 8;
/** Names of the folders, or of the file, through which a repository is kept. */
const REPOSITORY = new Set(['.git', '.hg', '.svn']);

/**
 * The form of a path in which two spellings are the same if any file system takes them for one:
 * compatible characters replaced (NFKC), ignorable ones left out, in lower case, without the dots and
 * spaces at the end of a name that Windows drops. Only for comparing; it need not name a file.
 */
export function foldPath(path: string): string {
  if (PLAIN.test(path)) return path.toLowerCase();
  let folded = path;
  // Two rounds are enough for every single character: the second one changes nothing.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = folded.split('/').map(foldName).join('/');
    if (next === folded) break;
    folded = next;
  }
  return folded;
}

function foldName(name: string): string {
  // Upper case first: the upper case of `ı` is `I`, that of `ß` is `SS`.
  const folded = settled(name).toUpperCase().toLowerCase();
  return folded.replace(/(?<=[^. ])[. ]+$/u, '');
}

/** The path in the characters it is judged by, in the case it is written in. */
export function settled(path: string): string {
  return path.normalize('NFKC').replace(IGNORABLE, '').normalize('NFKC');
}

/** Writes what cannot be seen as `<U+202E>`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (found) => {
    const code = found.codePointAt(0) ?? 0;
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/** The text that `visible` was given, apart from what looks like its escapes without being one. */
export function withoutEscapes(text: string): string {
  return text.replace(ESCAPED, (escape, code: string) => {
    const point = parseInt(code, 16);
    const character = point > 0x10ffff ? '' : String.fromCodePoint(point);
    return visible(character) === escape ? character : escape;
  });
}

/** Whether a name, however it is spelt, is that of a repository's own folder or `.git` file. */
export function isRepositoryName(name: string): boolean {
  return REPOSITORY.has(foldPath(name));
}
