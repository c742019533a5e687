import { structuredPatch } from 'diff';
import type { DiffRow } from '../shared/thread-view.ts';

export interface TextDiff {
  readonly added: number;
  readonly removed: number;
  /** Three lines of context around each change; a gap row between hunks. */
  readonly rows: readonly DiffRow[];
}

/**
 * The comparison costs the square of the number of edits, all at once: past so many, everything
 * between the first and the last difference counts as changed.
 */
const MAX_EDITS = 1000;
const CONTEXT = 3;
const NO_NEWLINE = '\\ No newline at end of file';

/** Line by line; carriage returns count, so that a change of line endings is seen. */
export function diffLines(before: string, after: string): TextDiff {
  const patch = structuredPatch('', '', before, after, '', '', {
    context: CONTEXT,
    maxEditLength: MAX_EDITS,
  });
  if (patch === undefined) return oneReplacement(linesOf(before), linesOf(after));
  const rows: DiffRow[] = [];
  let added = 0;
  let removed = 0;
  for (const hunk of patch.hunks) {
    if (rows.length > 0) rows.push({ kind: 'gap', line: null, text: '' });
    let oldLine = hunk.oldStart;
    let newLine = hunk.newStart;
    for (const line of hunk.lines) {
      const text = line.slice(1);
      if (line.startsWith('+')) {
        rows.push({ kind: 'added', line: newLine++, text });
        added++;
      } else if (line.startsWith('-')) {
        rows.push({ kind: 'removed', line: oldLine++, text });
        removed++;
      } else if (line.startsWith(' ')) {
        rows.push({ kind: 'context', line: newLine++, text });
        oldLine++;
      } else {
        rows.push({ kind: 'gap', line: null, text: line });
      }
    }
  }
  return { added, removed, rows };
}

function oneReplacement(before: readonly string[], after: readonly string[]): TextDiff {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same++;
  let sameEnd = 0;
  while (sameEnd < shorter - same && before.at(-1 - sameEnd) === after.at(-1 - sameEnd)) sameEnd++;
  const removed = before.length - same - sameEnd;
  const added = after.length - same - sameEnd;
  const rows = [
    ...rowsOf('context', after, Math.max(0, same - CONTEXT), same),
    ...rowsOf('removed', before, same, same + removed),
    ...rowsOf('added', after, same, same + added),
    ...rowsOf('context', after, same + added, same + added + CONTEXT),
  ];
  return { added, removed, rows };
}

function rowsOf(
  kind: DiffRow['kind'],
  lines: readonly string[],
  from: number,
  to: number,
): DiffRow[] {
  const rows = lines.slice(from, to).map((line, index): DiffRow => ({
    kind,
    line: from + index + 1,
    text: line.replace(/\n$/u, ''),
  }));
  const openEnd = from < to && to >= lines.length && lines.at(-1)?.endsWith('\n') === false;
  return openEnd ? [...rows, { kind: 'gap', line: null, text: NO_NEWLINE }] : rows;
}

/** Each with its end, so that a last line without one differs from one with it. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
}

/**
 * Characters that a reader does not see or that turn the direction of text around: zero-width,
 * bidirectional controls (CVE-2021-42574, "Trojan Source"), tags, variation selectors other than the
 * one an emoji has, control characters, and ends of a line that a line shows as nothing.
 */
const HIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e01ef}]|(?<=[\ufe00-\ufe0f])[\ufe0e\ufe0f]|\r(?!$)/gu;

export function countHiddenCharacters(rows: readonly DiffRow[]): number {
  return rows
    .filter((row) => row.kind === 'added')
    .reduce((sum, row) => sum + (row.text.match(HIDDEN)?.length ?? 0), 0);
}
