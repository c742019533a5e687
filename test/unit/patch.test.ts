import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyHunks, parsePatch, unifiedDiff } from '../../src/workspace/patch.ts';
import { bySystem, hasPatch } from '../support/patch-oracle.ts';
import { alike, diffOf, patched } from '../support/patches.ts';

describe('a patch of one file', () => {
  it('leads from the old text to the new one', () => {
    fc.assert(
      fc.property(alike, ([before, after]) => {
        assert.equal(patched(before, diffOf(before, after)), after);
      }),
      { numRuns: 2000 },
    );
  });

  if (hasPatch) {
    it('as we write it is understood by the patch of the system', () => {
      fc.assert(
        fc.property(alike, ([before, after]) => {
          const made = bySystem(Buffer.from(before), Buffer.from(diffOf(before, after)));
          assert.equal(made.toString(), after);
        }),
        { numRuns: 150 },
      );
    });
  }

  it('needs no right counts', () => {
    const count = fc.nat(12);
    fc.assert(
      fc.property(alike, count, count, ([before, after], old, now) => {
        const patch = diffOf(before, after).replaceAll(
          /^@@ -(\d+),\d+ \+(\d+),\d+ @@/gmu,
          `@@ -$1,${old} +$2,${now} @@`,
        );
        assert.equal(patched(before, patch), after);
      }),
      { numRuns: 2000 },
    );
  });

  it('needs no line numbers where each place is there once, nor the space of empty lines', () => {
    const edits = fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 8 });
    const header = fc.constantFrom(
      '@@',
      '@@ @@',
      '@@ function x() @@',
      '@@ -1 +1 @@',
      '@@ -99,9 +3 @@',
    );
    fc.assert(
      fc.property(edits, header, (places, words) => {
        const before = Array.from({ length: 61 }, (_, index) =>
          index % 5 === 4 ? '\n' : `line ${index}\n`,
        );
        const after = before.map((text, index) => (places.includes(index) ? `new ${text}` : text));
        const patch = diffOf(before.join(''), after.join(''))
          .replaceAll(/^@@ .*$/gmu, words)
          .replaceAll(/^ $/gmu, '');
        assert.equal(patched(before.join(''), patch), after.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the line endings of the file, whatever the patch has', () => {
    const end = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(alike, end, end, ([before, after], fileEnd, patchEnd) => {
        const [old, now] = [before, after].map((text) => text.replaceAll(/\r?\n/gu, '\n')) as [
          string,
          string,
        ];
        if (!old.includes('\n')) return;
        const patch = diffOf(old, now).replaceAll('\n', patchEnd);
        const crlf = (text: string): string => text.replaceAll('\n', fileEnd);
        assert.equal(patched(crlf(old), patch), crlf(now));
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves every line that it does not name as it is, in a file of mixed line endings', () => {
    const before = 'a\r\nb\nc\r\nd\ne\r\nf\n';
    const patch = '--- a/x\n+++ b/x\n@@ -2,4 +2,4 @@\n b\n-c\n+C\n+C2\n-d\n+D\n e\n';
    assert.equal(patched(before, patch), 'a\r\nb\nC\r\nC2\r\nD\ne\r\nf\n');
  });

  const HUNK = '@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n';
  const BODIES: [string, string][] = [
    ['with a/ and b/', `--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK}`],
    ['without them', `--- dir/x.ts\n+++ dir/x.ts\n${HUNK}`],
    ['with one of them', `--- dir/x.ts\n+++ b/dir/x.ts\n${HUNK}`],
    ['with other letters of git', `--- i/dir/x.ts\n+++ w/dir/x.ts\n${HUNK}`],
    [
      'with time stamps',
      `--- a/dir/x.ts\t2026-01-01 10:00:00.1 +0100\n+++ b/dir/x.ts\tnow\n${HUNK}`,
    ],
    ['with time stamps after spaces', `--- a/dir/x.ts  2026-01-01 10:00\n+++ b/dir/x.ts\n${HUNK}`],
    [
      'of git',
      `diff --git a/dir/x.ts b/dir/x.ts\nindex 1..2 100644\n--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK}`,
    ],
    ['of git without the file lines', `diff --git a/dir/x.ts b/dir/x.ts\n${HUNK}`],
    [
      'with words before and after',
      `I change it:\n- b to B\n\n--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK}\nThat is all.\n`,
    ],
    ['in a fence', `\`\`\`diff\n--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK}\`\`\`\n`],
    [
      'in a fence with wrong counts',
      `\`\`\`diff\n--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK.replace('1,3', '1,9')}\`\`\`\n`,
    ],
    [
      'mailed',
      `From 1\nSubject: x\n\n---\n x | 2 +-\n\n--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK}-- \n2.39.5\n`,
    ],
    [
      'mailed with wrong counts',
      `--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK.replace('1,3', '1,2')}-- \n2.39.5\n`,
    ],
    ['with CRLF throughout', `--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK}`.replaceAll('\n', '\r\n')],
    [
      'with CRLF in the lines of the file',
      `--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK.replaceAll(/(?<=[abcB])\n/gu, '\r\n')}`,
    ],
    ['without a last line end', `--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK}`.slice(0, -1)],
    ['with empty lines after it', `--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK}\n\n\n`],
    [
      'with empty lines after it and wrong counts',
      `--- a/dir/x.ts\n+++ b/dir/x.ts\n${HUNK.replace('1,3', '1,2')}\n\n\n`,
    ],
    [
      'of Subversion',
      `Index: dir/x.ts\n=====\n--- dir/x.ts\t(revision 1)\n+++ dir/x.ts\t(working copy)\n${HUNK}`,
    ],
  ];
  for (const [what, patch] of BODIES) {
    it(`is read ${what}`, () => {
      const [one, ...others] = parsePatch(patch);
      assert.deepEqual(others, []);
      assert.ok(one?.kind === 'edit');
      assert.equal(one.path, 'dir/x.ts');
      assert.equal(applyHunks('a\nb\nc\n', one.hunks, one.path), 'a\nB\nc\n');
    });
  }

  it('may change lines that look like those of a patch', () => {
    const before = '-- a\n++ b\n@@ c\nd\n';
    const patch = '--- a/x\n+++ b/x\n@@ -1,4 +1,4 @@\n--- a\n--- b\n+++ c\n';
    assert.equal(
      patched('-- a\n-- b\nd\n', `${patch.replace('1,4 +1,4', '1,3 +1,2')} d\n`),
      '++ c\nd\n',
    );
    assert.equal(
      patched(before, '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a\n+++ q\n ++ b\n'),
      '++ q\n++ b\n@@ c\nd\n',
    );
  });

  const ENDS: [string, string, string, string][] = [
    ['takes the last line end away', 'a\nb\n', '-b\n+b\n\\ No newline at end of file\n', 'a\nb'],
    ['gives the last line an end', 'a\nb', '-b\n\\ No newline at end of file\n+b\n', 'a\nb\n'],
    ['leaves an open end', 'a\nb', '-b\n\\ No newline\n+c\n\\ No newline\n', 'a\nc'],
    ['leaves an open end it does not know of', 'a\nb', ' a\n-b\n+c\n', 'a\nc'],
    ['leaves an open end when it adds a line', 'a\nb', ' b\n+c\n', 'a\nb\nc'],
    ['closes an open end that it knows of', 'a\nb', ' b\n\\ No newline\n+c\n', 'a\nb\nc\n'],
    ['leaves a closed end', 'a\nb\n', '-b\n+c\n', 'a\nc\n'],
    ['removes an open last line', 'a\nb', ' a\n-b\n', 'a\n'],
    ['adds before an open last line', 'a\nb', ' a\n+x\n b\n', 'a\nx\nb'],
    ['empties a file', 'a\nb', '-a\n-b\n', ''],
    ['fills an empty file', '', '+a\n+b\n', 'a\nb\n'],
    ['fills an empty file without a last line end', '', '+a\n\\ No newline\n', 'a'],
    ['ends a line of a single-line file', 'a', ' a\n+b\n\\ No newline\n', 'a\nb'],
    ['ends lines as the file does', 'x\r\na', ' a\n\\ No newline\n+b\n', 'x\r\na\r\nb\r\n'],
  ];
  for (const [what, before, body, after] of ENDS) {
    it(`${what}: ${JSON.stringify([before, body])}`, () => {
      assert.equal(patched(before, `--- a/x\n+++ b/x\n@@ -9 +9 @@\n${body}`), after);
    });
  }

  it('goes to the end of the file where it says that it is there, whatever its number', () => {
    const body = ' a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n';
    assert.equal(patched('a\nb\na\nb', `--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n${body}`), 'a\nb\na\nc');
  });

  it('may have hunks that share lines around them, in any order', () => {
    const [one, two] = ['@@ -1,3 +1,3 @@\n-a\n+A\n b\n c\n', '@@ -2,3 +2,3 @@\n b\n-c\n+C\n d\n'];
    for (const body of [one + two, two + one]) {
      assert.equal(patched('a\nb\nc\nd\n', `--- a/x\n+++ b/x\n${body}`), 'A\nb\nC\nd\n');
    }
  });

  it('finds its places when earlier hunks moved them, and uses the numbers where several fit', () => {
    const block = (name: string): string => `{\n  same\n}\n${name}\n`;
    const before = `${'pad\n'.repeat(5)}start\n${['a', 'b', 'c'].map(block).join('')}`;
    const hunk = (line: number): string => `@@ -${line},3 +${line},3 @@\n {\n-  same\n+  new\n }\n`;
    const head = '--- a/x\n+++ b/x\n';
    const after = before.replace(/(?<=b\n\{\n {2})same/u, 'new');
    assert.notEqual(after, before);
    assert.equal(
      patched(before, head + hunk(15)),
      after.replace('  new', '  same').replace(/(?<=b\n\{\n {2})same/u, 'new'),
    );
    const first = '@@ -2 +2 @@\n-start\n+go\n';
    assert.equal(patched(before, head + first + hunk(11)), after.replace('start', 'go'));
  });
});

describe('a diff for the model', () => {
  it('is nothing where nothing differs', () => {
    assert.equal(unifiedDiff('x', 'a\n', 'a\n', 100), '');
  });

  it('is a unified diff', () => {
    assert.equal(
      unifiedDiff('dir/x y.ts', 'a\nb\nc\n', 'a\nc\nd', 1000),
      [
        ...['--- a/dir/x y.ts', '+++ b/dir/x y.ts', '@@ -1,3 +1,3 @@', ' a', '-b', ' c', '+d'],
        ...['\\ No newline at end of file', ''],
      ].join('\n'),
    );
  });

  it('is cut at about its limit, and says how much is left out', () => {
    const many = (word: string): string =>
      Array.from({ length: 1000 }, (_, index) => `${word} ${index}\n`).join('');
    const diff = unifiedDiff('x', many('old'), many('new'), 1000);
    assert.ok(diff.length > 900 && diff.length < 1100, String(diff.length));
    const [, left] = /\n\[… (\d+) more lines of this diff\]\n$/u.exec(diff) ?? [];
    const shown = diff.split('\n').length - 4;
    assert.equal(Number(left) + shown, 2001);
  });

  it('of a very long line shows where it differs', () => {
    const long = 'x'.repeat(500_000);
    const diff = unifiedDiff('x', `${long}1${long}\n`, `${long}2${long}\n`, 2000);
    assert.ok(diff.length < 2200, String(diff.length));
    assert.match(diff, /^-\[… \d+ characters\]x+1x+\[… \d+ characters\]$/mu);
    assert.match(diff, /^\+\[… \d+ characters\]x+2x+\[… \d+ characters\]$/mu);
  });
});
