import { showHidden } from './hidden.ts';

/** The most of a name that the editor's own surfaces show, in UTF-16 units. */
export const NAME_LENGTH = 120;

/**
 * Text of others for where the editor draws it itself: a notification, a list, a tree, the status
 * bar, a lens. One line in which nothing is hidden, and nothing becomes an icon (`$(check)`) or a
 * link (`[text](command:…)`). Of what is too long, the middle is left out: a path is known by both
 * its ends.
 */
export function plainLine(text: string, longest = NAME_LENGTH): string {
  // Zero-width spaces of ours: what was there of them is written out by now.
  return shortLine(text, longest).replaceAll('$(', '$\u200B(').replaceAll('](', ']\u200B(');
}

/** Text of others as a single line in which nothing is hidden, without its middle if it is longer. */
export function shortLine(text: string, longest = NAME_LENGTH): string {
  return withoutMiddle(oneLine(text), longest);
}

/** Text of others as a single line in which nothing is hidden. */
export function oneLine(text: string): string {
  return showHidden(text.replaceAll(/\s*[\r\n\u2028\u2029]+\s*/gu, ' '));
}

/** A line as it is but, if it is longer, without its middle. */
export function withoutMiddle(line: string, longest: number): string {
  if (line.length <= longest) return line;
  const half = Math.floor((longest - 1) / 2);
  // Half of a pair would be drawn as a question mark.
  return `${line
    .slice(0, half)
    .toWellFormed()
    .replace(/\uFFFD$/u, '')}…${line
    .slice(-half)
    .toWellFormed()
    .replace(/^\uFFFD/u, '')}`;
}
