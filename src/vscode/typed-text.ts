import { changesBetween } from '../workspace/changes.ts';
import { lineEndingOf } from '../workspace/text.ts';

interface Line {
  readonly content: string;
  readonly ending: string;
}

/**
 * The typed text with the line endings that its lines had before, where those were not all the same:
 * a document of the editor has but one kind.
 */
export function keepEndings(before: string, typed: string): string {
  if (lineEndingOf(before) !== 'mixed' && !/\r(?!\n)/u.test(before)) return typed;
  const old = linesOf(before);
  const now = linesOf(typed);
  const contents = (lines: readonly Line[]): string[] => lines.map(({ content }) => content);
  const kept: Line[] = [];
  let next = 0;
  for (const change of changesBetween(contents(old), contents(now))) {
    kept.push(...old.slice(next, change.oldStart));
    next = change.oldStart + change.removed.length;
    // A line that was changed stands where the one was that it was before.
    const gone = old.slice(change.oldStart, next);
    const come = now.slice(change.newStart, change.newStart + change.added.length);
    kept.push(...come.map((line, index) => ({ ...line, ending: (gone[index] ?? line).ending })));
  }
  kept.push(...old.slice(next));
  let text = '';
  for (const [index, { content, ending }] of kept.entries()) {
    const line = content + endingOf(ending, now[index]);
    // Two endings that meet must not become one.
    text += text.endsWith('\r') && line.startsWith('\n') ? `\r${line}` : line;
  }
  return text;
}

/** Only the last line has no ending; which one that is, the typed text says. */
function endingOf(ending: string, typed: Line | undefined): string {
  if (typed === undefined || typed.ending === '') return '';
  return ending === '' ? typed.ending : ending;
}

function linesOf(text: string): Line[] {
  const parts = text.split(/(\r\n|\r|\n)/u);
  return parts.flatMap((content, index) =>
    index % 2 === 0 ? [{ content, ending: parts[index + 1] ?? '' }] : [],
  );
}
