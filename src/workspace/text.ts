import { ToolError } from '../shared/errors.ts';

export type LineEnding = 'lf' | 'crlf' | 'mixed';

/** A file's text and what its bytes had beside it. `encodeText` puts both together again. */
export interface DecodedText {
  /** Without the byte order mark; line endings as they are in the file. */
  readonly text: string;
  readonly bom: boolean;
  readonly eol: LineEnding;
}

const BOM = '\uFEFF';

/**
 * UTF-8, with or without a byte order mark. Anything else is refused rather than guessed: what
 * cannot be decoded exactly could not be written back exactly.
 * @throws ToolError naming the file.
 */
export function decodeText(bytes: Uint8Array, path: string): DecodedText {
  if (bytes.includes(0)) throw new ToolError(`${path} is not a text file that can be edited.`);
  let decoded: string;
  try {
    decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ToolError(`${path} is not in UTF-8; its encoding is not supported.`);
  }
  const bom = decoded.startsWith(BOM);
  const text = bom ? decoded.slice(1) : decoded;
  return { text, bom, eol: lineEndingOf(text) };
}

/** @throws ToolError for a text whose bytes could not be read back as this text. */
export function encodeText(text: string, bom: boolean): Uint8Array {
  if (text.includes('\0')) throw new ToolError('The text has a NUL character. Leave it out.');
  if (!text.isWellFormed()) {
    throw new ToolError('The text has half of a surrogate pair. Write the whole character.');
  }
  return new TextEncoder().encode(bom ? BOM + text : text);
}

/** Models write `\n`; in a file that uses `\r\n` throughout, so does what is put into it. */
export function withLineEnding(text: string, eol: LineEnding): string {
  return eol === 'crlf' ? text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n') : text;
}

function lineEndingOf(text: string): LineEnding {
  const crlf = text.match(/\r\n/gu)?.length ?? 0;
  const lf = (text.match(/\n/gu)?.length ?? 0) - crlf;
  if (crlf === 0) return 'lf';
  return lf === 0 ? 'crlf' : 'mixed';
}
