import { ToolError } from '../shared/errors.ts';
import type { PatchHunk } from './patch-hunks.ts';

/** Lines of the file that an error shows around the one that does not fit. */
const AROUND = 2;
/** Characters that an error shows of a line. */
const SHOWN = 160;
/** Comparisons after which the nearest miss is looked for only around the stated line. */
const MOST_COMPARED = 20_000_000;
const NEAR = 1000;

/** One hunk of a file, and how an error names it. */
export interface Sought {
  readonly hunk: PatchHunk;
  /** "Hunk 2 of src/app.ts (line 14 of the patch)" */
  readonly name: string;
  readonly path: string;
}

/** Without `\n`, `\r\n`, or a carriage return that stands for the latter in a patch. */
export function bareLine(line: string): string {
  return line.replace(/\r?\n$|\r$/u, '');
}

/**
 * Index of the line where a hunk belongs: where it says, give or take what the hunk before was off,
 * or else the only place where it fits. White space counts, ends of lines do not.
 * @throws ToolError if it fits nowhere or at several places.
 */
export function placeOf(sought: Sought, lines: readonly string[], drift: number): number {
  const { hunk, name, path } = sought;
  const old = hunk.lines.filter(({ kind }) => kind !== 'added').map(({ text }) => bareLine(text));
  const stated = hunk.oldStart === null ? null : hunk.oldStart - 1 + drift;
  if (old.length === 0) {
    if (lines.length === 0) return 0;
    throw new ToolError(
      `${name} only adds lines, so its place in ${path} is not certain. Put unchanged lines of the ` +
        'file around them.',
    );
  }
  const last = lines.length - old.length;
  const fits = (at: number): boolean => old.every((line, index) => lines[at + index] === line);
  const mustEnd = hunk.lines.some(({ openEnd }) => openEnd);
  const allowed = (at: number): boolean => at >= 0 && at <= last && (!mustEnd || at === last);
  if (stated !== null && allowed(stated) && fits(stated)) return stated;
  const places: number[] = [];
  for (let at = mustEnd ? Math.max(0, last) : 0; at <= last; at++) if (fits(at)) places.push(at);
  const [place, another] = places;
  if (place === undefined) throw misfit(sought, old, lines, stated);
  if (another === undefined) return place;
  const numbers = places.slice(0, 5).map((at) => at + 1);
  throw new ToolError(
    `${name} fits ${places.length} places in ${path}, at lines ${numbers.join(', ')}` +
      `${places.length > numbers.length ? ', …' : ''}. Give more unchanged lines around it.`,
  );
}

function misfit(
  { name, path }: Sought,
  old: readonly string[],
  lines: readonly string[],
  stated: number | null,
): ToolError {
  const again = 'Read the file again and write the hunk for what it has now.';
  if (lines.length === 0) return new ToolError(`${name} does not fit: ${path} is empty. ${again}`);
  const at = nearestMiss(old, lines, stated);
  if (at === null) {
    return new ToolError(`${name} does not fit: ${path} has none of its lines. ${again}`);
  }
  const index = old.findIndex((line, offset) => lines[at + offset] !== line);
  if (index === -1) {
    return new ToolError(
      `${name} says that ${path} ends with line ${at + old.length}, which is not its last. ${again}`,
    );
  }
  const [there, wanted] = [lines[at + index], old[index] ?? ''];
  const from = Math.max(0, at + index - AROUND);
  const around = lines
    .slice(from, at + index + AROUND + 1)
    .map((line, offset) => `${from + offset + 1}: ${shown(line)}`);
  const sameWords = there?.replaceAll(/\s/gu, '') === wanted.replaceAll(/\s/gu, '');
  return new ToolError(
    [
      `${name} does not fit. At line ${at + index + 1} the patch has`,
      shown(wanted),
      there === undefined ? `but ${path} has no such line.` : `but ${path} has`,
      ...(there === undefined ? [] : [shown(there)]),
      ...(sameWords ? ['Only the white space differs.'] : []),
      'Around it, the file has:',
      ...around,
      again,
    ].join('\n'),
  );
}

function shown(line: string): string {
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}[…]` : line;
}

/** Where most of the lines are as they should be, as near as can be to the stated line. */
function nearestMiss(
  old: readonly string[],
  lines: readonly string[],
  stated: number | null,
): number | null {
  const aim = stated ?? 0;
  const all = old.length * lines.length <= MOST_COMPARED;
  let best = { at: 0, score: 0 };
  for (
    let at = all ? 0 : Math.max(0, aim - NEAR);
    at < (all ? lines.length : Math.min(lines.length, aim + NEAR));
    at++
  ) {
    const score = old.filter((line, index) => lines[at + index] === line).length;
    const nearer = Math.abs(at - aim) < Math.abs(best.at - aim);
    if (score > best.score || (score === best.score && nearer)) best = { at, score };
  }
  return best.score === 0 ? null : best.at;
}
