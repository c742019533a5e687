import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { decided, edit, file, thread, waiting } from './harness/samples.ts';
import { byTestId, composerFocused, focusIs, item } from './harness/wait.ts';

/**
 * Lets a stopped clock run, a frame at a time, only until this is there. A font that comes later
 * would move the card.
 */
async function framesUntil(page: Page, there: Locator): Promise<void> {
  while ((await there.count()) === 0) await page.clock.runFor(20);
  await page.evaluate('document.fonts.ready.then(() => true)');
}

function armed(page: Page, id: string): Locator {
  return item(page, id).and(page.locator('[data-armed="true"]'));
}

describe('a review card that moves', () => {
  const browser = useBrowser({ each: true });

  it('is decided by Ctrl+Enter at once where the user put the focus, and passes it on', async () => {
    const host = new FakeHost(waiting('e1', 'e2'));
    const { page } = await openPanel(browser(), host, { frozenClock: true });
    await framesUntil(page, item(page, 'e1'));
    await item(page, 'e1').focus();
    await page.keyboard.press('Control+Enter');
    assert.equal((await host.called('decide')).shown.interruptId, 'interrupt-e1');
    await focusIs(page, 'e2');
    await page.keyboard.press('Control+Enter');
    await item(page, 'e2').getByText('Press again').waitFor();
    assert.equal(host.of('decide').length, 1);
    await framesUntil(page, armed(page, 'e2'));
    await page.keyboard.press('Control+Enter');
    assert.equal((await host.called('decide', 2)).shown.interruptId, 'interrupt-e2');
    await composerFocused(page);
    await page.close();
  });

  it('does not approve one card after the other while the keys are held down', async () => {
    const host = new FakeHost(waiting('e1', 'e2'));
    const { page } = await openPanel(browser(), host, { frozenClock: true });
    await framesUntil(page, item(page, 'e1'));
    await item(page, 'e1').focus();
    await page.keyboard.down('Control');
    await page.keyboard.down('Enter');
    await focusIs(page, 'e2');
    await framesUntil(page, armed(page, 'e2'));
    for (let repeated = 0; repeated < 3; repeated += 1) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    assert.equal(host.of('decide').length, 1);
    await page.keyboard.down('Enter');
    await host.called('decide', 2);
    await page.close();
  });

  it('heeds a pointer only after half a second in one place', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host, { frozenClock: true });
    const approve = byTestId(page, 'approve');
    const press = (): Promise<void> => approve.click({ force: true });
    await framesUntil(page, item(page, 'e1'));
    assert.equal(await approve.getAttribute('aria-disabled'), 'true');
    await press();
    await item(page, 'e1').getByText('This card has just moved. Press again.').waitFor();
    await framesUntil(page, armed(page, 'e1'));
    await page.evaluate(`document.querySelector('.entries').style.paddingTop = '40px'`);
    await press();
    assert.deepEqual(host.of('decide'), []);
    const moved = await page.evaluate<number>('Date.now()');
    await framesUntil(page, armed(page, 'e1'));
    assert.ok((await page.evaluate<number>('Date.now()')) - moved >= 500);
    await press();
    assert.equal((await host.called('decide')).shown.interruptId, 'interrupt-e1');
    await page.close();
  });

  it('is not approved by the second press on Reject…', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host, { frozenClock: true });
    await framesUntil(page, item(page, 'e1'));
    await framesUntil(page, armed(page, 'e1'));
    await byTestId(page, 'reject').click();
    await byTestId(page, 'reason').waitFor();
    await byTestId(page, 'send-reason').click({ force: true });
    await item(page, 'e1').getByText('Press again').waitFor();
    assert.deepEqual(host.of('decide'), []);
    await page.close();
  });

  for (const over of [{ interruptId: 'interrupt-new' }, { effectHash: 'hash-new' }]) {
    it(`waits anew, keys and pointer, with another ${Object.keys(over).join()}`, async () => {
      const host = new FakeHost(waiting('e1'));
      const { page } = await openPanel(browser(), host, { frozenClock: true });
      await framesUntil(page, item(page, 'e1'));
      await item(page, 'e1').focus();
      await framesUntil(page, armed(page, 'e1'));
      await host.fire({ kind: 'item', item: edit('e1', {}, over) });
      await framesUntil(page, item(page, 'e1').and(page.locator('[data-armed="false"]')));
      await page.keyboard.press('Control+Enter');
      await item(page, 'e1').getByText('Press again').waitFor();
      assert.deepEqual(host.of('decide'), []);
      await page.close();
    });
  }

  it('does not approve from the note box what has just been replaced', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host, { frozenClock: true });
    await framesUntil(page, armed(page, 'e1'));
    await byTestId(page, 'more').click();
    await byTestId(page, 'more-note').click();
    await framesUntil(page, byTestId(page, 'answer-box'));
    await framesUntil(page, armed(page, 'e1'));
    await byTestId(page, 'answer-box').fill('fine');
    await host.fire({ kind: 'item', item: edit('e1', {}, { effectHash: 'hash-new' }) });
    await framesUntil(page, item(page, 'e1').and(page.locator('[data-armed="false"]')));
    await byTestId(page, 'answer-box').press('Enter');
    await item(page, 'e1').getByText('Press again').waitFor();
    assert.deepEqual(host.of('decide'), []);
    await framesUntil(page, armed(page, 'e1'));
    await byTestId(page, 'answer-box').press('Enter');
    assert.equal((await host.called('decide')).shown.effectHash, 'hash-new');
    await page.close();
  });

  it('asks again before it approves risky files that nobody has opened', async () => {
    const files = [file(0), file(1), file(2)];
    const host = new FakeHost(thread([edit('e1', {}, { files, risk: 'high' })]));
    const { page } = await openPanel(browser(), host, { frozenClock: true });
    await framesUntil(page, armed(page, 'e1'));
    await item(page, 'e1').focus();
    await page.keyboard.press('Control+Enter');
    await page.clock.runFor(50);
    await byTestId(page, 'unseen').getByText('2 of 3 files have not been opened').waitFor();
    // The keys that led here do not go on to approve.
    await page.keyboard.press('Control+Enter');
    await item(page, 'e1').getByText('Press again').waitFor();
    assert.deepEqual(host.of('decide'), []);
    await framesUntil(page, armed(page, 'e1'));
    await page.keyboard.press('Control+Enter');
    assert.deepEqual((await host.called('decide')).decision, { kind: 'approve' });
    await page.close();
  });

  for (const key of ['Enter', 'Space']) {
    it(`does not approve them by ${key} that is held down`, async () => {
      const files = [file(0), file(1)];
      const host = new FakeHost(thread([edit('e1', {}, { files, risk: 'high' })]));
      const { page } = await openPanel(browser(), host, { frozenClock: true });
      await framesUntil(page, armed(page, 'e1'));
      await byTestId(page, 'approve').focus();
      for (let repeated = 0; repeated < 3; repeated += 1) await page.keyboard.down(key);
      if (key === 'Space') await page.keyboard.up(key);
      await framesUntil(page, byTestId(page, 'unseen'));
      await framesUntil(page, armed(page, 'e1'));
      for (let repeated = 0; repeated < 3; repeated += 1) await page.keyboard.down(key);
      if (key === 'Enter') await page.keyboard.up(key);
      assert.deepEqual(host.of('decide'), []);
      if (key === 'Enter') await page.keyboard.down(key);
      await page.keyboard.up(key);
      await host.called('decide');
      await page.close();
    });
  }

  it('is not approved by the second press of a double click', async () => {
    const files = [file(0), file(1)];
    const first = edit('e1');
    const host = new FakeHost(thread([first, edit('e2', {}, { files, risk: 'high' })]));
    const { page } = await openPanel(browser(), host, { frozenClock: true });
    const approve = (id: string): Locator => item(page, id).locator('[data-testid="approve"]');
    await framesUntil(page, armed(page, 'e2'));
    await approve('e2').dblclick();
    await page.clock.runFor(20);
    assert.deepEqual(host.of('decide'), []);
    await framesUntil(page, armed(page, 'e1'));
    // What was below slides up under the pointer, as the card above becomes a line.
    await approve('e1').click();
    await host.called('decide');
    await host.fire({ kind: 'item', item: decided(first, 'applied') });
    await framesUntil(page, item(page, 'e1').getByText('Applied'));
    await approve('e2').click({ force: true });
    await page.clock.runFor(20);
    assert.equal(host.of('decide').length, 1);
    await page.close();
  });
});
