import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { openBrowser } from '../../support/browser.ts';

/** One browser for the tests of a file, or for each: a clock once stopped is stopped for all pages. */
export function useBrowser({ each = false } = {}): () => BrowserContext {
  let context: BrowserContext | null = null;
  let profile = '';

  (each ? beforeEach : before)(async () => {
    profile = await mkdtemp(join(tmpdir(), 'countersign-webview-'));
    context = await openBrowser(profile);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  });

  (each ? afterEach : after)(async () => {
    await context?.close();
    await rm(profile, { recursive: true, force: true });
  });

  return () => {
    if (context === null) throw new Error('The browser is not open yet.');
    return context;
  };
}
