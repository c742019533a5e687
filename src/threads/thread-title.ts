const MAX_TITLE = 60;

/** What a thread is called that begins with these words. */
export function titleFor(words: string): string {
  const [line = ''] = words.split('\n');
  return line.length > MAX_TITLE ? `${line.slice(0, MAX_TITLE - 1).trimEnd()}…` : line;
}
