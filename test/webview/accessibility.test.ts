import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { violationsIn } from '../support/axe.ts';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { play, STATES } from './harness/states.ts';
import type { Theme } from './harness/themes.ts';

describe('the panel for everybody', () => {
  const browser = useBrowser();

  for (const theme of ['dark', 'light', 'high-contrast'] as Theme[]) {
    describe(`in a theme that is ${theme}`, () => {
      let page: Page;
      let host: FakeHost;

      before(async () => {
        host = new FakeHost();
        ({ page } = await openPanel(browser(), host, { theme, height: 1400 }));
      });
      after(() => page.close());

      for (const [name, scene] of Object.entries(STATES)) {
        it(`violates no rule: ${name}`, async () => {
          await page.setViewportSize({ width: 360, height: name === 'top' ? 700 : 1400 });
          await play(page, host, scene);
          assert.deepEqual(await violationsIn(page), []);
        });
      }
    });
  }
});
