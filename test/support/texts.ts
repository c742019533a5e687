import type { Frame, Page } from 'playwright-core';

/** All that a person reads, or hears, of the page. */
const TEXTS = `(() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    if (!parentElement.closest('script, style, [data-testid="announcement"]')) texts.push(data);
  }
  for (const element of document.querySelectorAll('*'))
    for (const name of ['title', 'aria-label', 'placeholder', 'alt'])
      if (element.hasAttribute(name) && element.ariaHidden !== 'true') texts.push(element.getAttribute(name));
  return texts;
})()`;

export function textsIn(page: Page | Frame): Promise<string[]> {
  return page.evaluate<string[]>(TEXTS);
}
