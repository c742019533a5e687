import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import type { ToolItem } from '../../src/shared/thread-view.ts';
import { COMMAND, command, IRRECOVERABLE } from './harness/command-sample.ts';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { decided, shown, thread } from './harness/samples.ts';
import type { Theme } from './harness/themes.ts';
import { armed, byTestId, drawn, item } from './harness/wait.ts';

const pictures = resolve(import.meta.dirname, '../../test-results/webview');

describe('the card of a command', () => {
  const browser = useBrowser();
  let page: Page;
  let host: FakeHost;
  const open = async (one: ToolItem): Promise<void> => {
    host = new FakeHost(thread([one], { status: 'waiting' }));
    ({ page } = await openPanel(browser(), host));
    await item(page, 'e1').waitFor();
  };
  const press = async (testId: string): Promise<void> => {
    await armed(page, 'e1');
    await byTestId(page, testId).click();
  };
  afterEach(async () => {
    await page.close();
  });

  it('shows each argument by itself, exactly, as text, and what hides in it', async () => {
    await open(command());
    assert.deepEqual(await byTestId(page, 'argument').allInnerTexts(), [
      'npm',
      'run',
      'a·×2  b',
      'empty',
      '<b>U+202Ebold</b>',
    ]);
    const facts = await byTestId(page, 'command-facts').innerText();
    for (const words of [
      '/usr/bin/npm',
      '/home/me/project',
      'CI = 1',
      'HOME is taken away',
      '60',
    ]) {
      assert.ok(facts.includes(words), words);
    }
    assert.match(facts, /API_KEY is set to what looks like a secret/u);
    await byTestId(page, 'unseen').getByText('npm runs scripts').waitFor();
    await byTestId(page, 'irrecoverable').getByText(IRRECOVERABLE).waitFor();
    await byTestId(page, 'asks-again').waitFor();
  });

  it('shows all lines of a text for the shell', async () => {
    await open(command({ argv: [], shell: 'ls\n  touch x   # fine', file: null }));
    const text = await byTestId(page, 'shell-text').innerText();
    assert.equal(text, 'ls↵\n·×2  touch x·×3   # fine');
  });

  it('is approved as it is shown, and can be answered again if the editor was told no', async () => {
    await open(command());
    host.answers.decide = () => ({ kind: 'dismissed' });
    await press('approve');
    const call = await host.called('decide');
    assert.deepEqual(call, { threadId: 't1', shown: shown('e1'), decision: { kind: 'approve' } });
    await armed(page, 'e1');
    assert.equal(await byTestId(page, 'approve').isEnabled(), true);
    assert.equal(await byTestId(page, 'error').count(), 0);
    assert.equal((await byTestId(page, 'approve').innerText()).trim(), 'Approve…');
  });

  it('is edited as a list of arguments, and refused in words if it is none', async () => {
    await open(command());
    await byTestId(page, 'edit-command').click();
    const box = byTestId(page, 'answer-box');
    assert.deepEqual(JSON.parse(await box.inputValue()), COMMAND.argv);
    await box.fill('{"npm": 1}');
    await press('send-answer');
    await byTestId(page, 'answer-fault').getByText('must be a list of texts').waitFor();
    assert.deepEqual(host.of('decide'), []);
    await box.fill('["npm", "test"]');
    await press('send-answer');
    const { decision } = await host.called('decide');
    assert.deepEqual(decision, {
      kind: 'editCommand',
      command: { argv: ['npm', 'test'], shell: null, timeLimit: 60 },
    });
  });

  it('is edited as a text where a shell reads one, to the last space', async () => {
    await open(command({ argv: [], shell: 'npm test' }));
    await byTestId(page, 'edit-command').click();
    await byTestId(page, 'answer-box').fill('npm test \n');
    await press('send-answer');
    const { decision } = await host.called('decide');
    assert.ok(decision.kind === 'editCommand');
    assert.equal(decision.command.shell, 'npm test \n');
  });

  it('is rejected with a reason by the keyboard', async () => {
    await open(command());
    await item(page, 'e1').focus();
    await page.keyboard.press('Alt+Backspace');
    await byTestId(page, 'reason').fill('not now');
    await page.keyboard.press('Enter');
    const { decision } = await host.called('decide');
    assert.deepEqual(decision, { kind: 'reject', reason: 'not now' });
  });

  for (const [testId, way] of [
    ['settle-keep', 'keep'],
    ['settle-again', 'again'],
    ['settle-did-not-run', 'didNotRun'],
  ] as const) {
    it(`asks whether it ran, and takes the answer: ${way}`, async () => {
      await open(command({}, { state: 'unknown' }, ['It may have run: npm test']));
      await item(page, 'e1').getByText('Did this run?').waitFor();
      await byTestId(page, 'evidence').getByText('It may have run: npm test').waitFor();
      assert.equal(await byTestId(page, 'approve').count(), 0);
      await press(testId);
      const { decision } = await host.called('decide');
      assert.deepEqual(decision, { kind: 'settle', way });
    });
  }

  it('says that it was run, not applied, once it was', async () => {
    await open(decided(command(), 'applied', 'exit code 0'));
    const line = item(page, 'e1');
    await line.getByText('exit code 0').waitFor();
    assert.match(await line.innerText(), /Run npm test[\s\S]*Run/u);
    await line.locator('.summary').click();
    assert.equal((await byTestId(page, 'argument').first().innerText()).trim(), 'npm');
    assert.equal(await byTestId(page, 'undo').count(), 0);
  });

  const THEMES: readonly Theme[] = ['dark', 'light', 'high-contrast'];
  for (const theme of THEMES) {
    it(`looks right in ${theme}`, async () => {
      await mkdir(pictures, { recursive: true });
      for (const [name, one] of Object.entries({
        command: command(),
        shell: command({ argv: [], shell: 'rm -rf "$DIR"\nls', file: null }),
        'command-unknown': command({}, { state: 'unknown' }, ['It may have run: npm test']),
      })) {
        host = new FakeHost(thread([one], { status: 'waiting' }));
        const opened = await openPanel(browser(), host, { theme });
        ({ page } = opened);
        await item(page, 'e1').waitFor();
        await drawn(page);
        await page.screenshot({ path: join(pictures, `${name}-${theme}.png`) });
        const wide = `[...document.querySelectorAll('.card')].some((one) => one.scrollWidth > one.clientWidth + 2)`;
        assert.equal(await page.evaluate(wide), false);
        if (name !== 'command-unknown') await page.close();
      }
    });
  }
});
