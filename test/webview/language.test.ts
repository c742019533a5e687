import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { pseudoBundle, untranslated, wordsIn } from '../support/pseudo.ts';
import { textsIn } from '../support/texts.ts';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { environment } from './harness/samples.ts';
import { TOO_WIDE, type Scene } from './harness/scenes.ts';
import { play, STATES } from './harness/states.ts';

const pictures = resolve(import.meta.dirname, '../../test-results/webview');

/** Elements of which a part cannot be seen, and that do not scroll. */
const CLIPPED = `[...document.querySelectorAll('button, .line-text, .card-title, dt, dd, p, label, .hint')]
  .filter((element) => element.checkVisibility() && !element.closest('.sr-only'))
  .filter((element) => !element.matches('.model-label, .sr-only, .skip'))
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
  .map((element) => element.outerHTML.slice(0, 200))`;

/** Words that stand for themselves: names, keys, and the words of what the host gave. */
function ownWords(scene: Scene): Set<string> {
  const given = JSON.stringify([scene.view, scene.environment ?? environment()], spaced);
  return new Set([
    ...wordsIn(given),
    'Countersign',
    'Ctrl',
    'Enter',
    'Alt',
    'Backspace',
    'Esc',
    'ts',
  ]);
}

/** Without the marks of JSON, which would stick to the words. */
function spaced(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(/[^\p{L}]/gu, ' ') : value;
}

describe('the panel in a language that is longer', () => {
  const browser = useBrowser();
  const strings = pseudoBundle();

  for (const width of [250, 360]) {
    describe(`in ${width} px`, () => {
      let page: Page;
      let host: FakeHost;

      before(async () => {
        await mkdir(pictures, { recursive: true });
        host = new FakeHost();
        ({ page } = await openPanel(browser(), host, { strings, width, height: 1400 }));
      });
      after(() => page.close());

      for (const [name, scene] of Object.entries(STATES)) {
        it(`is all translated and cuts nothing off: ${name}`, async () => {
          await page.setViewportSize({ width, height: name === 'top' ? 700 : 1400 });
          await play(page, host, scene);
          await page.screenshot({ path: join(pictures, `pseudo-${name}-${width}.png`) });
          const own = ownWords(scene);
          const texts = await textsIn(page);
          const strays = texts.filter((text) =>
            wordsIn(untranslated(text)).some((word) => !own.has(word)),
          );
          assert.deepEqual(strays, []);
          assert.deepEqual(await page.evaluate(TOO_WIDE), []);
          assert.deepEqual(await page.evaluate(CLIPPED), []);
        });
      }
    });
  }
});
