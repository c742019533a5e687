import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { diff3Merge } from 'node-diff3';
import { linesOf } from '../../src/workspace/changes.ts';
import { type Merged, hasConflictMarkers, mergeThree } from '../../src/workspace/merge.ts';
import { pair } from '../support/patch-oracle.ts';

/** Which side of every conflict stays. */
function resolved(text: string, side: 'yours' | 'proposed'): string {
  const taken: string[] = [];
  let at: 'both' | 'yours' | 'proposed' = 'both';
  for (const line of linesOf(text)) {
    if (line.startsWith('<<<<<<< your file')) at = 'yours';
    else if (at === 'yours' && /^=======\r?\n$/u.test(line)) at = 'proposed';
    else if (line.startsWith('>>>>>>> the proposal')) at = 'both';
    else if (at === 'both' || at === side) taken.push(line);
  }
  return taken.join('');
}

/** What happens to a line of the base, by number: its replacement, lines after it, nothing. */
type Fates = ReadonlyMap<number, 'gone' | 'new' | 'after'>;

const LINES = 24;
const base = Array.from({ length: LINES }, (_, index) => `line ${index}\n`);
const fate = fc.constantFrom('gone' as const, 'new' as const, 'after' as const);
const fates = fc
  .array(fc.tuple(fc.nat(LINES - 1), fate), { maxLength: 5 })
  .map((entries): Fates => new Map(entries));

/** The base, in which no two lines are alike, as one side has it. */
function side(name: string, chosen: Fates): string {
  return base
    .map((line, index) => {
      const what = chosen.get(index);
      if (what === undefined) return line;
      if (what === 'gone') return '';
      return what === 'new' ? `${name} ${line}` : `${line}${name} after ${line}`;
    })
    .join('');
}

const hasGit = spawnSync('git', ['--version']).status === 0;

/** How many conflicts git finds, and its text. */
function byGit(old: string, yours: string, proposed: string): Merged {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-merge-'));
  const files = [yours, old, proposed].map((text, index) => {
    writeFileSync(join(folder, String(index)), text);
    return String(index);
  });
  const options = { cwd: folder, encoding: 'utf8' } as const;
  const { status, stdout } = spawnSync('git', ['merge-file', '-p', ...files], options);
  rmSync(folder, { recursive: true });
  assert.ok(status !== null && status < 128);
  return { text: stdout, conflicts: status };
}

