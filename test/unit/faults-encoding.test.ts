import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changesOf, compose, withEndingsOf } from '../../src/workspace/changes.ts';
import { clipRows, countHiddenCharacters, diffLines } from '../../src/workspace/hunks.ts';
import { mergeThree } from '../../src/workspace/merge.ts';
import { applyHunks, parsePatch, unifiedDiff } from '../../src/workspace/patch.ts';
import { decodeText, encodeText } from '../../src/workspace/text.ts';
import { pair } from '../support/patch-oracle.ts';
import { type Args, ToolBench, fails } from './support/tool-bench.ts';

const bytesOf = (...values: number[]): Uint8Array => Uint8Array.from(values);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
/** UTF-16 with its mark. */
const utf16 = (text: string, big: boolean): Uint8Array => {
  const little = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return Uint8Array.from(big ? little.swap16() : little);
};

/** Every tool that changes a file, asked for the same edit. */
const CALLS: [string, (old: string, now: string) => Args][] = [
  ['replace_in_file', (old_text, new_text) => ({ path: 'x', old_text, new_text })],
  [
    'apply_patch',
    (old, now) => ({ patch: `--- a/x\n+++ b/x\n@@ @@\n${signed('-', old)}${signed('+', now)}` }),
  ],
];
const signed = (sign: string, text: string): string =>
  text
    .split('\n')
    .map((line) => `${sign}${line}\n`)
    .join('');

