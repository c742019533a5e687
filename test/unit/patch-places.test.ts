import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ToolError } from '../../src/shared/errors.ts';
import { pair } from '../support/patch-oracle.ts';
import { diffOf, patched, refused } from '../support/patches.ts';

describe('a hunk that cannot be placed', () => {
  const head = '--- a/x\n+++ b/x\n';
  const text = 'one\ntwo\n\tthree\nfour\nfive\nsix\n';

  it('says which hunk, the first line that differs, and what is there', () => {
    const patch = `${head}@@ -1 +1 @@\n-one\n+1\n@@ -3,3 +3,3 @@\n \tthree\n-FOUR\n+4\n five\n`;
    refused(
      () => patched(text, patch),
      /Hunk 2 of x \(line 6 of the patch\) does not fit/u,
      /At line 4 the patch has\nFOUR\nbut x has\nfour\n/u,
      /2: two\n3: \tthree\n4: four\n5: five\n6: six\n/u,
      /Read the file again/u,
    );
  });

  it('says where only white space differs', () => {
    const patch = `${head}@@ -2,3 +2,2 @@\n two\n-    three\n four\n`;
    refused(() => patched(text, patch), /Only the white space differs/u);
  });

  it('says that the file has none of it, or is empty, or too short', () => {
    refused(() => patched(text, `${head}@@ -1 +1 @@\n-nine\n+9\n`), /none of its lines/u);
    refused(() => patched('', `${head}@@ -1 +1 @@\n-nine\n+9\n`), /is empty/u);
    refused(() => patched(text, `${head}@@ -6 +6 @@\n six\n-seven\n`), /x has no such line/u);
  });

  it('says that the file goes on where the patch says it ends', () => {
    const patch = `${head}@@ -1 +1 @@\n-two\n+2\n\\ No newline at end of file\n`;
    refused(() => patched(text, patch), /ends with line 2, which is not its last/u);
  });

  it('says at which lines it would fit', () => {
    const many = 'a\nb\n'.repeat(9);
    refused(
      () => patched(many, `${head}@@ -90 +90 @@\n a\n-b\n`),
      /fits 9 places in x, at lines 1, 3, 5, 7, 9, …\. Give more unchanged lines/u,
    );
  });

  it('says that it needs lines around what it only adds', () => {
    refused(() => patched(text, `${head}@@ -0,0 +1 @@\n+zero\n`), /only adds lines/u);
  });

  it('says that two hunks change the same lines', () => {
    const hunk = '@@ -2 +2 @@\n-two\n+2\n';
    refused(() => patched(text, head + hunk + hunk), /Hunk 2 .* another hunk/u);
    const overlapping = '@@ -2,2 +2 @@\n-two\n-\tthree\n+2\n@@ -3,2 +2 @@\n-\tthree\n-four\n+4\n';
    refused(() => patched(text, head + overlapping), /Hunk 2 .* another hunk/u);
    const adds = '@@ -2,2 +2,3 @@\n two\n+x\n \tthree\n';
    refused(() => patched(text, head + adds + adds), /Hunk 2 .* another hunk/u);
  });

  it('is not loose about white space, case or line order', () => {
    for (const line of [' one', 'one ', 'One', 'one\t', 'onе']) {
      refused(() => patched(text, `${head}@@ -1 +1 @@\n-${line}\n+1\n`), /does not fit/u);
    }
    refused(() => patched(text, `${head}@@ -1,2 +1,1 @@\n-two\n one\n`), /does not fit/u);
  });

  it('shows long lines cut', () => {
    const long = 'x'.repeat(1_000_000);
    assert.throws(
      () => patched(`a\n${long}\nb\n`, `${head}@@ -1,3 +1,2 @@\n a\n-${long}y\n b\n`),
      (error) => error instanceof ToolError && error.message.length < 2000,
    );
  });

  it('never changes anything else: it applies exactly, or not at all', () => {
    fc.assert(
      fc.property(pair, pair, ([before, after], [other]) => {
        let made;
        try {
          made = patched(other, diffOf(before, after));
        } catch (error) {
          assert.ok(error instanceof ToolError);
          return;
        }
        const count = (text: string): number => text.split('\n').length;
        const grown = count(after) - count(before);
        assert.ok(Math.abs(count(made) - count(other) - grown) <= 1);
      }),
      { numRuns: 1000 },
    );
  });

  it('of a file of 10 MB is placed in seconds', function () {
    this.timeout(60_000);
    const old = Array.from(
      { length: 250_000 },
      (_, index) => `line ${index} of a file that is long\n`,
    );
    const now = old.map((line, index) => (index % 9001 === 500 ? `new ${line}` : line));
    const patch = diffOf(old.join(''), now.join('')).replaceAll(/^@@ .*$/gmu, '@@');
    const started = performance.now();
    assert.equal(patched(old.join(''), patch), now.join(''));
    refused(() => patched(old.join(''), `${head}@@ -7 +7 @@\n-line 7\n+x\n`), /none of its lines/u);
    assert.ok(performance.now() - started < 15_000);
  });
});
