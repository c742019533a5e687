import { ToolError } from '../shared/errors.ts';

export type LineEnding = 'lf' | 'crlf' | 'mixed';

export type Encoding = 'utf8' | 'utf16le' | 'utf16be';

/** A file's text and what its bytes had beside it. `encodeText` puts both together again. */
export interface DecodedText {
  /** Without the byte order mark; line endings as they are in the file. */
  readonly text: string;
  /** Always true of UTF-16, which is known by it. */
  readonly bom: boolean;
  readonly eol: LineEnding;
  readonly encoding: Encoding;
}

const BOM = '\uFEFF';

/**
 * UTF-8, with or without a byte order mark, or UTF-16 with one. Anything else is refused rather than
 * guessed: what cannot be decoded exactly could not be written back exactly.
 * @throws ToolError naming the file.
 */
export function decodeText(bytes: Uint8Array, path: string): DecodedText {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf8' && bytes.includes(0)) throw notText(path);
  const decoded = encoding === 'utf8' ? fromUtf8(bytes, path) : fromUtf16(bytes, encoding, path);
  if (encoding !== 'utf8' && decoded.includes('\0')) throw notText(path);
  const bom = decoded.startsWith(BOM);
  const text = bom ? decoded.slice(1) : decoded;
  return { text, bom, eol: lineEndingOf(text), encoding };
}

/**
 * In UTF-16 the byte order mark is written in any case.
 * @throws ToolError for a text whose bytes could not be read back as this text.
 */
export function encodeText(
  text: string,
  how: boolean | Pick<DecodedText, 'bom' | 'encoding'>,
): Uint8Array {
  const { bom, encoding } = typeof how === 'boolean' ? { bom: how, encoding: 'utf8' } : how;
  if (text.includes('\0')) throw new ToolError('The text has a NUL character. Leave it out.');
  if (!text.isWellFormed()) {
    throw new ToolError('The text has half of a surrogate pair. Write the whole character.');
  }
  if (encoding === 'utf8') return new TextEncoder().encode(bom ? BOM + text : text);
  const bytes = Buffer.from(BOM + text, 'utf16le');
  return new Uint8Array(encoding === 'utf16be' ? bytes.swap16() : bytes);
}

/** Models write `\n`; in a file that uses `\r\n` throughout, so does what is put into it. */
export function withLineEnding(text: string, eol: LineEnding): string {
  return eol === 'crlf' ? text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n') : text;
}

/** A text without any line ending counts as `lf`. */
export function lineEndingOf(text: string): LineEnding {
  let crlf = false;
  let lf = false;
  for (let at = text.indexOf('\n'); at !== -1 && !(crlf && lf); at = text.indexOf('\n', at + 1)) {
    if (text[at - 1] === '\r') crlf = true;
    else lf = true;
  }
  if (!crlf) return 'lf';
  return lf ? 'mixed' : 'crlf';
}

function encodingOf([first, second]: Uint8Array): Encoding {
  if (first === 0xff && second === 0xfe) return 'utf16le';
  return first === 0xfe && second === 0xff ? 'utf16be' : 'utf8';
}

function fromUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ToolError(
      `${path} is not in UTF-8, nor in UTF-16 with a byte order mark; its encoding is not ` +
        'supported. Leave it as it is, or ask the user to save it as UTF-8.',
    );
  }
}

function fromUtf16(bytes: Uint8Array, encoding: Encoding, path: string): string {
  const whole = bytes.length % 2 === 0;
  const copy = Buffer.from(whole ? bytes : []);
  const text = (encoding === 'utf16be' ? copy.swap16() : copy).toString('utf16le');
  if (!whole || !text.isWellFormed()) {
    throw new ToolError(
      `${path} begins like UTF-16, but is not valid UTF-16. Leave it as it is, or ask the user ` +
        'to save it as UTF-8.',
    );
  }
  return text;
}

function notText(path: string): ToolError {
  return new ToolError(
    `${path} is not a text file that can be edited: it is binary, or in UTF-16 without a byte ` +
      'order mark. Leave it as it is.',
  );
}
