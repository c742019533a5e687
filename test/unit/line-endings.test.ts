import assert from 'node:assert/strict';
import fc from 'fast-check';
import { linesOf, withEndingsOf } from '../../src/workspace/changes.ts';
import { pair } from '../support/patch-oracle.ts';

const bare = (text: string): string => text.replace(/\r?\n$/u, '');

describe('a whole text for a file of mixed line endings', () => {
  it('ends lines that were there as they ended, and has the words it was given', () => {
    fc.assert(
      fc.property(pair, ([before, given]) => {
        const made = withEndingsOf(before, given);
        assert.deepEqual(linesOf(made).map(bare), linesOf(given).map(bare));
        assert.equal(made.endsWith('\n'), given.endsWith('\n'));
      }),
      { numRuns: 1000 },
    );
  });

  it('of the words it has is the same text, whatever their line endings', () => {
    const end = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(pair, end, ([before], eol) => {
        assert.equal(withEndingsOf(before, before.replaceAll(/\r?\n/gu, eol)), before);
      }),
      { numRuns: 1000 },
    );
  });

  const MIXED: [string, string, string, string][] = [
    ['a changed line as it ended', 'a\r\nb\nc\r\n', 'a\nB\nc\n', 'a\r\nB\nc\r\n'],
    ['a new line like the line above', 'a\nb\r\nc\n', 'a\nb\nx\nc\n', 'a\nb\r\nx\r\nc\n'],
    ['a new first line like the first', 'a\r\nb\n', 'x\na\nb\n', 'x\r\na\r\nb\n'],
    ['the last line as it is given', 'a\r\nb\n', 'a\nb', 'a\r\nb'],
    ['a last line that had no end like the one above', 'a\r\nb', 'a\nb\n', 'a\r\nb\r\n'],
    ['a text without a file as it is', '', 'a\r\nb\n', 'a\r\nb\n'],
  ];
  for (const [what, before, given, expected] of MIXED) {
    it(`ends ${what}: ${JSON.stringify([before, given])}`, () => {
      assert.equal(withEndingsOf(before, given), expected);
    });
  }
});
