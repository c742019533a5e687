import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel, type OpenPanel } from './harness/page.ts';
import { answer, thread } from './harness/samples.ts';
import { drawn, item, textIs } from './harness/wait.ts';

const HOSTILE = [
  '<img src=x onerror="window.hacked=1">',
  '<script>window.hacked=1</script>',
  '<svg/onload=window.hacked=1>',
  '<iframe src="https://evil.test/frame"></iframe>',
  '<style>@import "https://evil.test/a.css";</style>',
  '<a href="javascript:window.hacked=1">html link</a>',
  '![picture](https://evil.test/pixel.png)',
  '![data](data:image/svg+xml,<svg/onload=window.hacked=1>)',
  '[js](javascript:window.hacked=1)',
  '[js upper](JaVaScRiPt:window.hacked=1)',
  '[js entity](&#106;avascript:window.hacked=1)',
  '[js tab](java&Tab;script:window.hacked=1)',
  '[js control](<\u0001javascript:window.hacked=1>)',
  '[data](data:text/html,<script>window.hacked=1</script>)',
  '[command](command:workbench.action.terminal.new)',
  '[file](file:///etc/passwd)',
  '[editor](vscode://publisher.extension/run)',
  '[protocol relative](//evil.test/x)',
  '[backslashes](\\\\\\\\evil.test\\\\share)',
  '<javascript:window.hacked=1>',
  '<command:workbench.action.quit>',
  '[ref]\n\n[ref]: javascript:window.hacked=1 "title"',
  '[title](https://ok.test "x\\" onmouseover=\\"window.hacked=1")',
  '```html" onload="window.hacked=1\n<script>window.hacked=1</script>\n```',
  '`<img src=x onerror=window.hacked=1>`',
  '[encoded](javascript%3Awindow.hacked=1)',
  '| <img src=x> |\n|---|\n| [x](command:y) |',
];

describe('Markdown of a model', () => {
  const browser = useBrowser();

  async function show(text: string): Promise<OpenPanel> {
    const host = new FakeHost(thread([answer('a1', text)]));
    const panel = await openPanel(browser(), host);
    await item(panel.page, 'a1').waitFor();
    return panel;
  }

  const targets = (page: Page): Promise<unknown> =>
    page.evaluate(`[...document.querySelectorAll('[data-href]')].map((a) => a.dataset.href)`);

  it('never becomes HTML, images, scripts, or a request', async () => {
    const { page, host, requests, faults } = await show(HOSTILE.join('\n\n'));
    const kinds = await page.evaluate<string[]>(
      `[...new Set([...document.querySelectorAll('cs-answer *')].map((e) => e.localName))].sort()`,
    );
    const allowed = 'a button code div p pre span table tbody td th thead tr'.split(' ');
    assert.deepEqual(
      kinds.filter((kind) => !allowed.includes(kind)),
      [],
    );
    const attributes = await page.evaluate<string[]>(`[...new Set(
      [...document.querySelectorAll('cs-answer *')].flatMap((e) => e.getAttributeNames()),
    )].sort()`);
    const harmless =
      'aria-label class data-align data-copy data-href role tabindex title type'.split(' ');
    assert.deepEqual(
      attributes.filter((name) => !harmless.includes(name)),
      [],
    );
    assert.deepEqual(await targets(page), [
      'https://evil.test/frame',
      'https://evil.test/a.css',
      'https://evil.test/pixel.png',
      'https://ok.test',
    ]);
    for (const text of await page.getByText('window.hacked').all()) await text.click();
    await drawn(page);
    assert.equal(await page.evaluate('window.hacked'), undefined);
    assert.deepEqual(host.of('openLink'), []);
    assert.deepEqual(requests, []);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('asks the host to open web addresses and files of the workspace', async () => {
    const { page, host } = await show(
      '[web](https://example.com/a?b=c#d) [file](src/my%20app.ts) [line](src/app.ts:12) ' +
        '[dot](./README.md#L3) https://plain.example/x and README.md',
    );
    assert.deepEqual(await targets(page), [
      'https://example.com/a?b=c#d',
      'src/my app.ts',
      'src/app.ts:12',
      './README.md#L3',
      'https://plain.example/x',
    ]);
    await page.getByRole('link', { name: 'web' }).click();
    assert.deepEqual(await host.called('openLink'), { href: 'https://example.com/a?b=c#d' });
    await page.getByRole('link', { name: 'line' }).focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await host.called('openLink', 2), { href: 'src/app.ts:12' });
    await page.close();
  });

  it('copies the code of a block, exactly', async () => {
    const code = 'if (a < b && c) {\n\treturn "x";\n}\n';
    const { page } = await show(`Look:\n\n\`\`\`ts\n${code}\`\`\`\n`);
    await page.getByRole('button', { name: 'Copy code' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), code);
    await page.close();
  });

  it('colours code, without changing a character of it', async () => {
    const code = "const a = 'it\\'s'; // <b>\nif (a) { return 0x1f; }\n/* open";
    const { page } = await show(`\`\`\`ts\n${code}\n\`\`\``);
    assert.equal(await page.locator('pre code').textContent(), `${code}\n`);
    const coloured = (kind: string): Promise<string[]> =>
      page.locator(`.code-${kind}`).allTextContents();
    assert.deepEqual(await coloured('word'), ['const', 'if', 'return']);
    assert.deepEqual(await coloured('string'), ["'it\\'s'"]);
    assert.deepEqual(await coloured('number'), ['0x1f']);
    assert.deepEqual(await coloured('comment'), ['// <b>', '/* open\n']);
    await page.close();
  });

  it('draws tables, lists, headings, quotes and rules', async () => {
    const { page, faults } = await show(
      '# One\n\n- a\n  1. b\n\n> quote\n\n---\n\n| x | y |\n|:-:|--:|\n| 1 | 2 |\n\n~~gone~~ *soft*\\\nnext',
    );
    for (const selector of ['h3', 'ul > li > ol > li', 'blockquote p', 'hr', 's', 'em', 'br']) {
      await page.locator(`cs-answer ${selector}`).first().waitFor({ state: 'attached' });
    }
    await textIs(page.locator('cs-answer td[data-align="right"]'), '2');
    assert.deepEqual(faults, []);
    await page.close();
  });
});