describe('a three-way merge', () => {
  const clean = (text: string): Merged => ({ text, conflicts: 0 });

  it('where one side did nothing is the other side', () => {
    fc.assert(
      fc.property(pair, ([old, now]) => {
        assert.deepEqual(mergeThree(old, old, now), clean(now));
        assert.deepEqual(mergeThree(old, now, old), clean(now));
      }),
      { numRuns: 1000 },
    );
  });

  it('where both did the same is what they did', () => {
    fc.assert(
      fc.property(pair, ([old, now]) => {
        assert.deepEqual(mergeThree(old, now, now), clean(now));
      }),
      { numRuns: 1000 },
    );
  });

  it('of edits with a line between them has both, and no conflict', () => {
    fc.assert(
      fc.property(fates, fates, (mine, theirs) => {
        const apart = new Map(
          [...theirs].filter(([index]) => [-2, -1, 0, 1, 2].every((by) => !mine.has(index + by))),
        );
        const both = base
          .map((_, index) =>
            mine.has(index) ? one('yours', mine, index) : one('theirs', apart, index),
          )
          .join('');
        const merged = mergeThree(base.join(''), side('yours', mine), side('theirs', apart));
        assert.deepEqual(merged, clean(both));
      }),
      { numRuns: 1000 },
    );
  });

  it('does not depend on which side is whose, but for the order in a conflict', () => {
    fc.assert(
      fc.property(pair, pair, ([old, yours], [, proposed]) => {
        const [one, other] = [mergeThree(old, yours, proposed), mergeThree(old, proposed, yours)];
        assert.equal(one.conflicts, other.conflicts);
        // What has no end gets the line ending of yours, whoever that is.
        const words = (text: string, which: 'yours' | 'proposed'): string[] =>
          linesOf(resolved(text, which)).map(bare);
        assert.deepEqual(words(one.text, 'yours'), words(other.text, 'proposed'));
        assert.deepEqual(words(one.text, 'proposed'), words(other.text, 'yours'));
      }),
      { numRuns: 1000 },
    );
  });

  it('agrees with another implementation on what conflicts and what comes out', () => {
    let conflicts = 0;
    fc.assert(
      fc.property(fates, fates, (mine, theirs) => {
        const [yours, proposed] = [side('yours', mine), side('theirs', theirs)];
        const merged = mergeThree(base.join(''), yours, proposed);
        const regions = diff3Merge(linesOf(yours), base, linesOf(proposed));
        const found = regions.filter(({ conflict }) => conflict !== undefined);
        assert.equal(merged.conflicts, found.length);
        conflicts += found.length;
        for (const which of ['yours', 'proposed'] as const) {
          const taken = regions.flatMap(
            ({ ok, conflict }) => ok ?? conflict?.[which === 'yours' ? 'a' : 'b'] ?? [],
          );
          assert.equal(resolved(merged.text, which), taken.join(''));
        }
      }),
      { numRuns: 1000 },
    );
    assert.ok(conflicts > 100);
  });

  if (hasGit) {
    it('agrees with git on what is clean', () => {
      fc.assert(
        fc.property(fates, fates, (mine, theirs) => {
          const sides = [base.join(''), side('yours', mine), side('theirs', theirs)] as const;
          const [ours, gits] = [mergeThree(...sides), byGit(...sides)];
          assert.equal(ours.conflicts > 0, gits.conflicts > 0);
          if (gits.conflicts === 0) assert.equal(ours.text, gits.text);
        }),
        { numRuns: 100 },
      );
    });
  }

  it('with all conflicts resolved as yours has all of yours, and what else is clean', () => {
    fc.assert(
      fc.property(fates, fates, (mine, theirs) => {
        const [yours, proposed] = [side('yours', mine), side('theirs', theirs)];
        const { text } = mergeThree(base.join(''), yours, proposed);
        const kept = resolved(text, 'yours');
        assert.deepEqual(mergeThree(base.join(''), yours, kept), clean(kept));
        const lines = linesOf(kept);
        for (const line of linesOf(yours)) {
          assert.ok(lines.includes(line) || !mine.has(base.indexOf(line)), line);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('has markers exactly where there are conflicts, each of them complete', () => {
    fc.assert(
      fc.property(pair, pair, ([old, yours], [, proposed]) => {
        const { text, conflicts } = mergeThree(old, yours, proposed);
        assert.equal(hasConflictMarkers(text), conflicts > 0);
        const count = (marker: RegExp): number => text.match(marker)?.length ?? 0;
        assert.equal(count(/^<<<<<<< your file\r?\n/gmu), conflicts);
        assert.equal(count(/^=======\r?\n/gmu), conflicts);
        assert.equal(count(/^>>>>>>> the proposal\r?\n/gmu), conflicts);
        const known = new Set([old, yours, proposed].flatMap(linesOf).map(bare));
        for (const line of [...linesOf(resolved(text, 'yours')), ...linesOf(text)]) {
          assert.ok(known.has(bare(line)) || /^(?:<{7} |={7}|>{7} )/u.test(line), line);
        }
      }),
      { numRuns: 2000 },
    );
  });

  const CASES: [string, string, string, string, string, number][] = [
    ['marks both sides', 'a\nb\nc\n', 'a\nX\nc\n', 'a\nY\nc\n', 'a\n<X|Y>c\n', 1],
    ['marks neighbouring lines', 'a\nb\n', 'A\nb\n', 'a\nB\n', '<A,b|a,B>', 1],
    ['merges with a line between', 'a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nC\n', 'A\nb\nC\n', 0],
    ['marks a deletion against a change', 'a\nb\nc\n', 'a\nc\n', 'a\nB\nc\n', 'a\n<|B>c\n', 1],
    ['leaves out what both have', 'a\n', 'x\nA\ny\n', 'x\nB\ny\n', 'x\n<A|B>y\n', 1],
    ['marks two additions at one place', 'a\n', 'a\nx\n', 'a\ny\n', 'a\n<x|y>', 1],
    ['marks two new files', '', 'x\n', 'y\n', '<x|y>', 1],
    ['marks a file that was emptied', 'a\nb\n', '', 'a\nB\n', '<|a,B>', 1],
    ['marks with the line endings of yours', 'a\r\n', 'x\r\n', 'y\r\n', '<x|y>', 1],
    ['ends an open last line', 'a', 'x', 'y', '<x|y>', 1],
    ['marks a last line end', 'a\n', 'b\n', 'b', '<b|b>', 1],
    ['keeps an open last line', 'a\nb\nc', 'A\nb\nc', 'a\nb\nC', 'A\nb\nC', 0],
  ];
  for (const [what, old, yours, proposed, sketch, conflicts] of CASES) {
    it(`${what}: ${JSON.stringify([old, yours, proposed])}`, () => {
      const eol = yours.includes('\r\n') ? '\r\n' : '\n';
      const lines = (text: string): string => (text === '' ? '' : text.split(',').join(eol) + eol);
      const text = sketch.replace(/<(.*)\|(.*)>/u, (_, mine: string, theirs: string) =>
        [
          ...[`<<<<<<< your file${eol}`, lines(mine), `=======${eol}`],
          ...[lines(theirs), `>>>>>>> the proposal${eol}`],
        ].join(''),
      );
      assert.deepEqual(mergeThree(old, yours, proposed), { text, conflicts });
    });
  }

  const large = (word: string, every: number): string =>
    Array.from({ length: 250_000 }, (_, index) =>
      index % every === 0 ? `${word} ${index}\n` : `line ${index} of a file that is really long\n`,
    ).join('');

  it('of files of 10 MB is made in seconds, changes at both ends included', function () {
    this.timeout(60_000);
    const old = large('base', 300_000);
    const yours = old.replace('line 3 ', 'LINE 3 ');
    const proposed = old.replace('line 249000 ', 'LINE 249000 ').replace('line 1000 ', '');
    const started = performance.now();
    const merged = mergeThree(old, yours, proposed);
    assert.ok(performance.now() - started < 15_000);
    assert.deepEqual(merged, clean(proposed.replace('line 3 ', 'LINE 3 ')));
  });

  it('of files of 10 MB with nothing in common is one conflict, and comes to an end', function () {
    this.timeout(60_000);
    const [yours, proposed] = [large('y', 1), large('p', 1)];
    const started = performance.now();
    const { text, conflicts } = mergeThree(large('base', 300_000), yours, proposed);
    assert.ok(performance.now() - started < 15_000);
    assert.equal(conflicts, 1);
    assert.equal(resolved(text, 'yours'), yours);
    assert.equal(resolved(text, 'proposed'), proposed);
  });
});

const bare = (line: string): string => line.replace(/\r?\n$/u, '');

function one(name: string, chosen: Fates, index: number): string {
  const only = new Map([...chosen].filter(([at]) => at === index));
  const before = base.slice(0, index).join('').length;
  const after = base.slice(index + 1).join('').length;
  const text = side(name, only);
  return text.slice(before, text.length - after);
}

describe('conflict markers', () => {
  const LEFT = [
    '<<<<<<< your file\na\n=======\nb\n>>>>>>> the proposal\n',
    'a\n<<<<<<< your file\n',
    'a\r\n>>>>>>> the proposal\r\n',
    'a\n>>>>>>> the proposal',
    '>>>>>>> the proposal (mine)\n',
  ];
  for (const text of LEFT) {
    it(`are there in ${JSON.stringify(text)}`, () => {
      assert.equal(hasConflictMarkers(text), true);
    });
  }

  const NONE = [
    '',
    'Title\n=======\n\ntext\n',
    'Title\r\n=======\r\n',
    '=======\n',
    '======= \n',
    '<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n',
    '>>>>>>> quoted seven times\n',
    '<<<<<<<\n',
    'x <<<<<<< your file\n',
    "const marker = '<<<<<<< your file';\n",
    '<<<<<<<< your file\n',
    '<<<<<< your file\n',
    'cat <<EOF\n<<<<<<<\nEOF\n',
  ];
  for (const text of NONE) {
    it(`are not there in ${JSON.stringify(text)}`, () => {
      assert.equal(hasConflictMarkers(text), false);
    });
  }
});
