import assert from 'node:assert/strict';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { answer, edit, thread, user } from './harness/samples.ts';
import { byTestId, until } from './harness/wait.ts';

describe('the mode in the composer', () => {
  const browser = useBrowser();

  it('sends in the chosen mode, which the next thread does not have, and which survives the page', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')], { mode: 'plan' }));
    const { page, faults } = await openPanel(browser(), host);
    const mode = byTestId(page, 'mode');
    assert.equal(await mode.inputValue(), 'plan');
    await host.emit('cycleMode', null);
    await page.getByText('Mode: Act').waitFor({ state: 'attached' });
    await byTestId(page, 'composer').press('Control+.');
    await until(page, `document.querySelector('.mode').value === 'ask'`);
    await mode.selectOption('plan');
    await mode.selectOption('ask');
    await page.reload();
    assert.equal(await mode.inputValue(), 'ask');
    await host.show(null);
    await until(page, `document.querySelector('.mode').value === 'act'`);
    await host.show(thread([user('u1', 'Hello')], { mode: 'ask' }));
    await until(page, `document.querySelector('.mode').value === 'ask'`);
    await byTestId(page, 'composer').fill('Where is it?');
    await byTestId(page, 'composer').press('Enter');
    assert.deepEqual(await host.called('send'), {
      ...{ threadId: 't1', text: 'Where is it?', mode: 'ask' },
    });
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('of a thread is kept by the host as soon as it is chosen, and shown from what the host says', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')], { mode: 'ask' }));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'mode').selectOption('plan');
    assert.deepEqual(await host.called('pickMode'), { threadId: 't1', mode: 'plan' });
    await host.fire({ kind: 'mode', mode: 'act' });
    await until(page, `document.querySelector('.mode').value === 'act'`);
    assert.doesNotMatch(host.memory, /"modes":\{"t1"/u);
    await page.close();
  });

  it('has exactly the plan that is shown carried out, opened, and revised', async () => {
    const plan = { planId: 'a1', hash: 'h1', edited: false, comments: 0 };
    const items = [user('u1', 'Go'), answer('a1', '# Plan\n\n1. Look')];
    const host = new FakeHost(thread(items, { mode: 'plan', plan }));
    const { page } = await openPanel(browser(), host);
    const shown = byTestId(page, 'plan');
    await shown.getByText('This is a plan. Nothing of it is done.').waitFor();
    await host.fire({ kind: 'plan', plan: { ...plan, hash: 'h2', edited: true, comments: 2 } });
    await shown.getByText('you have changed it (2 comments)').waitFor();
    await shown.getByRole('button', { name: 'Open Plan' }).press('Enter');
    assert.deepEqual(await host.called('openPlan'), { threadId: 't1' });
    await shown.getByRole('button', { name: 'Revise with Comments' }).press('Enter');
    assert.deepEqual(await host.called('revisePlan'), { threadId: 't1' });
    host.answers.carryOutPlan = () => ({ kind: 'changed' });
    await shown.getByRole('button', { name: 'Carry Out' }).press('Enter');
    assert.deepEqual(await host.called('carryOutPlan'), {
      ...{ threadId: 't1', shown: { planId: 'a1', hash: 'h2' } },
    });
    await page.getByText('The plan is another one by now').waitFor();
    await host.fire({ kind: 'item', item: user('u2', 'And?') });
    await shown.waitFor({ state: 'detached' });
    await page.close();
  });

  it('is chosen with a redirect from a card, by keyboard alone', async () => {
    const host = new FakeHost(thread([user('u1', 'Go'), edit('e1')], { status: 'waiting' }));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'more').press('Enter');
    await byTestId(page, 'more-redirect').press('Enter');
    await page.keyboard.type('Plan it first');
    await page.keyboard.press('Tab');
    await until(page, `document.activeElement.dataset.testid === 'route'`);
    await page.keyboard.type('Plan');
    await page.keyboard.press('Control+Enter');
    assert.deepEqual((await host.called('decide')).decision, {
      ...{ kind: 'redirect', instruction: 'Plan it first', mode: 'plan' },
    });
    await page.close();
  });
});
