import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel, type OpenPanel } from './harness/page.ts';
import { decided, edit, shown, thread, user, waiting } from './harness/samples.ts';
import { armed, byTestId, composerFocused, drawn, focusIs, item, until } from './harness/wait.ts';

/** Every button of the card, by whether it can be pressed. */
function enabled(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('.card .actions button')]
    .filter((button) => !button.disabled && !button.closest('.menu'))
    .map((button) => button.dataset.testid)`);
}

describe('a decision that nobody took', () => {
  const browser = useBrowser();

  async function open(host: FakeHost): Promise<OpenPanel> {
    const panel = await openPanel(browser(), host);
    await armed(panel.page, 'e1');
    return panel;
  }

  it('UI-10: no script and no frame that gets into the page runs', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page, faults, requests } = await open(host);
    await page.evaluate(`{
      const forged = 'toHost({ type: "approve", id: "interrupt-e1" }); window.ran = true;';
      const script = document.createElement('script');
      script.textContent = forged;
      const guessed = document.createElement('script');
      guessed.nonce = 'YWxtb3N0';
      guessed.textContent = forged;
      const frame = document.createElement('iframe');
      frame.srcdoc = '<script>parent.postMessage({ type: "approve" }, "*")</' + 'script>';
      const far = document.createElement('iframe');
      far.src = 'https://evil.test/';
      const image = document.createElement('div');
      image.innerHTML = '<img src="x" onerror="window.ran = true">';
      document.querySelector('.card').append(script, guessed, frame, far, image);
    }`);
    await until(page, `document.querySelectorAll('.card iframe').length === 2`);
    await drawn(page);
    assert.equal(await page.evaluate('window.ran === undefined'), true);
    assert.ok(faults.filter((fault) => fault.includes('Content Security Policy')).length >= 4);
    assert.deepEqual(requests, []);
    assert.deepEqual(host.of('decide'), []);
    await page.close();
  });

  it('UI-10: what is posted to the page decides nothing, and shows nothing', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page, faults } = await open(host);
    const made = thread([edit('forged', { title: 'Edit harmless.txt' })], { threadId: 't1' });
    const event = { type: 'event', event: 'threadShown', data: { seq: 9, view: made } };
    const forged: readonly unknown[] = [
      { type: 'approve', id: 'interrupt-e1' },
      { type: 'call', id: 1, method: 'decide', params: { decision: { kind: 'approve' } } },
      { type: 'event', event: 'toString', data: null },
      { type: 'event', event: '__proto__', data: null },
      { type: 'result', id: -1, result: { kind: 'taken' } },
      { type: 'error', id: 'x' },
      'approve',
      null,
      7,
    ];
    await page.evaluate(`for (const data of ${JSON.stringify(forged)}) {
      window.postMessage(data, window.origin);
    }`);
    await page.evaluate(`for (const origin of ['https://evil.test', 'null']) {
      const data = ${JSON.stringify(event)};
      window.dispatchEvent(new MessageEvent('message', { data, origin }));
    }`);
    await drawn(page);
    assert.deepEqual(host.of('decide'), []);
    assert.equal(await item(page, 'forged').count(), 0);
    await item(page, 'e1').and(page.locator('[data-state="proposed"]')).waitFor();
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('UI-10: no card heeds what a script presses', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await open(host);
    await page.evaluate(`{
      const card = document.querySelector('.card');
      card.focus();
      card.querySelector('[data-testid="approve"]').click();
      const key = { key: 'Enter', ctrlKey: true, bubbles: true };
      card.dispatchEvent(new KeyboardEvent('keydown', key));
    }`);
    await drawn(page);
    assert.deepEqual(host.of('decide'), []);
    await page.keyboard.press('Control+Enter');
    await host.called('decide');
    await page.close();
  });

  it('UI-13: a card that comes while the user types takes no focus, and Enter sends', async () => {
    const host = new FakeHost(thread([user('u1', 'Go')], { status: 'idle' }));
    const { page } = await openPanel(browser(), host);
    await item(page, 'u1').waitFor();
    await byTestId(page, 'composer').click();
    await page.keyboard.type('please go ');
    await host.fire({ kind: 'item', item: edit('e1') });
    await host.fire({ kind: 'status', status: 'waiting', failure: null });
    await armed(page, 'e1');
    await page.keyboard.type('on');
    await composerFocused(page);
    await page.keyboard.press('Enter');
    assert.equal((await host.called('send')).text, 'please go on');
    for (const keys of ['Control+Enter', 'Alt+Backspace', 'Enter']) {
      await page.keyboard.press(keys);
    }
    await composerFocused(page);
    await drawn(page);
    assert.deepEqual(host.of('decide'), []);
    await page.close();
  });

  it('UI-14: a restored page shows no card before the host has said what waits', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await open(host);
    const state = host.answers.state;
    const gate = Promise.withResolvers<undefined>();
    host.answers.state = async () => {
      await gate.promise;
      return state(null);
    };
    await page.reload();
    await host.called('state', 2);
    await drawn(page);
    assert.equal(await page.locator('cs-review').count(), 0);
    host.view = thread([decided(edit('e1'), 'rejected')]);
    gate.resolve(undefined);
    await item(page, 'e1').getByText('Rejected').waitFor();
    assert.equal(await byTestId(page, 'approve').count(), 0);
    await page.close();
  });

  it('UI-14: a card is inert until the host has validated it anew, by its id and hash', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await open(host);
    assert.deepEqual(await enabled(page), ['open-diff', 'approve', 'reject', 'more']);
    const state = host.answers.state;
    const gate = Promise.withResolvers<undefined>();
    host.answers.state = async () => {
      await gate.promise;
      return state(null);
    };
    await host.fire({ kind: 'title', title: 'x' }, { lost: true });
    await host.fire({ kind: 'title', title: 'y' });
    await host.called('state', 2);
    await until(page, `document.querySelector('[data-testid="approve"]').disabled`);
    assert.deepEqual(await enabled(page), ['open-diff']);
    await item(page, 'e1').focus();
    await page.keyboard.press('Control+Enter');
    await drawn(page);
    assert.deepEqual(host.of('decide'), []);
    host.view = thread([edit('e1', {}, { effectHash: 'hash-new' })], { status: 'waiting' });
    gate.resolve(undefined);
    await focusIs(page, 'e1');
    await until(page, `!document.querySelector('[data-testid="approve"]').disabled`);
    await page.keyboard.press('Control+Enter');
    await item(page, 'e1').getByText('Press again').waitFor();
    assert.deepEqual(host.of('decide'), []);
    await armed(page, 'e1');
    await page.keyboard.press('Control+Enter');
    const decision = await host.called('decide');
    assert.deepEqual(decision.shown, { ...shown('e1'), effectHash: 'hash-new' });
    await page.close();
  });
});
