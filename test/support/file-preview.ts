import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';
import type { Workbench } from './workbench.ts';

/** What the lenses above lines of the editors say, each group in one line, spaces made plain. */
export async function lenses(page: Page): Promise<string[]> {
  const all = await page.locator('.codelens-decoration').allInnerTexts();
  return all.map((text) => text.replaceAll(/\s+/gu, ' ').trim()).filter((text) => text !== '');
}

/** Waits until a group of lenses begins so. */
export async function lens(page: Page, start: string): Promise<string> {
  return until(`a lens "${start}"`, async () =>
    (await lenses(page)).find((text) => text.startsWith(start)),
  );
}

/** Waits until none is there. */
export async function noLens(page: Page): Promise<void> {
  await until('no lens', async () => (await lenses(page)).length === 0);
}

/** Presses one of a group of lenses. The group is drawn anew at every change. */
export async function pressLens(page: Page, start: string, title: string): Promise<void> {
  await lens(page, start);
  const group = page.locator('.codelens-decoration').filter({ hasText: start }).first();
  const link = group.locator('a', { hasText: new RegExp(`^${title}$`, 'u') });
  // A click on the element would scroll parts of the editor that never scroll for a user.
  const { x, y, width, height } = await until('its place', () => link.boundingBox());
  await page.mouse.click(x + width / 2, y + height / 2);
}

/** What is written behind lines without being in the text. */
export async function writtenBehind(page: Page): Promise<string[]> {
  const found = await page.evaluate<string[]>(`
    [...document.querySelectorAll('.editor-instance .view-line span')]
      .map((span) => getComputedStyle(span, '::after').content)
      .filter((content) => content !== 'none' && content !== 'normal')
  `);
  return found.map((content) => content.replaceAll(/^"|"$/gu, '').replaceAll(/\s/gu, ' '));
}

/** How many lines of the editors are marked as going. */
export function marked(page: Page): Locator {
  return page.locator('.editor-instance .view-overlays .cdr[class*="ced-"]');
}

export async function hideSideBar({ editor, page }: Workbench): Promise<void> {
  if (await page.locator('.part.sidebar').isVisible()) {
    await editor.runCommand('View: Close Primary Side Bar');
  }
  await page.locator('.part.sidebar').waitFor({ state: 'hidden' });
}
