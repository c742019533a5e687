import { ToolError } from '../shared/errors.ts';
import { endOf, linesOf } from './changes.ts';
import { clipRows, hunksOf } from './hunks.ts';
import { type PatchHunk, type PatchLine, wrong } from './patch-hunks.ts';
import { headerOf, withoutPrefixes } from './patch-names.ts';
import { placeOf, bareLine } from './patch-places.ts';
import { type Section, readSections } from './patch-sections.ts';

/** What a patch does to one file. */
export type FilePatch =
  | { readonly kind: 'create'; readonly path: string; readonly text: string }
  /** Without hunks, the patch says only that the file goes, not what was in it. */
  | { readonly kind: 'delete'; readonly path: string; readonly hunks: readonly PatchHunk[] }
  | { readonly kind: 'edit'; readonly path: string; readonly hunks: readonly PatchHunk[] }
  | {
      readonly kind: 'move';
      readonly from: string;
      readonly to: string;
      readonly hunks: readonly PatchHunk[];
    };

/**
 * A unified diff of one or more files, git's or another's. Counts of lines need not be right.
 * @throws ToolError naming the line of the patch, what is wrong, and what to write instead.
 */
export function parsePatch(patch: string): readonly FilePatch[] {
  const sections = readSections(patch);
  if (sections.length === 0) {
    throw new ToolError(
      'The patch names no file. Write a unified diff: --- a/path and +++ b/path, then hunks that ' +
        'begin with @@ -1,2 +3,4 @@.',
    );
  }
  const seen = new Map<string, number>();
  return sections.map((section) => {
    const one = filePatchOf(section);
    for (const path of one.kind === 'move' ? [one.from, one.to] : [one.path]) {
      const before = seen.get(path);
      if (before !== undefined) {
        throw wrong(
          section.at,
          `${path} is in the patch already, at line ${before + 1}. Name each file once, with all ` +
            'its hunks.',
        );
      }
      seen.set(path, section.at);
    }
    return one;
  });
}

function filePatchOf(section: Section): FilePatch {
  const { at, git, header, from, to, hunks } = section;
  // Of a file that is new or gone, only git's line tells whether its name has a prefix.
  const oneSided = header !== null && (header.old === null || header.now === null);
  const named = oneSided ? (git ?? header) : (header ?? git);
  const { old, now } = withoutPrefixes(named ?? { old: null, now: null });
  const creates = header === null ? section.creates : header.old === null;
  const deletes = header === null ? section.deletes : header.now === null;
  if (from !== null || to !== null) {
    if (from === null || to === null || from === to || creates || deletes) {
      throw wrong(at, 'a rename has two names. Write rename from old/path and rename to new/path.');
    }
    return { kind: 'move', from, to, hunks };
  }
  const path = creates && deletes ? null : creates ? now : old;
  if (path === null) {
    throw wrong(at, 'the name of the file is missing. Write --- a/path and +++ b/path.');
  }
  if (creates) return { kind: 'create', path, text: newText(section) };
  if (deletes) {
    refuseLines(section, 'added', `${path} is deleted, so that no line can be added to it.`);
    return { kind: 'delete', path, hunks };
  }
  if (old !== now) {
    throw wrong(at, `${old} and ${now} differ. For a rename, write rename from and rename to.`);
  }
  if (hunks.length === 0) throw wrong(at, `there is no hunk for ${path}. Write what changes.`);
  return { kind: 'edit', path, hunks };
}

function newText(section: Section): string {
  const { at, creates, hunks } = section;
  if (hunks.length === 0 && !creates) {
    throw wrong(at, 'a new file has no lines here. For an empty one, say new file mode 100644.');
  }
  for (const kind of ['context', 'removed'] as const) {
    refuseLines(section, kind, 'every line of a new file begins with +.');
  }
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const text = lines.map((line) => `${line.text}\n`).join('');
  return lines.at(-1)?.openEnd === true ? text.slice(0, -1) : text;
}

function refuseLines({ hunks }: Section, kind: PatchLine['kind'], why: string): void {
  const hunk = hunks.find(({ lines }) => lines.some((line) => line.kind === kind));
  if (hunk !== undefined) throw wrong(hunk.patchLine - 1, why);
}

