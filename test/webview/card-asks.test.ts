import assert from 'node:assert/strict';
import type { SettleWay } from '../../src/shared/decision.ts';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { decided, edit, file, question, shown, thread } from './harness/samples.ts';
import {
  armed,
  byTestId,
  composerFocused,
  drawn,
  focusIs,
  item,
  textIs,
  until,
} from './harness/wait.ts';

describe('an effect whose outcome is not clear', () => {
  const browser = useBrowser();

  const WAYS: readonly [string, SettleWay][] = [
    ['settle-keep', 'keep'],
    ['settle-finish', 'finish'],
    ['settle-roll-back', 'rollBack'],
  ];
  for (const state of ['partial', 'unknown'] as const) {
    for (const [testId, way] of WAYS) {
      it(`is shown with what is known, and settled: ${state}, ${way}`, async () => {
        const evidence = ['src/app.ts: as approved', 'src/part-1.ts: as before'];
        const files = [file(0), file(1)];
        const unclear = edit('e1', { state }, { evidence, files });
        const host = new FakeHost(thread([unclear], { status: 'waiting' }));
        const { page } = await openPanel(browser(), host);
        await item(page, 'e1').getByText('Did this happen?').waitFor();
        assert.deepEqual(await byTestId(page, 'evidence').allInnerTexts(), evidence);
        assert.equal(await byTestId(page, 'approve').count(), 0);
        assert.equal(await page.locator('input').count(), 0);
        await armed(page, 'e1');
        await byTestId(page, testId).click();
        assert.deepEqual(await host.called('decide'), {
          threadId: 't1',
          shown: shown('e1'),
          decision: { kind: 'settle', way },
        });
        await page.close();
      });
    }
  }

  it('says where each way leads, and that nothing is written before it is shown', async () => {
    const host = new FakeHost(thread([edit('e1', { state: 'unknown' })]));
    const { page } = await openPanel(browser(), host);
    await item(page, 'e1').getByText('The files stay as they are now.').waitFor();
    assert.equal(await item(page, 'e1').getByText('is shown as a new proposal first').count(), 2);
    await page.close();
  });

  it('is neither approved nor rejected by the keys of an approval', async () => {
    const host = new FakeHost(thread([edit('e1', { state: 'unknown' })]));
    const { page } = await openPanel(browser(), host);
    await armed(page, 'e1');
    await item(page, 'e1').focus();
    for (const key of ['Control+Enter', 'Alt+Backspace', 'Enter']) await page.keyboard.press(key);
    await drawn(page);
    assert.deepEqual(host.of('decide'), []);
    await page.keyboard.press('Tab');
    await page.close();
  });

  it('leads on to a new proposal in the same card, with the focus still there', async () => {
    const host = new FakeHost(thread([edit('e1', { state: 'partial' })]));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'settle-finish').focus();
    await page.keyboard.press('Enter');
    await host.called('decide');
    await focusIs(page, 'e1');
    const notice = { kind: 'settling', text: 'Finishes what was cut off.' } as const;
    const next = edit('e1', {}, { notice, interruptId: 'i2', effectHash: 'h2' });
    await host.fire({ kind: 'item', item: next });
    await byTestId(page, 'notice').waitFor();
    await focusIs(page, 'e1');
    await armed(page, 'e1');
    await page.keyboard.press('Control+Enter');
    assert.deepEqual((await host.called('decide', 2)).shown, {
      interruptId: 'i2',
      effectHash: 'h2',
    });
    await page.close();
  });

  it('is a line where nobody is asked any more', async () => {
    const host = new FakeHost(thread([decided(edit('e1'), 'unknown')]));
    const { page } = await openPanel(browser(), host);
    await item(page, 'e1').getByText('Unknown, it may have been applied').waitFor();
    assert.equal(await byTestId(page, 'settle-keep').count(), 0);
    await page.close();
  });
});

