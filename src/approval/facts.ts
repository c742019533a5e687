import { t } from '@vscode/l10n';
import type { DecodedText } from '../workspace/text.ts';
import type { Ledger } from './ledger.ts';
import type { KeptOperation } from './proposal.ts';
import { decodedOf } from './stored.ts';

/** What a diff does not show well of a file that stays, a sentence each. */
export function factsOf(operation: KeptOperation, ledger: Ledger): readonly string[] {
  const { baseSha256, newSha256, mode } = operation;
  if (newSha256 === null || baseSha256 === newSha256) return [];
  if (baseSha256 === null) return mode === '100755' ? [t('It becomes executable.')] : [];
  const before = decodedOf(baseSha256, operation, ledger);
  const after = decodedOf(newSha256, operation, ledger);
  if (before === null || after === null) return [];
  return [
    ...contentFacts(before.text, after.text),
    ...endingFacts(before, after),
    ...formFacts(before, after),
  ];
}

function contentFacts(before: string, after: string): string[] {
  const unified = (text: string): string => text.replaceAll('\r\n', '\n');
  if (before === after) return [t('The text stays the same.')];
  if (unified(before) === unified(after)) return [t('Only line endings change.')];
  const bare = (text: string): string => text.replace(/\s+/gu, '');
  return bare(before) === bare(after) ? [t('Only white space changes.')] : [];
}

function endingFacts(before: DecodedText, after: DecodedText): string[] {
  if (before.text === '' || after.text === '') return [];
  const [had, has] = [before.text.endsWith('\n'), after.text.endsWith('\n')];
  const names = { lf: 'LF', crlf: 'CRLF', mixed: t('mixed') };
  const compared = before.text.includes('\n') && after.text.includes('\n');
  return [
    ...(has && !had ? [t('The last line gets an end.')] : []),
    ...(had && !has ? [t('The last line loses its end.')] : []),
    ...(compared && before.eol !== after.eol
      ? [t('Line endings change from {0} to {1}.', names[before.eol], names[after.eol])]
      : []),
  ];
}

function formFacts(before: DecodedText, after: DecodedText): string[] {
  const names = { utf8: 'UTF-8', utf16le: 'UTF-16 LE', utf16be: 'UTF-16 BE' };
  return [
    ...(after.bom && !before.bom ? [t('It gets a byte order mark.')] : []),
    ...(before.bom && !after.bom ? [t('It loses its byte order mark.')] : []),
    ...(before.encoding === after.encoding
      ? []
      : [
          t('The encoding changes from {0} to {1}.', names[before.encoding], names[after.encoding]),
        ]),
  ];
}
