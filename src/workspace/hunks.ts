import { structuredPatch } from 'diff';
import type { DiffRow } from '../shared/thread-view.ts';

export interface TextDiff {
  readonly added: number;
  readonly removed: number;
  /** Three lines of context around each change; a gap row between hunks. */
  readonly rows: readonly DiffRow[];
}

/** Edits after which the comparison stops being worth its time; then all lines count as changed. */
const MAX_EDITS = 20_000;

/** Line by line; carriage returns count, so that a change of line endings is seen. */
export function diffLines(before: string, after: string): TextDiff {
  const patch = structuredPatch('', '', before, after, '', '', {
    context: 3,
    maxEditLength: MAX_EDITS,
  });
  if (patch === undefined) return wholeReplacement(before, after);
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

function wholeReplacement(before: string, after: string): TextDiff {
  const removed = splitLines(before).map((text, index): DiffRow => ({
    kind: 'removed',
    line: index + 1,
    text,
  }));
  const added = splitLines(after).map((text, index): DiffRow => ({
    kind: 'added',
    line: index + 1,
    text,
  }));
  return { added: added.length, removed: removed.length, rows: [...removed, ...added] };
}

function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * Characters that a reader does not see or that turn the direction of text around: zero-width,
 * bidirectional controls (CVE-2021-42574, "Trojan Source"), tags, and control characters.
 */
const HIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

export function countHiddenCharacters(rows: readonly DiffRow[]): number {
  return rows
    .filter((row) => row.kind === 'added')
    .reduce((sum, row) => sum + (row.text.match(HIDDEN)?.length ?? 0), 0);
}
