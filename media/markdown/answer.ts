import { growCodeBlock } from './code-block.ts';
import { draw } from './draw.ts';
import { parseBlocks } from './parse.ts';

/** Shows Markdown. A text that grows is drawn anew only from the first block that changed. */
export class Answer extends HTMLElement {
  private keys: string[] = [];
  private shown = '';

  get text(): string {
    return this.shown;
  }

  set text(text: string) {
    this.shown = text;
    const blocks = parseBlocks(text);
    const changed = blocks.findIndex((block, index) => block.key !== this.keys[index]);
    const kept = changed === -1 ? blocks.length : changed;
    const stale = [...this.children].slice(kept);
    const fresh = blocks.slice(kept).map(({ tokens }) => {
      const holder = document.createElement('div');
      draw(tokens, holder);
      return holder;
    });
    const [first] = fresh;
    if (first !== undefined && grow(stale[0], first)) {
      stale.shift();
      fresh.shift();
    }
    for (const element of stale) element.remove();
    this.append(...fresh);
    this.keys = blocks.map(({ key }) => key);
  }
}

function grow(old: Element | undefined, next: Element): boolean {
  const [from, to] = [old?.firstElementChild, next.firstElementChild];
  return from instanceof HTMLElement && to instanceof HTMLElement && growCodeBlock(from, to);
}
