import { t } from '@vscode/l10n';
import { ToolError } from '../shared/errors.ts';
import { MAX_FILE_BYTES } from '../workspace/limits.ts';
import type { FileFacts } from '../workspace/port.ts';
import { decodeText, encodeText } from '../workspace/text.ts';

/** A place in the workspace that passed the path gate. */
export interface Place {
  readonly realPath: string;
  readonly displayPath: string;
}

/**
 * A computed change of one file: the exact bytes before and after. Null: there is no file. With `to`,
 * the file gets that name; there is nothing by it before.
 */
export interface FileChange extends Place {
  readonly base: Uint8Array | null;
  readonly next: Uint8Array | null;
  readonly to?: Place | null;
  /** Real path of the folder that goes as a whole, this file with it; else null. */
  readonly folder?: string | null;
  readonly mode?: FileFacts['mode'];
  /** What the user should know before deciding, each a sentence. */
  readonly warnings?: readonly string[];
}

/** What one file of an effect is and becomes, by the hashes of its bytes. */
export interface Operation extends Place {
  readonly op: 'write' | 'delete' | 'move';
  readonly to: Place | null;
  /** Taken away once nothing is left in it. */
  readonly folder: string | null;
  readonly baseSha256: string | null;
  /** Null for a deletion. */
  readonly newSha256: string | null;
  readonly mode: FileFacts['mode'];
  readonly form: TextForm;
  readonly warnings: readonly string[];
}

/** How the bytes of a file hold its text. `binary`: they hold none that could be edited. */
export interface TextForm {
  readonly encoding: 'utf8' | 'utf16le' | 'utf16be' | 'binary';
  readonly bom: boolean;
  readonly eol: 'lf' | 'crlf' | 'mixed';
}

/** The form of the bytes that a change leads to; for a deletion, of those that go. */
export function formOf({ base, next, displayPath }: FileChange): TextForm {
  const bytes = next ?? base;
  try {
    const { encoding, bom, eol } = decodeText(bytes ?? new Uint8Array(), displayPath);
    return { encoding, bom, eol };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { encoding: 'binary', bom: false, eol: 'lf' };
  }
}

/**
 * The bytes of a text that the user wants for a file, in the form of what was proposed for it.
 * @throws ToolError for a file without a text, and for a text that cannot be stored so
 */
export function typedBytes(change: FileChange, text: string): Uint8Array {
  const { encoding, bom } = formOf(change);
  if (change.next === null || encoding === 'binary') {
    throw new ToolError(t('{0} has no text that could be edited.', change.displayPath));
  }
  const bytes = encodeText(text, { bom, encoding });
  if (bytes.length > MAX_FILE_BYTES) {
    throw new ToolError(
      t('The text for {0} is too large ({1} bytes).', change.displayPath, bytes.length),
    );
  }
  return bytes;
}

export function opOf({ next, to }: FileChange): Operation['op'] {
  if (to) return 'move';
  return next === null ? 'delete' : 'write';
}

/** For a proposal that is made on what the user has typed and not saved. */
export function unsavedWarning(displayPath: string): string {
  return t(
    '{0} has unsaved changes. This is on top of them, and would save them, too.',
    displayPath,
  );
}

/** Where the bytes are once the operation is done. */
export function targetOf({ realPath, to }: Pick<Operation, 'realPath' | 'to'>): string {
  return to?.realPath ?? realPath;
}

/** Every path that an effect touches. */
export function pathsOf(operations: readonly Operation[]): readonly Place[] {
  return operations.flatMap(({ realPath, displayPath, to }) => [
    { realPath, displayPath },
    ...(to === null ? [] : [to]),
  ]);
}
