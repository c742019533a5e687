import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { violationsIn } from '../support/axe.ts';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { environment } from './harness/samples.ts';
import { SCENES, type Scene } from './harness/scenes.ts';
import { STATES } from './harness/states.ts';
import type { Theme } from './harness/themes.ts';
import { drawn } from './harness/wait.ts';

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

      /** The scene from its beginning: nothing is left of the one before. */
      async function play(scene: Scene): Promise<void> {
        await page.setViewportSize({ width: 360, height: scene === SCENES['top'] ? 700 : 1400 });
        host.environment = scene.environment ?? environment();
        await host.emit('environment', host.environment);
        await host.show(null);
        await drawn(page);
        await host.show(scene.view);
        await drawn(page);
        await scene.act?.(page);
        await drawn(page);
      }

      for (const [name, scene] of Object.entries(STATES)) {
        it(`violates no rule: ${name}`, async () => {
          await play(scene);
          assert.deepEqual(await violationsIn(page), []);
        });
      }
    });
  }
});
