import * as vscode from 'vscode';

/** How files of some kinds begin. */
const KINDS: readonly (readonly [start: string, kind: () => string])[] = [
  ['89504e47', () => vscode.l10n.t('PNG image')],
  ['ffd8ff', () => vscode.l10n.t('JPEG image')],
  ['47494638', () => vscode.l10n.t('GIF image')],
  ['25504446', () => vscode.l10n.t('PDF document')],
  ['504b0304', () => vscode.l10n.t('ZIP archive, or a document of that form')],
  ['1f8b', () => vscode.l10n.t('gzip archive')],
  ['7f454c46', () => vscode.l10n.t('program (ELF)')],
  ['53514c69746520', () => vscode.l10n.t('SQLite database')],
];

/**
 * What can be said in words of a file that is no text, or too large for a diff, for which there is
 * `tooLarge` to say: a diff has nothing else to show of it.
 */
export function aboutBytes(bytes: Uint8Array, sha256: string, tooLarge: string): string {
  if (tooLarge !== '') {
    return [
      vscode.l10n.t('This change is too large to be shown: {0}.', tooLarge),
      vscode.l10n.t('Open this file alone from the card, or from the review as text, to see it.'),
      vscode.l10n.t('{0} bytes', bytes.length),
      `SHA-256 ${sha256}`,
      '',
    ].join('\n');
  }
  const start = Buffer.from(bytes.subarray(0, 8)).toString('hex');
  const kind = KINDS.find(([begin]) => start.startsWith(begin))?.[1]();
  return [
    vscode.l10n.t('This file is no text, so that its content cannot be shown here.'),
    vscode.l10n.t('{0}, {1} bytes', kind ?? vscode.l10n.t('Unknown kind'), bytes.length),
    `SHA-256 ${sha256}`,
    '',
  ].join('\n');
}
