import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { SCENES, TOO_WIDE } from './harness/scenes.ts';
import type { Theme } from './harness/themes.ts';

const pictures = resolve(import.meta.dirname, '../../test-results/webview');

describe('the look of the panel', () => {
  const browser = useBrowser();

  before(() => mkdir(pictures, { recursive: true }));

  for (const theme of ['dark', 'light', 'high-contrast'] as Theme[]) {
    for (const width of [250, 360, 900]) {
      for (const [name, scene] of Object.entries(SCENES)) {
        it(`${name} fits ${width} px, ${theme}`, async () => {
          const host = new FakeHost(scene.view);
          if (scene.environment !== undefined) host.environment = scene.environment;
          const { page, faults } = await openPanel(browser(), host, { theme, width });
          await page.locator('.model').waitFor();
          await scene.act?.(page);
          await page.screenshot({ path: join(pictures, `${name}-${theme}-${width}.png`) });
          const wide = await page.evaluate(TOO_WIDE);
          assert.deepEqual(wide, []);
          assert.deepEqual(faults, []);
          await page.close();
        });
      }
    }
  }
});
