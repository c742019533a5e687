import type { Token } from 'markdown-it';
import { codeBlock } from './code-block.ts';
import { linkTarget } from './links.ts';

const TAGS = new Set(
  'p ul ol li blockquote table thead tbody tr th td em strong s h1 h2 h3 h4 h5 h6'.split(' '),
);

/**
 * Draws tokens as elements made one by one, never from a string of HTML: what is not named here
 * cannot appear, whatever the text says. Links carry no `href`, so only a click of ours opens them.
 */
export function draw(tokens: readonly Token[], into: Node): void {
  const open: Node[] = [into];
  for (const token of tokens) {
    const parent = open.at(-1) ?? into;
    if (token.nesting === 1) open.push(opened(token, parent));
    else if (token.nesting === -1) open.pop();
    else if (token.type === 'inline') draw(token.children ?? [], parent);
    else parent.appendChild(leaf(token));
  }
}

function opened(token: Token, parent: Node): Node {
  if (token.hidden) return parent;
  if (token.type === 'link_open') {
    return parent.appendChild(link(String(token.attrGet('href') ?? '')));
  }
  if (!TAGS.has(token.tag)) return parent;
  const element = document.createElement(nested(token.tag));
  if (token.tag === 'ol') element.setAttribute('start', String(token.attrGet('start') ?? 1));
  if (token.tag === 'th' || token.tag === 'td') {
    element.dataset['align'] = String(token.attrGet('style') ?? '').replace('text-align:', '');
  }
  if (token.tag !== 'table') return parent.appendChild(element);
  const scroller = document.createElement('div');
  scroller.className = 'table';
  scroller.tabIndex = 0;
  parent.appendChild(scroller);
  return scroller.appendChild(element);
}

/** Headings of an answer rank below those of the page. */
function nested(tag: string): string {
  const level = /^h(\d)$/.exec(tag)?.[1];
  return level === undefined ? tag : `h${Math.min(6, Number(level) + 2)}`;
}

function leaf(token: Token): Node {
  switch (token.type) {
    case 'fence':
      return codeBlock(token.content, token.info.trim().split(/\s/)[0] ?? '');
    case 'code_block':
      return codeBlock(token.content, '');
    case 'code_inline':
      return withText(document.createElement('code'), token.content);
    case 'hr':
    case 'hardbreak':
      return document.createElement(token.type === 'hr' ? 'hr' : 'br');
    case 'softbreak':
      return document.createTextNode('\n');
    case 'image': {
      const source = String(token.attrGet('src') ?? '');
      return withText(link(source), token.content === '' ? source : token.content);
    }
    default:
      return document.createTextNode(token.content);
  }
}

function link(href: string): HTMLElement {
  const target = linkTarget(href);
  const element = document.createElement(target === null ? 'span' : 'a');
  if (target !== null) {
    element.dataset['href'] = target;
    element.title = target;
    element.tabIndex = 0;
    element.setAttribute('role', 'link');
  }
  return element;
}

function withText<T extends HTMLElement>(element: T, text: string): T {
  element.textContent = text;
  return element;
}
