import { t } from '@vscode/l10n';

/** Characters that nobody sees, each where honest text has it. */
const AT_HOME: readonly RegExp[] = [
  // Flags of England, Scotland, Wales and the like are spelt with tags.
  /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}/gu,
  // Emoji that are put together, and those that choose between picture and text.
  /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})/gu,
  /(?<=\S)(?<![\uFE00-\uFE0F])[\uFE00-\uFE0F]/gu,
  // Forms of ideographs.
  /(?<=\p{Ideographic})[\u{E0100}-\u{E01EF}]/gu,
  // Joiners of scripts whose letters join, such as Persian and Hindi.
  /(?<=(?![\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Zyyy}\p{sc=Zinh}])[\p{L}\p{M}])[\u200C\u200D]/gu,
  // Where a word may be broken.
  /(?<=\p{L})\u00AD(?=\p{L})/gu,
  /(?<=[\p{sc=Thai}\p{sc=Khmer}\p{sc=Lao}\p{sc=Myanmar}])\u200B/gu,
  // Marks that only help right-to-left text along, and the mark at the start of a file.
  /[\u200E\u200F\u061C]/gu,
  /^\uFEFF/gmu,
];

/** Letters that no font draws: whole sentences can be spelt with them. */
const SECRET_LETTERS = /[\u{E0000}-\u{E007F}\u{E0100}-\u{E01EF}]/u;
const OVERRIDES = /[\u202D\u202E]/u;
const TURNS_RIGHT_TO_LEFT = /[\u202B\u2067]/u;
const RIGHT_TO_LEFT =
  /[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}\p{sc=Samaritan}\p{sc=Adlam}]/u;
/** So many in a row separate nothing. */
const RUN = /\p{Default_Ignorable_Code_Point}{8,}/u;
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
const FEW = 32;
/** More than one in so many characters is more than copying text from somewhere leaves behind. */
const SPARSE = 20;

/** What a text hides from the person who sends it, in words; null if nothing. */
export function hiddenIn(text: string): string | null {
  if (!/[^\n -~]/u.test(text)) return null;
  const rest = AT_HOME.reduce((left, honest) => left.replace(honest, ''), text);
  if (OVERRIDES.test(rest)) {
    return t('it has characters that make text run in another direction than it is written in.');
  }
  if (TURNS_RIGHT_TO_LEFT.test(rest) && !RIGHT_TO_LEFT.test(rest)) {
    return t(
      'it has characters that turn text from right to left, and nothing that is written so.',
    );
  }
  const count = rest.match(UNSEEN)?.length ?? 0;
  const isMany = count > FEW && count * SPARSE > rest.length;
  return SECRET_LETTERS.test(rest) || RUN.test(rest) || isMany
    ? t('it has text in it that cannot be seen.')
    : null;
}
