import { t } from '@vscode/l10n';

/** What people quote, or show as code, they talk about. */
const QUOTED = /```[\s\S]*?(?:```|$)|`[^`\n]+`|"[^"\n]+"|“[^”\n]+”|«[^»\n]+»|„[^“”\n]+[“”]/gu;

/** How chat models mark who speaks: a message that has these pretends to be several. */
const SPEAKERS =
  /<\|(?:im_start|im_end|start_header_id|end_header_id|eot_id|endoftext|system|assistant|user)\|>|<<\/?sys>>|\[\/?inst\]|<(?:start|end)_of_turn>/u;

/** The classic sentence, in the languages that it is most met in. */
const COMMANDS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override)\s+(?:(?:absolutely|of|the|your)\s+)*(?:every|a(?:ll|ny))\s+(?:(?:of|the|your|these|those)\s+)*(?:(?:previous|prior|earlier|above|preceding|system)\s+)+(?:instructions?|prompts?|rules|directions|guidelines)\b/u,
  /\b(?:ignore|disregard|forget|override)\s+(?:(?:a(?:ll|ny)|of|the|your)\s+)*system\s+(?:prompt|instructions?|message)\b/u,
  /\byou\s+are\s+now\s+(?:in\s+)?(?:dan\b|developer\s+mode|jailbr|unrestricted|do\s+anything\s+now)/u,
  /ignorier(?:e|en\s+sie|t)?\s+(?:alle|sämtliche)\s+(?:vorherigen|vorigen|bisherigen|früheren|obigen)\s+(?:anweisungen|anordnungen|regeln|instruktionen)/u,
  /ignore[rz]?\s+toutes\s+les\s+(?:instructions|consignes|règles)\s+(?:précédentes|antérieures|ci-dessus)/u,
  /ignor[ae]\s+todas\s+las\s+(?:instrucciones|reglas)\s+(?:anteriores|previas)/u,
  /ignor[ai]\s+tutte\s+le\s+(?:istruzioni|regole)\s+precedenti/u,
  /ignore\s+todas\s+as\s+(?:instruções|regras)\s+anteriores/u,
  /忽略(?:所有|以上|之前|先前|全部)(?:的)?(?:所有)?(?:的)?(?:指令|指示|说明|规则)/u,
  /игнорируй(?:те)?\s+все\s+(?:предыдущие|прежние)\s+(?:инструкции|указания|правила)/u,
];

const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
const ENCODED = /[A-Za-z0-9+/]{24,}={0,2}/gu;
const MOST_ENCODED = 4000;

/** A known mark of an attempt to take the agent over, in words; null if there is none. */
export function markIn(text: string): string | null {
  const said = folded(text.replace(QUOTED, ' '));
  if (SPEAKERS.test(said)) {
    return t('it has the marks with which a model’s server tells who speaks.');
  }
  return [said, rotated(said), plain(said), ...decoded(text)].some(commands)
    ? t('it has a sentence that tells the agent to forget all of its instructions.')
    : null;
}

function commands(text: string): boolean {
  return COMMANDS.some((pattern) => pattern.test(text));
}

function folded(text: string): string {
  const known = /[^\0-~]/u.test(text) ? text.normalize('NFKC').replace(UNSEEN, '') : text;
  return known.toLowerCase();
}

/** What the sentence is about, by 13 letters further; without it, a long text need not be turned. */
const ROTATED = /vafgehpgvba|cebzcg|ehyrf|qverpgvba|thvqryvar/u;

function rotated(text: string): string {
  if (!ROTATED.test(text)) return '';
  return text.replace(/[a-z]/gu, (letter) =>
    String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97),
  );
}

const DIGITS: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' },
};

const DISGUISED =
  /[i1!]n[s5$][t7]ruc[t7][i1!][o0]n|pr[o0]mp[t7]|rul[e3][s5$]|d[i1!]r[e3]c[t7][i1!][o0]n|gu[i1!]d[e3]l[i1!]n[e3]/u;

/** Letters instead of the digits that look like them. */
function plain(text: string): string {
  if (!DISGUISED.test(text)) return '';
  return text.replace(/[013457@$!]/gu, (digit) => DIGITS[digit] ?? digit);
}

function decoded(text: string): string[] {
  return (text.match(ENCODED) ?? [])
    .slice(0, MOST_ENCODED)
    .map((code) => folded(Buffer.from(code, 'base64').toString()));
}
