import { sourceFiles, wordsOf } from './words.ts';

const PLAIN = 'aeiouycnszAEIOUYCNSZ';
const ACCENTED = 'áéíóúýçñšžÁÉÍÓÚÝÇÑŠŽ';

/** Not to be touched: placeholders, commands and links, icons, code and the keys of a walkthrough. */
const FIXED = /\{\d+\}|\]\([^)]*\)|\$\([\w~-]+\)|`[^`]*`|\*\*[^*]*\*\*/gu;

/** A language that nobody speaks: every text is in brackets, longer by two fifths, and readable. */
export function pseudo(text: string): string {
  const fixed = text.match(FIXED) ?? [];
  const words = text
    .split(FIXED)
    .map((part, index) => part.replaceAll(/[a-z]/giu, accented) + (fixed[index] ?? ''))
    .join('');
  return `⟦${words}${' ·'.repeat(Math.ceil(text.length * 0.2))}⟧`;
}

function accented(letter: string): string {
  const at = PLAIN.indexOf(letter);
  return at === -1 ? letter : (ACCENTED[at] ?? letter);
}

/** Every text of the source in that language, by the English one. */
export function pseudoBundle(): Record<string, string> {
  const texts = sourceFiles('src', 'media').flatMap((path) => wordsOf(path).translated);
  return Object.fromEntries(texts.map((text) => [text, pseudo(text)]));
}

/** What is left of a text without what is in brackets, which may be nested. */
export function untranslated(text: string): string {
  let [left, before] = [text, ''];
  while (left !== before) [before, left] = [left, left.replaceAll(/⟦[^⟦⟧]*⟧/gu, ' ')];
  return left;
}

export function wordsIn(text: string): string[] {
  return text.match(/\p{L}{2,}/gu) ?? [];
}
