import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Decision } from '../../src/shared/decision.ts';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { edit, file, shown, thread, waiting } from './harness/samples.ts';
import { armed, byTestId, composerFocused, focusIs, focusOn, item, until } from './harness/wait.ts';

/** Opens the menu of the only card and takes one of its answers. */
async function choose(page: Page, answer: string): Promise<void> {
  await byTestId(page, 'more').click();
  await byTestId(page, answer).click();
}

async function menuLabels(page: Page): Promise<string[]> {
  const labels = await page.locator('[role="menuitem"]').allInnerTexts();
  return labels.map((label) => label.trim());
}

describe('the answers of a card', () => {
  const browser = useBrowser();

  const BOXES: [name: string, menuItem: string, text: string, decision: Decision][] = [
    [
      'approves with a note',
      'more-note',
      ' and run the tests ',
      { kind: 'approve', note: 'and run the tests' },
    ],
    ['approves plainly where the note is empty', 'more-note', '  ', { kind: 'approve' }],
    [
      'redirects',
      'more-redirect',
      'Use the library',
      { kind: 'redirect', instruction: 'Use the library', mode: 'act' },
    ],
    [
      'says that it was done by hand',
      'more-by-hand',
      'with another name',
      { kind: 'doneByHand', note: 'with another name' },
    ],
    ['says so without a note, too', 'more-by-hand', '', { kind: 'doneByHand' }],
  ];
  for (const [name, menuItem, text, decision] of BOXES) {
    it(name, async () => {
      const host = new FakeHost(waiting('e1'));
      const { page } = await openPanel(browser(), host);
      await armed(page, 'e1');
      await choose(page, menuItem);
      await focusOn(page, 'answer-box');
      await byTestId(page, 'answer-box').fill(text);
      await page.keyboard.press('Enter');
      assert.deepEqual(await host.called('decide'), {
        threadId: 't1',
        shown: shown('e1'),
        decision,
      });
      await composerFocused(page);
      await page.close();
    });
  }

  it('sends an answer by its button, too', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host);
    await armed(page, 'e1');
    await choose(page, 'more-note');
    await byTestId(page, 'answer-box').fill('fine');
    await armed(page, 'e1');
    await byTestId(page, 'send-answer').click();
    assert.deepEqual((await host.called('decide')).decision, { kind: 'approve', note: 'fine' });
    await page.close();
  });

  it('does not redirect without an instruction, and keeps what was written', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host);
    await armed(page, 'e1');
    await choose(page, 'more-redirect');
    const box = byTestId(page, 'answer-box');
    await box.press('Enter');
    await byTestId(page, 'answer-fault').getByText('Write something first.').waitFor();
    assert.equal(await box.getAttribute('aria-invalid'), 'true');
    await box.fill('Use the library');
    await byTestId(page, 'answer-fault').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await box.waitFor({ state: 'detached' });
    await focusIs(page, 'e1');
    await choose(page, 'more-by-hand');
    assert.equal(await box.inputValue(), '');
    await byTestId(page, 'cancel-answer').click();
    await choose(page, 'more-redirect');
    assert.equal(await box.inputValue(), 'Use the library');
    assert.deepEqual(host.of('decide'), []);
    await page.close();
  });

  it('lets the arguments be edited, once they are JSON, and shows what they lead to', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host);
    await armed(page, 'e1');
    await choose(page, 'more-arguments');
    assert.deepEqual(await host.called('readArguments'), {
      threadId: 't1',
      proposalId: 'proposal-e1',
    });
    const box = byTestId(page, 'answer-box');
    await until(page, `document.querySelector('[data-testid="answer-box"]').value !== ''`);
    assert.deepEqual(JSON.parse(await box.inputValue()), { path: 'src/app.ts' });
    for (const wrong of ['{"path": "a",}', '["a"]', 'null', '"a"', '{"path": ']) {
      await box.fill(wrong);
      await page.keyboard.press('Control+Enter');
      await byTestId(page, 'answer-fault').waitFor();
    }
    // Enter begins a line here, since JSON has many.
    await box.fill('{');
    await page.keyboard.press('Enter');
    await page.keyboard.type('"path": "b.ts"}');
    assert.deepEqual(host.of('decide'), []);
    await page.keyboard.press('Control+Enter');
    const { decision } = await host.called('decide');
    assert.deepEqual(decision, { kind: 'editArguments', arguments: '{\n"path": "b.ts"}' });
    await focusIs(page, 'e1');
    const next = edit('e1', {}, { effectHash: 'hash-b', files: [file(0, { path: 'b.ts' })] });
    await host.fire({ kind: 'item', item: next });
    await item(page, 'e1').locator('.facts').getByText('b.ts').waitFor();
    await armed(page, 'e1');
    await byTestId(page, 'approve').click();
    assert.equal((await host.called('decide', 2)).shown.effectHash, 'hash-b');
    await page.close();
  });

  it('says why the arguments could not be read', async () => {
    const host = new FakeHost(waiting('e1'));
    host.answers.readArguments = () => Promise.reject(new Error('The call is gone'));
    const { page } = await openPanel(browser(), host);
    await armed(page, 'e1');
    await choose(page, 'more-arguments');
    await byTestId(page, 'error').getByText('The call is gone').waitFor();
    await byTestId(page, 'approve').waitFor();
    await page.close();
  });

  it('leads to the editor for editing the text there', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host);
    await choose(page, 'more-edit');
    assert.deepEqual(await host.called('openDiff'), {
      proposalId: 'proposal-e1',
      operation: null,
    });
    await page.close();
  });

  it('has a menu that is used by keys alone, and closes with Esc', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'more').focus();
    assert.equal(await byTestId(page, 'more').getAttribute('aria-haspopup'), 'menu');
    await page.keyboard.press('Enter');
    await focusOn(page, 'more-note');
    assert.equal(await byTestId(page, 'more').getAttribute('aria-expanded'), 'true');
    await page.keyboard.press('ArrowDown');
    await focusOn(page, 'more-redirect');
    await page.keyboard.press('End');
    await focusOn(page, 'more-edit');
    await page.keyboard.press('ArrowDown');
    await focusOn(page, 'more-note');
    await page.keyboard.press('ArrowUp');
    await focusOn(page, 'more-edit');
    await page.keyboard.press('i');
    await focusOn(page, 'more-by-hand');
    await page.keyboard.press('Home');
    await focusOn(page, 'more-note');
    for (const key of ['Control+Enter', 'Alt+Backspace']) await page.keyboard.press(key);
    await page.keyboard.press('Escape');
    await focusOn(page, 'more');
    assert.equal(await byTestId(page, 'more').getAttribute('aria-expanded'), 'false');
    assert.equal(await page.locator('[role="menu"]').isVisible(), false);
    await page.keyboard.press('ArrowUp');
    await focusOn(page, 'more-edit');
    await page.keyboard.press('Tab');
    await until(page, `document.querySelector('.menu:popover-open') === null`);
    assert.deepEqual(host.of('decide'), []);
    assert.deepEqual(host.of('stop'), []);
    await page.close();
  });

  it('closes its menu when the user presses elsewhere, and changes nothing by it', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'more').click();
    await page.locator('[role="menu"]').waitFor();
    await page.locator('.card-title').click();
    await page.locator('[role="menu"]').waitFor({ state: 'hidden' });
    await byTestId(page, 'more').click();
    await page.locator('[role="menu"]').waitFor();
    await byTestId(page, 'more').click();
    await page.locator('[role="menu"]').waitFor({ state: 'hidden' });
    assert.deepEqual(host.of('decide'), []);
    await page.close();
  });

  it('keeps its menu within the window, however narrow or low', async () => {
    for (const [width, height] of [
      [250, 320],
      [900, 900],
    ] as const) {
      const host = new FakeHost(waiting('e1', 'e2', 'e3'));
      const { page } = await openPanel(browser(), host, { width, height });
      // A menu closes where the page still moves.
      await armed(page, 'e3');
      await item(page, 'e3').locator('[data-testid="more"]').click();
      await page.locator('.menu:popover-open').waitFor();
      const box = await page.locator('.menu:popover-open').boundingBox();
      assert.ok(box !== null && box.x >= 0 && box.y >= 0);
      assert.ok(box.x + box.width <= width && box.y + box.height <= height);
      await page.close();
    }
  });

  it('offers no answer that cannot be taken', async () => {
    const blocked = edit('e1', {}, { approvable: false });
    const host = new FakeHost(thread([blocked], { status: 'waiting' }));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'more').click();
    assert.ok(!(await menuLabels(page)).includes('Approve with a Note…'));
    await page.keyboard.press('Escape');
    const notice = { kind: 'settling', text: 'Finishes what was cut off.' } as const;
    await host.fire({ kind: 'item', item: edit('e1', {}, { notice, effectHash: 'h2' }) });
    await byTestId(page, 'notice').waitFor();
    await byTestId(page, 'more').click();
    assert.deepEqual(await menuLabels(page), [
      'Approve with a Note…',
      'Redirect…',
      'I Did It Myself…',
      'Edit in the Editor',
    ]);
    await page.close();
  });
});
