import type { Frame, Locator, Page } from 'playwright-core';

/** Waits until an expression about the page is true; the page's policy forbids it to do so itself. */
export async function until(page: Page | Frame, expression: string): Promise<void> {
  while ((await page.evaluate(expression)) !== true) await page.evaluate('0');
}

export function item(page: Page | Frame, id: string): Locator {
  return page.locator(`[data-item-id="${id}"]`);
}

export function byTestId(page: Page, id: string): Locator {
  return page.locator(`[data-testid="${id}"]`);
}

/** Waits until an element's text is exactly this, white space aside. */
export async function textIs(locator: Locator, text: string): Promise<void> {
  const pattern = new RegExp(`^\\s*${escape(text).replace(/\s+/g, '\\s+')}\\s*$`);
  await locator.filter({ hasText: pattern }).waitFor();
}

/** Two frames later everything that an event leads to has been drawn. */
export async function drawn(page: Page | Frame): Promise<void> {
  await page.evaluate(
    `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`,
  );
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The card heeds a pointer. */
export async function armed(page: Page | Frame, id: string): Promise<void> {
  await item(page, id).and(page.locator('[data-armed="true"]')).waitFor();
}

export async function focusIs(page: Page | Frame, id: string): Promise<void> {
  await until(page, `document.activeElement?.dataset.itemId === '${id}'`);
}

/** The focus is on the element of this test id. */
export async function focusOn(page: Page, testId: string): Promise<void> {
  await until(page, `document.activeElement?.dataset.testid === '${testId}'`);
}

export async function composerFocused(page: Page): Promise<void> {
  await focusOn(page, 'composer');
}
