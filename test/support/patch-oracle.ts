import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { AcceptedChange, Change } from '../../src/workspace/changes.ts';

/** Whether the machine has `patch`. */
export const hasPatch = spawnSync('patch', ['--version']).status === 0;

const MARK = '\\ No newline at end of file';

/** With their ends. */
const linesOf = (text: string): string[] => text.split(/(?<=\n)/u).filter((line) => line !== '');

/** What the system's `patch` makes of a text, byte by byte. */
export function bySystem(before: Uint8Array, patch: Uint8Array): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-patch-'));
  const [file, patchFile] = [join(folder, 'file'), join(folder, 'patch')];
  writeFileSync(file, before);
  writeFileSync(patchFile, patch);
  const given = ['--binary', '--force', '--fuzz=0', '--no-backup-if-mismatch', '-i', patchFile];
  const { status, stdout, stderr } = spawnSync('patch', [...given, '-o', `${file}.out`, file]);
  assert.equal(status, 0, `${stdout.toString()}${stderr.toString()}\n${String(patch)}`);
  const made = readFileSync(`${file}.out`);
  rmSync(folder, { recursive: true });
  return made;
}

const written = (sign: string, line: string): string =>
  line.endsWith('\n') ? sign + line : `${sign}${line}\n${MARK}\n`;

/** The accepted part as one hunk over the whole file. Written without a look at `compose`. */
export function reducedPatch(
  before: string,
  changes: readonly Change[],
  accepted: readonly AcceptedChange[],
): string {
  const old = linesOf(before);
  const body: string[] = [];
  const [counts, openEnd] = [{ old: 0, new: 0 }, old.at(-1)?.endsWith('\n') === false];
  const put = (sign: ' ' | '-' | '+', line: string): void => {
    body.push(written(sign, line));
    if (sign !== '+') counts.old++;
    if (sign !== '-') counts.new++;
  };
  let at = 0;
  for (const [index, change] of changes.entries()) {
    while (at < change.oldStart) put(' ', old[at++]!);
    const lines = accepted.find((one) => one.change === index)?.lines ?? { removed: [], added: [] };
    const added = change.added.filter((_, line) => lines === 'all' || lines.added.includes(line));
    for (const [line, text] of change.removed.entries()) {
      const goes = lines === 'all' || lines.removed.includes(line);
      if (!goes && added.length > 0 && openEnd && at === old.length - 1) {
        const above = /\r?\n$/u.exec(old.at(-2) ?? '') ?? /\r?\n$/u.exec(added[0]!);
        put('-', text);
        put('+', text + (above?.[0] ?? '\n'));
      } else {
        put(goes ? '-' : ' ', text);
      }
      at++;
    }
    for (const text of added) put('+', text);
  }
  while (at < old.length) put(' ', old[at++]!);
  const start = (count: number): string => `${count === 0 ? 0 : 1},${count}`;
  return `--- a\n+++ b\n@@ -${start(counts.old)} +${start(counts.new)} @@\n${body.join('')}`;
}

const LINES = [
  ...['a', 'b', 'c', 'd', '', ' ', ' a', 'a ', '\ta', '}', 'é', '漢字', '😀', '\u2028', 'a\rb'],
  ...['-x', '+x', '--- a/x', '+++ b/x', '@@ -1 +1 @@', MARK, 'diff --git a/x b/x', '-- '],
];

const ending = fc.constantFrom('\n', '\r\n');
const line = fc.constantFrom(...LINES);

/** Lines with ends of one kind or several, the last one with or without. */
export const lines = fc.oneof(
  ending.chain((end) =>
    fc.array(
      line.map((text) => text + end),
      { maxLength: 20 },
    ),
  ),
  fc.array(
    fc.tuple(line, ending).map(([text, end]) => text + end),
    { maxLength: 20 },
  ),
);
const open = (text: string, isOpen: boolean): string =>
  isOpen ? text.replace(/\r?\n$/u, '') : text;

/** Two texts, mostly alike. */
export const pair = fc
  .record({
    before: lines,
    fates: fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }),
    fresh: lines,
    openEnds: fc.tuple(fc.boolean(), fc.boolean()),
  })
  .map(({ before, fates, fresh, openEnds }): [string, string] => {
    const spare = [...fresh];
    const changed = before.flatMap((text, index) => {
      const fate = fates[index % fates.length];
      if (fate === 0) return [];
      if (fate === 1) return [spare.pop() ?? 'new\n'];
      return fate === 2 ? [text, ...spare.splice(0, 2)] : [text];
    });
    return [
      open(before.join(''), openEnds[0]),
      open([...changed, ...(fates.length % 3 === 0 ? spare : [])].join(''), openEnds[1]),
    ];
  });