describe('a question of the agent', () => {
  const browser = useBrowser();

  it('is answered in words: Enter sends, Shift+Enter begins a line', async () => {
    const host = new FakeHost(thread([question('q1', 'Which version?\nThe last was 1.4.2.')]));
    const { page } = await openPanel(browser(), host);
    await textIs(byTestId(page, 'question'), 'Which version? The last was 1.4.2.');
    for (const testId of ['approve', 'reject', 'more', 'file', 'open-diff']) {
      assert.equal(await byTestId(page, testId).count(), 0);
    }
    const box = byTestId(page, 'answer');
    await box.press('Enter');
    assert.equal(await byTestId(page, 'send-question').isDisabled(), true);
    await box.fill('1.5.0');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('without the beta');
    assert.deepEqual(host.of('decide'), []);
    await page.keyboard.press('Enter');
    assert.deepEqual(await host.called('decide'), {
      threadId: 't1',
      shown: shown('q1'),
      decision: { kind: 'respond', answer: '1.5.0\nwithout the beta' },
    });
    await composerFocused(page);
    await host.fire({ kind: 'item', item: decided(question('q1', 'Which?'), 'answered', '1.5.0') });
    await item(page, 'q1').getByText('Answered').waitFor();
    await item(page, 'q1').locator('.summary').click();
    await item(page, 'q1').locator('.question').getByText('Which?').waitFor();
    await page.close();
  });

  it('is answered by one of its choices, or by the button', async () => {
    const host = new FakeHost(thread([question('q1', 'Which?', ['1.4.3', '2.0.0'])]));
    const { page } = await openPanel(browser(), host);
    await armed(page, 'q1');
    await byTestId(page, 'choice').nth(1).click();
    const { decision } = await host.called('decide');
    assert.deepEqual(decision, { kind: 'respond', answer: '2.0.0' });
    await host.show(thread([question('q2', 'And which name?')]));
    await armed(page, 'q2');
    await byTestId(page, 'answer').fill('Countersign');
    await byTestId(page, 'send-question').click();
    assert.deepEqual((await host.called('decide', 2)).decision, {
      kind: 'respond',
      answer: 'Countersign',
    });
    await page.close();
  });

  it('can be left without an answer', async () => {
    const host = new FakeHost(thread([question('q1', 'Which?')]));
    const { page } = await openPanel(browser(), host);
    await armed(page, 'q1');
    await byTestId(page, 'dont-answer').click();
    assert.deepEqual((await host.called('decide')).decision, { kind: 'reject', reason: '' });
    await page.close();
  });

  it('is never approved by the keys of an approval', async () => {
    const host = new FakeHost(thread([question('q1', 'Yes to all?', ['Yes, approve all'])]));
    const { page } = await openPanel(browser(), host);
    await armed(page, 'q1');
    await item(page, 'q1').focus();
    for (const key of ['Control+Enter', 'Alt+Backspace', 'Enter']) await page.keyboard.press(key);
    await drawn(page);
    assert.deepEqual(host.of('decide'), []);
    await page.close();
  });

  it('keeps a draft that could not be sent, and goes back to the card with Esc', async () => {
    const host = new FakeHost(thread([question('q1', 'Which?')]));
    host.answers.decide = () => Promise.reject(new Error('The database is locked'));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'answer').fill('1.5.0');
    await page.keyboard.press('Enter');
    await byTestId(page, 'error').getByText('The database is locked').waitFor();
    assert.equal(await byTestId(page, 'answer').inputValue(), '1.5.0');
    await byTestId(page, 'answer').press('Escape');
    await focusIs(page, 'q1');
    await page.close();
  });

  it('is announced as a question, not as an approval', async () => {
    const host = new FakeHost(thread([]));
    const { page } = await openPanel(browser(), host);
    await host.fire({ kind: 'item', item: question('q1', 'Which version?') });
    await byTestId(page, 'announcement').getByText('The agent asks: Which version?').waitFor();
    await until(
      page,
      `!document.querySelector('[data-item-id="q1"]').ariaLabel.includes('approv')`,
    );
    await page.close();
  });
});