describe('text faults', () => {
  let bench: ToolBench;
  const use = (bytes: Uint8Array): void => {
    bench.parts.close();
    bench = new ToolBench({ x: bytes });
  };
  beforeEach(() => {
    bench = new ToolBench({});
  });
  afterEach(() => {
    bench.parts.close();
  });

  /** What a tool would make of a file. */
  async function next(name: string, file: Uint8Array, args: Args): Promise<Uint8Array> {
    use(file);
    const change = await bench.propose(name, args);
    assert.ok(change.next !== null);
    return Uint8Array.from(change.next);
  }

  for (const [name, args] of CALLS) {
    it(`ENC-01: ${name} with LF leaves a CRLF file one of CRLF, other lines as they are`, async () => {
      const file = utf8('one\r\ntwo\r\nthree\r\nfour\r\n');
      const made = await next(name, file, args('two\nthree', '2\n2.5\n3'));
      assert.deepEqual(made, utf8('one\r\n2\r\n2.5\r\n3\r\nfour\r\n'));
    });

    it(`ENC-02: ${name} leaves the other lines of a file of mixed endings byte by byte`, async () => {
      const file = utf8('one\r\ntwo\nthree\r\nfour\n\r\nfive');
      const made = await next(name, file, args('two', '2'));
      assert.deepEqual(made, utf8('one\r\n2\nthree\r\nfour\n\r\nfive'));
    });

    for (const big of [false, true]) {
      it(`ENC-04: ${name} edits UTF-16 ${big ? 'BE' : 'LE'} in UTF-16`, async () => {
        const file = utf16('eins\r\nzwei é 😀\r\n', big);
        const made = await next(name, file, args('zwei é 😀', '漢字 😀'));
        assert.deepEqual(made, utf16('eins\r\n漢字 😀\r\n', big));
      });
    }

    const FOREIGN: [string, Uint8Array][] = [
      ['the bytes of the fixture', bytesOf(0x63, 0x61, 0x66, 0xe9, 0xff, 0xfe)],
      ['Latin-1', bytesOf(0x63, 0x61, 0x66, 0xe9, 0x0a)],
      ['Windows-1252', bytesOf(0x93, 0x63, 0x61, 0x66, 0x94)],
      ['Shift JIS', bytesOf(0x63, 0x61, 0x66, 0x82, 0xa0)],
      ['EUC-KR', bytesOf(0x63, 0x61, 0x66, 0xb0, 0xa1)],
      ['a cut-off character', bytesOf(0x63, 0x61, 0x66, 0xe6, 0xbc)],
      ['UTF-16 without a mark', bytesOf(0x63, 0, 0x61, 0, 0x66, 0)],
      ['half of a pair in UTF-16', bytesOf(0xff, 0xfe, 0x63, 0, 0x00, 0xd8)],
    ];
    for (const [what, file] of FOREIGN) {
      it(`ENC-05: ${name} is refused on ${what}`, async () => {
        use(file);
        await fails(
          bench.propose(name, args('caf', 'tea')),
          /^x .*(?:encoding|not a text|UTF-16)/u,
        );
      });
    }

    it(`ENC-07: ${name} writes line separators and refuses what has no bytes`, async () => {
      const file = utf8('a\u2028b\nc\n');
      assert.deepEqual(
        await next(name, file, args('c', 'c\u2028d\u2029')),
        utf8('a\u2028b\nc\u2028d\u2029\n'),
      );
      for (const text of ['\uD800', 'a\uDC00b', 'a\0b']) {
        await fails(bench.propose(name, args('c', text)), /surrogate|NUL/u);
      }
    });

    it(`ENC-08: ${name} keeps that a file does not end with a line ending, or does`, async () => {
      for (const end of ['', '\n', '\r\n']) {
        const file = utf8(`one\r\ntwo${end}`.replaceAll('\r\n', end || '\n'));
        const made = await next(name, file, args('two', '2'));
        assert.deepEqual(made, utf8(`one${end || '\n'}2${end}`));
      }
    });
  }

  it('ENC-01: a whole new text from a model keeps the endings of the file', async () => {
    const made = await next('write_file', utf8('one\r\ntwo\r\n'), {
      path: 'x',
      content: 'one\n2\n',
    });
    assert.deepEqual(made, utf8('one\r\n2\r\n'));
  });

  it('ENC-02: a whole new text changes no line of a mixed file but those with other words', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const made = withEndingsOf(before, after.replaceAll('\r\n', '\n'));
        const words = (text: string): string => text.replaceAll('\r\n', '\n');
        const changed = (one: string, other: string): number =>
          changesOf(one, other).reduce((sum, { removed }) => sum + removed.length, 0);
        assert.equal(words(made), words(after));
        const needed = changed(words(before), words(after));
        assert.ok(changed(before, made) <= needed + 1, JSON.stringify([before, after, made]));
      }),
      { numRuns: 1000 },
    );
  });

  it('ENC-02: an accepted part and a merge leave all other lines byte by byte', () => {
    const before = 'a\r\nb\nc\r\nd\ne\r\nf\n';
    const after = 'A\r\nb\nc\r\nd\nE\r\nf\n';
    assert.equal(compose(before, after, [{ change: 1, lines: 'all' }]), 'a\r\nb\nc\r\nd\nE\r\nf\n');
    const yours = 'a\r\nb\nC\r\nd\ne\r\nf\n';
    assert.equal(mergeThree(before, yours, after).text, 'A\r\nb\nC\r\nd\nE\r\nf\n');
  });

  for (const encoding of ['utf16le', 'utf16be'] as const) {
    it(`ENC-04: accepted parts of ${encoding} come out in it, whatever they are`, () => {
      fc.assert(
        fc.property(pair, ([before, after]) => {
          const form = { bom: true, encoding };
          const [old, now] = [before, after].map(
            (text) => decodeText(encodeText(text, form), 'x').text,
          ) as [string, string];
          const accepted = changesOf(old, now).map((_, change) => ({
            change,
            lines: 'all' as const,
          }));
          for (let count = 0; count <= accepted.length; count++) {
            const bytes = encodeText(compose(old, now, accepted.slice(0, count)), form);
            assert.deepEqual(bytes.slice(0, 2), encodeText('', form));
            assert.equal(decodeText(bytes, 'x').encoding, encoding);
          }
        }),
        { numRuns: 200 },
      );
    });
  }

  it('ENC-07: a new file with what has no bytes is refused', async () => {
    for (const content of ['\uD800', 'a\uDC00b', 'a\0b']) {
      await fails(bench.propose('write_file', { path: 'new', content }), /surrogate|NUL/u);
    }
  });

  it('ENC-07: a line separator does not end a line, in no part of the work', () => {
    const before = 'a\u2028b\nc\u2029d\ne\u0085f\ng\u000bh\fi\rj\n';
    const after = before.replace('a', 'A').replace('j', 'J');
    assert.deepEqual(
      changesOf(before, after).map(({ oldStart }) => oldStart),
      [0, 3],
    );
    const [patch] = parsePatch(unifiedDiff('x', before, after, 1000));
    assert.ok(patch?.kind === 'edit');
    assert.equal(applyHunks(before, patch.hunks, 'x'), after);
    assert.equal(mergeThree(before, before.replace('e', 'E'), after).conflicts, 1);
  });

  describe('ENC-11: a line of a million characters', () => {
    const left = (count: number): string => `[${count}]`;
    const [head, tail] = ['x '.repeat(250_000), ' y'.repeat(250_000)];
    const [before, after] = [`${head}1${tail}`, `${head}2\u200b${tail}`];

    it('is one change, shown cut to where it differs, at once', () => {
      const started = performance.now();
      const { rows, added, removed } = diffLines(before, after);
      const shown = clipRows(rows, 1000, left);
      assert.equal(countHiddenCharacters(rows), 1);
      assert.ok(performance.now() - started < 2000);
      assert.deepEqual([added, removed], [1, 1]);
      const [old, , now] = shown.map(({ text }) => text);
      assert.match(old ?? '', /^\[\d+\][x ]*1[y ]*\[\d+\]$/u);
      assert.match(now ?? '', /^\[\d+\][x ]*2\u200b[y ]*\[\d+\]$/u);
      assert.ok(shown.every(({ text }) => text.length < 1100));
    });

    it('is composed, merged and patched like any other', () => {
      const started = performance.now();
      assert.equal(compose(before, after, [{ change: 0, lines: 'all' }]), after);
      assert.equal(compose(before, after, []), before);
      assert.equal(mergeThree(before, before, after).text, after);
      assert.equal(mergeThree(before, `${before}!`, after).conflicts, 1);
      const [patch] = parsePatch(unifiedDiff('x', before, after, Number.POSITIVE_INFINITY));
      assert.ok(patch?.kind === 'edit');
      assert.equal(applyHunks(before, patch.hunks, 'x'), after);
      assert.ok(unifiedDiff('x', before, after, 4000).length < 4500);
      assert.ok(performance.now() - started < 5000);
    });
  });
});
