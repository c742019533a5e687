import { ToolError } from '../shared/errors.ts';
import { nameIn, withoutPrefixes } from './patch-names.ts';

export interface PatchLine {
  readonly kind: 'context' | 'removed' | 'added';
  /** Without its end. A carriage return before the end is part of it. */
  readonly text: string;
  /** The patch says of this line that it is the last one and has no end. */
  readonly openEnd: boolean;
}

export interface PatchHunk {
  /** Number of the first line in the old file, from 1, as the patch states it; null if it does not. */
  readonly oldStart: number | null;
  readonly lines: readonly PatchLine[];
  /** Where the hunk is in the patch, from 1. */
  readonly patchLine: number;
}

const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))?/u;

/** @throws ToolError for the patch's line with this index. */
export function wrong(at: number, what: string): ToolError {
  return new ToolError(`Line ${at + 1} of the patch: ${what}`);
}

/**
 * The hunk whose header is at an index, and the index of what follows it. Its length is what its
 * header says if that can be; models count badly, so that otherwise it goes on to what cannot be
 * part of it.
 */
export function readHunk(
  lines: readonly string[],
  at: number,
): { readonly hunk: PatchHunk; readonly end: number } {
  const header = lines[at] ?? '';
  if (header.startsWith('@@@')) {
    throw wrong(
      at,
      'a combined diff of a merge cannot be applied. Write an ordinary unified diff.',
    );
  }
  const [, oldStart, oldCount = '1', , newCount = '1'] = HEADER.exec(header) ?? [];
  const counted = oldStart !== undefined ? countedEnd(lines, at, +oldCount, +newCount) : null;
  const end = counted ?? looseEnd(lines, at);
  const body = bodyOf(lines.slice(at + 1, end));
  if (body.every(({ kind }) => kind === 'context')) {
    throw wrong(at, 'this hunk has no line with + or -. Write what it changes, or leave it out.');
  }
  const hunk = {
    oldStart: oldStart === undefined ? null : +oldStart,
    lines: body,
    patchLine: at + 1,
  };
  return { hunk, end };
}

/** Whether a `---` and a `+++` line are here. Both could be lines of a hunk as well. */
export function isFileHeader(lines: readonly string[], at: number): boolean {
  return lines[at]?.startsWith('--- ') === true && lines[at + 1]?.startsWith('+++ ') === true;
}

/** The `-- ` and the version of git with which a mailed patch ends. */
export function isSignature(lines: readonly string[], at: number): boolean {
  return /^-- ?\r?$/u.test(lines[at] ?? '') && /^\d+\.\d/u.test(lines[at + 1] ?? '');
}

function countedEnd(
  lines: readonly string[],
  at: number,
  oldCount: number,
  newCount: number,
): number | null {
  let [old, now, end] = [oldCount, newCount, at + 1];
  for (; old > 0 || now > 0; end++) {
    const line = lines[end];
    if (line === undefined || !isBody(line) || startsNextFile(lines, end)) return null;
    if (!/^[+\\]/u.test(line)) old--;
    if (!/^[-\\]/u.test(line)) now--;
    if (old < 0 || now < 0) return null;
  }
  while (lines[end]?.startsWith('\\') === true) end++;
  let next = end;
  while (isBlank(lines[next])) next++;
  const following = lines[next];
  const ends =
    following === undefined ||
    !isBody(following) ||
    isFileHeader(lines, next) ||
    (next > end && /^(?:---|\+\+\+) /u.test(following)) ||
    isSignature(lines, next);
  return ends ? end : null;
}

function looseEnd(lines: readonly string[], at: number): number {
  let end = at + 1;
  for (let line = lines[end]; line !== undefined; line = lines[++end]) {
    if (isFileHeader(lines, end) || isSignature(lines, end)) break;
    if (isBody(line)) continue;
    if (isBlank(lines[end - 1]) || BOUNDARY.test(line)) break;
    throw wrong(
      end,
      `a line of a hunk begins with a space, + or -, not with ${JSON.stringify(line.slice(0, 20))}.`,
    );
  }
  while (end > at + 1 && isBlank(lines[end - 1])) end--;
  return end;
}

const BOUNDARY =
  /^(?:@@|diff |Index: |rename (?:from|to) |new file mode|deleted file mode|```|\*\*\* )/u;

/** Models leave out the space of an empty context line. */
function isBody(line: string): boolean {
  return isBlank(line) || /^[ +\-\\]/u.test(line);
}

function isBlank(line: string | undefined): boolean {
  return line === '' || line === '\r';
}

/** A header that cannot be meant as lines of a hunk: both names agree, and a hunk follows. */
function startsNextFile(lines: readonly string[], at: number): boolean {
  if (!isFileHeader(lines, at) || lines[at + 2]?.startsWith('@@') !== true) return false;
  const [old, now] = [lines[at], lines[at + 1]].map((line) => nameIn(line?.slice(4) ?? ''));
  const names = withoutPrefixes({ old: old ?? null, now: now ?? null });
  return names.old === names.now || old === '/dev/null' || now === '/dev/null';
}

function bodyOf(lines: readonly string[]): readonly PatchLine[] {
  return lines.flatMap((line, index): PatchLine[] => {
    if (line.startsWith('\\')) return [];
    const openEnd = lines[index + 1]?.startsWith('\\') === true;
    if (line.startsWith('+')) return [{ kind: 'added', text: line.slice(1), openEnd }];
    if (line.startsWith('-')) return [{ kind: 'removed', text: line.slice(1), openEnd }];
    return [{ kind: 'context', text: isBlank(line) ? line : line.slice(1), openEnd }];
  });
}
