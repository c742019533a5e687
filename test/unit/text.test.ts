import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ToolError } from '../../src/shared/errors.ts';
import { decodeText, encodeText, withLineEnding } from '../../src/workspace/text.ts';

const bytesOf = (...values: number[]): Uint8Array => Uint8Array.from(values);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the text of a file', () => {
  it('comes back to exactly the bytes it was read from, whatever they are', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ unit: 'binary' }).map(utf8),
      fc
        .array(fc.constantFrom('a', '\r', '\n', '\r\n', '\uFEFF', 'é', '😀', '\u2028', ' '))
        .map((parts) => utf8(parts.join(''))),
      fc.string({ unit: 'binary' }).map((text) => utf8(`\uFEFF${text}`)),
    );
    let accepted = 0;
    fc.assert(
      fc.property(bytes, (given) => {
        let decoded;
        try {
          decoded = decodeText(given, 'x');
        } catch (error) {
          assert.ok(error instanceof ToolError);
          return;
        }
        accepted++;
        assert.deepEqual(encodeText(decoded.text, decoded.bom), given);
      }),
      { numRuns: 3000 },
    );
    assert.ok(accepted > 500, `Only ${accepted} were accepted`);
  });

  const REFUSED: [string, Uint8Array, RegExp][] = [
    ['UTF-16 LE with a mark', bytesOf(0xff, 0xfe, 0x61, 0x00), /x\.txt/u],
    ['UTF-16 BE with a mark', bytesOf(0xfe, 0xff, 0x00, 0x61), /x\.txt/u],
    ['UTF-16 of Chinese without a NUL', bytesOf(0xff, 0xfe, 0x2d, 0x4e), /not in UTF-8/u],
    ['Latin-1', bytesOf(0x63, 0x61, 0x66, 0xe9, 0xff, 0xfe), /not in UTF-8/u],
    ['Shift JIS', bytesOf(0x82, 0xa0), /not in UTF-8/u],
    ['an encoded half of a pair', bytesOf(0xed, 0xa0, 0x80), /not in UTF-8/u],
    ['an overlong slash', bytesOf(0xc0, 0xaf), /not in UTF-8/u],
    ['a cut-off character', bytesOf(0x61, 0xe6, 0xbc), /not in UTF-8/u],
    ['a NUL', utf8('a\0b'), /not a text file/u],
  ];
  for (const [what, bytes, words] of REFUSED) {
    it(`is refused: ${what}`, () => {
      assert.throws(
        () => decodeText(bytes, 'x.txt'),
        (error) => error instanceof ToolError && words.test(error.message),
      );
    });
  }

  const ENDINGS: [string, string][] = [
    ['', 'lf'],
    ['a', 'lf'],
    ['a\nb\n', 'lf'],
    ['a\r\nb', 'crlf'],
    ['a\r\nb\r\n', 'crlf'],
    ['a\r\nb\n', 'mixed'],
    ['a\nb\r\n', 'mixed'],
    ['a\rb', 'lf'],
  ];
  for (const [text, eol] of ENDINGS) {
    it(`${JSON.stringify(text)} has line endings of the kind ${eol}`, () => {
      assert.equal(decodeText(utf8(text), 'x').eol, eol);
      assert.equal(decodeText(utf8(`\uFEFF${text}`), 'x').eol, eol);
    });
  }

  it('a byte order mark is kept apart, one of them', () => {
    assert.deepEqual(decodeText(utf8('\uFEFF\uFEFFa'), 'x'), {
      text: '\uFEFFa',
      bom: true,
      eol: 'lf',
    });
  });

  it('words for a file of CRLF get its line endings, others stay as they are', () => {
    assert.equal(withLineEnding('a\nb\r\nc\n', 'crlf'), 'a\r\nb\r\nc\r\n');
    assert.equal(withLineEnding('a\nb\r\n', 'lf'), 'a\nb\r\n');
    assert.equal(withLineEnding('a\nb\r\n', 'mixed'), 'a\nb\r\n');
  });

  for (const text of ['a\uD800b', '\uDC00', 'a\0b']) {
    it(`is refused where it could not be read back: ${JSON.stringify(text)}`, () => {
      assert.throws(() => encodeText(text, false), ToolError);
    });
  }
});
