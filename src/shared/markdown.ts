/** A block of code that none of its lines can end. */
export function fenced(code: string, language = ''): string {
  const runs = code.match(/`+/gu) ?? [];
  const longest = runs.reduce((most, { length }) => Math.max(most, length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}

/** Text in which Markdown finds nothing: no link, no icon, no emphasis, no HTML. */
export function markdownText(text: string): string {
  return text.replaceAll(/[\p{P}\p{S}]/gu, (mark) =>
    mark.charCodeAt(0) < 128 ? `\\${mark}` : mark,
  );
}
