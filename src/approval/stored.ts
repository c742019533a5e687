import { ToolError } from '../shared/errors.ts';
import { type DecodedText, decodeText } from '../workspace/text.ts';
import type { Ledger } from './ledger.ts';
import type { FileChange } from './operation.ts';
import type { KeptOperation } from './proposal.ts';

/** The text behind a hash of an operation; '' for no file, null for what is no text, or damaged. */
export function textOf(
  hash: string | null,
  operation: KeptOperation,
  ledger: Pick<Ledger, 'bytes'>,
): string | null {
  if (hash === null) return '';
  if (operation.form.encoding === 'binary') return null;
  return decodedOf(hash, operation, ledger)?.text ?? null;
}

/** Characters of texts that are kept decoded: a card is shown anew at every change of its state. */
const KEPT_CHARACTERS = 40_000_000;

/** By the hash, which names the bytes exactly. */
const decoded = new Map<string, DecodedText>();
let kept = 0;

/** The bytes behind a hash as text, and in what form; null for what is no text, or damaged. */
export function decodedOf(
  hash: string,
  operation: KeptOperation,
  ledger: Pick<Ledger, 'bytes'>,
): DecodedText | null {
  const known = decoded.get(hash);
  if (known !== undefined) return known;
  const text = decode(hash, operation, ledger);
  if (text === null) return null;
  decoded.set(hash, text);
  kept += text.text.length;
  for (const [oldest, one] of decoded) {
    if (kept <= KEPT_CHARACTERS) break;
    decoded.delete(oldest);
    kept -= one.text.length;
  }
  return text;
}

function decode(
  hash: string,
  { displayPath }: KeptOperation,
  ledger: Pick<Ledger, 'bytes'>,
): DecodedText | null {
  let bytes: Uint8Array;
  try {
    bytes = ledger.bytes(hash);
  } catch {
    // An approval of it will say so.
    return null;
  }
  try {
    return decodeText(bytes, displayPath);
  } catch (error) {
    if (error instanceof ToolError) return null;
    throw error;
  }
}

/** An operation as the change that it was frozen from. */
export function keptChange(operation: KeptOperation, ledger: Ledger): FileChange {
  const { realPath, displayPath, to, folder, mode, warnings, baseSha256, newSha256 } = operation;
  const bytes = (hash: string | null): Uint8Array | null =>
    hash === null ? null : ledger.bytes(hash);
  return {
    ...{ realPath, displayPath, to, folder, mode, warnings },
    base: bytes(baseSha256),
    next: bytes(newSha256),
  };
}
