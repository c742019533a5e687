import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ToolError } from '../../src/shared/errors.ts';
import { decodeText, encodeText, withLineEnding } from '../../src/workspace/text.ts';

const bytesOf = (...values: number[]): Uint8Array => Uint8Array.from(values);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Little-endian, as the units are; made here without the code under test. */
const utf16 = (text: string): Uint8Array =>
  bytesOf(
    ...Array.from({ length: text.length }, (_, index) => text.charCodeAt(index)).flatMap((unit) => [
      unit & 0xff,
      unit >> 8,
    ]),
  );
const swapped = (bytes: Uint8Array): Uint8Array => bytes.map((_, index) => bytes[index ^ 1]!);

describe('the text of a file', () => {
  it('comes back to exactly the bytes it was read from, whatever they are', () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom('a', '\r', '\n', '\r\n', '\uFEFF', '\uFFFE', 'é', '😀', '\u2028', ' '),
        )
        .map((parts) => parts.join('')),
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }).map((given) => bytesOf(0xff, 0xfe, ...given)),
      fc.uint8Array({ maxLength: 40 }).map((given) => bytesOf(0xfe, 0xff, ...given)),
      words.map(utf8),
      words.map((text) => utf8(`\uFEFF${text}`)),
      words.map((text) => utf16(`\uFEFF${text}`)),
      words.map((text) => swapped(utf16(`\uFEFF${text}`))),
    );
    const accepted = { utf8: 0, utf16le: 0, utf16be: 0 };
    fc.assert(
      fc.property(bytes, (given) => {
        let decoded;
        try {
          decoded = decodeText(given, 'x');
        } catch (error) {
          assert.ok(error instanceof ToolError && error.message.startsWith('x '));
          return;
        }
        accepted[decoded.encoding]++;
        assert.deepEqual(encodeText(decoded.text, decoded), given);
      }),
      { numRuns: 5000 },
    );
    for (const count of Object.values(accepted)) assert.ok(count > 500, JSON.stringify(accepted));
  });

  it('comes back to exactly the text that was written, or is refused when it is written', () => {
    const text = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
    const how = fc.constantFrom(
      { bom: false, encoding: 'utf8' as const },
      { bom: true, encoding: 'utf8' as const },
      { bom: true, encoding: 'utf16le' as const },
      { bom: true, encoding: 'utf16be' as const },
    );
    fc.assert(
      fc.property(text, how, (given, { bom, encoding }) => {
        const writable = given.isWellFormed() && !given.includes('\0');
        if (!writable) {
          assert.throws(() => encodeText(given, { bom, encoding }), ToolError);
          return;
        }
        const decoded = decodeText(encodeText(given, { bom, encoding }), 'x');
        const marked = given.startsWith('\uFEFF') && !bom;
        assert.equal(decoded.text, marked ? given.slice(1) : given);
        assert.equal(decoded.bom, bom || marked);
        assert.equal(decoded.encoding, encoding);
      }),
      { numRuns: 3000 },
    );
  });

  it('is read as UTF-16 only with a byte order mark', () => {
    const marked = { text: 'aé😀\n', bom: true, eol: 'lf' };
    const little = utf16('\uFEFFaé😀\n');
    assert.deepEqual(decodeText(little, 'x'), { ...marked, encoding: 'utf16le' });
    assert.deepEqual(decodeText(swapped(little), 'x'), { ...marked, encoding: 'utf16be' });
    assert.throws(() => decodeText(utf16('aé😀\n'), 'x'), /not a text file/u);
    assert.deepEqual(decodeText(bytesOf(0xff, 0xfe), 'x'), {
      text: '',
      bom: true,
      eol: 'lf',
      encoding: 'utf16le',
    });
  });

  it('of UTF-16 is written with its mark, whatever is said of it', () => {
    assert.deepEqual(encodeText('a', { bom: false, encoding: 'utf16le' }), utf16('\uFEFFa'));
  });

  it('does not change the bytes it is read from', () => {
    const bytes = swapped(utf16('\uFEFFabc'));
    const before = bytes.slice();
    decodeText(bytes, 'x');
    assert.deepEqual(bytes, before);
  });

  const REFUSED: [string, Uint8Array, RegExp][] = [
    ['UTF-16 LE of an odd length', bytesOf(0xff, 0xfe, 0x61, 0x00, 0x62), /not valid UTF-16/u],
    ['UTF-16 BE of an odd length', bytesOf(0xfe, 0xff, 0x00), /not valid UTF-16/u],
    ['UTF-16 LE with half of a pair', bytesOf(0xff, 0xfe, 0x00, 0xd8), /not valid UTF-16/u],
    ['UTF-16 BE with half of a pair', bytesOf(0xfe, 0xff, 0xdc, 0x00), /not valid UTF-16/u],
    ['UTF-16 with a NUL', bytesOf(0xff, 0xfe, 0x61, 0x00, 0x00, 0x00), /not a text file/u],
    ['UTF-32 LE with a mark', bytesOf(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0), /not a text file/u],
    ['UTF-32 BE with a mark', bytesOf(0, 0, 0xfe, 0xff, 0, 0, 0, 0x61), /not a text file/u],
    ['UTF-16 LE without a mark', bytesOf(0x61, 0x00), /not a text file/u],
    ['Latin-1', bytesOf(0x63, 0x61, 0x66, 0xe9, 0xff, 0xfe), /not in UTF-8/u],
    ['Shift JIS', bytesOf(0x82, 0xa0), /not in UTF-8/u],
    ['GB 18030', bytesOf(0xc4, 0xe3, 0xba, 0xc3), /not in UTF-8/u],
    ['an encoded half of a pair', bytesOf(0xed, 0xa0, 0x80), /not in UTF-8/u],
    ['an overlong slash', bytesOf(0xc0, 0xaf), /not in UTF-8/u],
    ['a cut-off character', bytesOf(0x61, 0xe6, 0xbc), /not in UTF-8/u],
    ['a NUL', utf8('a\0b'), /not a text file/u],
    ['the start of an image', bytesOf(0x89, 0x50, 0x4e, 0x47, 0, 0xff), /not a text file/u],
  ];
  for (const [what, bytes, words] of REFUSED) {
    it(`is refused: ${what}`, () => {
      assert.throws(
        () => decodeText(bytes, 'x.txt'),
        (error) =>
          error instanceof ToolError &&
          words.test(error.message) &&
          error.message.startsWith('x.txt '),
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
      encoding: 'utf8',
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
      assert.throws(() => encodeText(text, { bom: true, encoding: 'utf16le' }), ToolError);
    });
  }
});
