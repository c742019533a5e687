/** How a family of languages writes comments, and its words. */
interface Family {
  readonly comment: RegExp;
  readonly words: ReadonlySet<string>;
}

const HIGHLIGHTED_CHARACTERS = 20_000;
const STRING = /"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?/;
const NUMBER = /\b\d[\w.]*/;
const WORD = /[A-Za-z_$][\w$]*/;
const SLASHES = /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/;
const HASHES = /(?<![\w$])#[^\n]*/;

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const C_LIKE: Family = {
  comment: SLASHES,
  words: words(
    'abstract as async await bool boolean break case catch char class const constructor continue ' +
      'default defer delete do double else enum export extends extern false final finally float fn ' +
      'for from func function go if impl implements import in instanceof int interface let long ' +
      'match mod mut namespace new nil null number of override package private protected pub public ' +
      'readonly return self static string struct super switch this throw throws trait true try type ' +
      'typeof undefined unsigned use using val var void while with yield',
  ),
};
const PYTHON: Family = {
  comment: HASHES,
  words: words(
    'False None True and as assert async await break class continue def del elif else end except ' +
      'finally for from global if import in is lambda module nil nonlocal not or pass raise require ' +
      'return self try unless until while with yield',
  ),
};
const SHELL: Family = {
  comment: HASHES,
  words: words(
    'case do done elif else esac exit export fi for function if in local return then while',
  ),
};
const DATA: Family = { comment: HASHES, words: words('false null true') };
const JSON_LIKE: Family = { comment: SLASHES, words: DATA.words };
const MARKUP: Family = { comment: /<!--[^]*?(?:-->|$)/, words: new Set() };
const QUERY: Family = {
  comment: /--[^\n]*/,
  words: words(
    'alter and as by create delete desc drop from group having in index insert into is join left ' +
      'like limit not null on or order primary select set table union unique update values where',
  ),
};

const FAMILIES: readonly (readonly [string, Family])[] = [
  ['ts tsx js jsx mjs cjs typescript javascript c h cpp c++ cs csharp java kotlin kt go', C_LIKE],
  ['rust rs swift scala php dart zig css scss less', C_LIKE],
  ['py python rb ruby', PYTHON],
  ['sh bash zsh shell console fish dockerfile make makefile', SHELL],
  ['yaml yml toml ini', DATA],
  ['json jsonc json5', JSON_LIKE],
  ['html xml svg vue', MARKUP],
  ['sql', QUERY],
];

function familyOf(language: string): Family | null {
  const name = language.toLowerCase();
  return FAMILIES.find(([names]) => names.split(' ').includes(name))?.[1] ?? null;
}

/** The text in pieces, those that mean something to the eye in a coloured element of their own. */
export function highlighted(text: string, language: string): Node[] {
  const family = familyOf(language);
  if (family === null || text.length > HIGHLIGHTED_CHARACTERS) return [plain(text)];
  const parts = [family.comment, STRING, NUMBER, WORD].map(({ source }) => `(${source})`);
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(new RegExp(parts.join('|'), 'g'))) {
    const [all, comment, string, number] = match;
    const kind = kindOf(comment, string, number) ?? wordKind(all, family);
    if (kind === null) continue;
    nodes.push(plain(text.slice(end, match.index)), coloured(all, kind));
    end = match.index + all.length;
  }
  nodes.push(plain(text.slice(end)));
  return nodes;
}

function kindOf(comment?: string, string?: string, number?: string): string | null {
  if (comment !== undefined) return 'comment';
  if (string !== undefined) return 'string';
  return number === undefined ? null : 'number';
}

function wordKind(word: string, family: Family): string | null {
  return family.words.has(family === QUERY ? word.toLowerCase() : word) ? 'word' : null;
}

function plain(text: string): Text {
  return document.createTextNode(text);
}

function coloured(text: string, kind: string): HTMLElement {
  const element = document.createElement('span');
  element.className = `code-${kind}`;
  element.textContent = text;
  return element;
}