/**
 * The text with all hunks applied. Line endings stay the file's; whether it ends with one changes
 * only where the patch says so.
 * @throws ToolError for a hunk that fits nowhere or at several places: nothing is guessed.
 */
export function applyHunks(text: string, hunks: readonly PatchHunk[], path: string): string {
  const lines = linesOf(text);
  const bare = lines.map(bareLine);
  let drift = 0;
  const edits = hunks.map((hunk, index) => {
    const name = `Hunk ${index + 1} of ${path} (line ${hunk.patchLine} of the patch)`;
    const at = placeOf({ hunk, name, path }, bare, drift);
    if (hunk.oldStart !== null) drift = at - (hunk.oldStart - 1);
    return editOf(hunk, at, lines, name);
  });
  edits.sort((one, other) => one.start - other.start || one.end - other.end);
  const made: (readonly string[])[] = [];
  let next = 0;
  for (const [index, edit] of edits.entries()) {
    const before = edits[index - 1];
    const bothAdd = before?.start === edit.start && before.end === edit.end;
    if (edit.start < next || bothAdd) {
      throw new ToolError(`${edit.name} changes lines that another hunk changes. Put them in one.`);
    }
    made.push(lines.slice(next, edit.start), edit.lines);
    next = edit.end;
  }
  made.push(lines.slice(next));
  const out = made.flat();
  const end = endOf(lines.at(-2) ?? '') || '\n';
  return out
    .map((line, index) => (index < out.length - 1 && endOf(line) === '' ? line + end : line))
    .join('');
}

interface Edit {
  readonly name: string;
  /** Index of the first line that goes, and of the line after the last. */
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** What a hunk puts in place of its lines from the first that changes to the last. */
function editOf(hunk: PatchHunk, at: number, file: readonly string[], name: string): Edit {
  const changes = ({ kind }: PatchLine): boolean => kind !== 'context';
  const first = hunk.lines.findIndex(changes);
  const last = hunk.lines.findLastIndex(changes);
  const start = at + first;
  const lines: string[] = [];
  let next = start;
  let paired = start;
  for (const { kind, text } of hunk.lines.slice(first, last + 1)) {
    if (kind === 'added') {
      // An added line ends like the removed one it stands for, or else like the line above it.
      const alike = paired < next ? file[paired++] : (lines.at(-1) ?? file[start - 1]);
      const end =
        endOf(alike ?? '') || endOf(file[0] ?? '') || (text.endsWith('\r') ? '\r\n' : '\n');
      lines.push(bareLine(text) + end);
      continue;
    }
    if (kind === 'context') lines.push(file[next] ?? '');
    next++;
    if (kind === 'context') paired = next;
  }
  const open = file.length > 0 && endOf(file.at(-1) ?? '') === '';
  const addsLast = next === file.length && hunk.lines[last]?.kind === 'added';
  const saysOldIsOpen = hunk.lines.some(({ kind, openEnd }) => openEnd && kind !== 'added');
  if (addsLast && (hunk.lines[last]?.openEnd === true || (open && !saysOldIsOpen))) {
    lines.push((lines.pop() ?? '').replace(/\r?\n$/u, ''));
  }
  return { name, start, end: next, lines };
}

const SIGNS = { context: ' ', removed: '-', added: '+', gap: '' } as const;

/** The difference in words a model knows, about `limit` characters at most. Nothing if there is none. */
export function unifiedDiff(path: string, before: string, after: string, limit: number): string {
  const lines = hunksOf(before, after).flatMap(
    ({ oldStart, oldLines, newStart, newLines, rows }) => [
      `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
      ...clipRows(
        rows,
        Math.max(80, Math.floor(limit / 4)),
        (count) => `[… ${count} characters]`,
      ).map(({ kind, text }) => SIGNS[kind] + text),
    ],
  );
  if (lines.length === 0) return '';
  let diff = headerOf(path);
  let shown = 0;
  for (const line of lines) {
    if (diff.length + line.length >= limit) break;
    diff += `${line}\n`;
    shown++;
  }
  const rest = lines.length - shown;
  return rest === 0 ? diff : `${diff}[… ${rest} more lines of this diff]\n`;
}

/** As in a hunk's header, where a range without lines names the line before it. */
function range(start: number, count: number): string {
  return `${count === 0 ? start : start + 1},${count}`;
}
