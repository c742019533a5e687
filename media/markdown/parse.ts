import MarkdownIt, { type Env, type Token } from 'markdown-it';
import { linkTarget } from './links.ts';

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: false });
markdown.validateLink = (href) => linkTarget(href) !== null;
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

/** A top-level block of a text. Equal keys mean equal drawings. */
export interface Block {
  readonly key: string;
  readonly tokens: readonly Token[];
}

export function parseBlocks(text: string): Block[] {
  const env: Env = {};
  const tokens = markdown.parse(text, env);
  const lines = text.split('\n');
  const references = JSON.stringify(env.references ?? {});
  const blocks: Block[] = [];
  let start = 0;
  tokens.forEach((token, index) => {
    if (token.level !== 0 || token.nesting === 1) return;
    const own = tokens.slice(start, index + 1);
    const [from, to] = own[0]?.map ?? [0, 0];
    blocks.push({ key: lines.slice(from, to).join('\n') + references, tokens: own });
    start = index + 1;
  });
  return blocks;
}
