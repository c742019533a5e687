import assert from 'node:assert/strict';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { answer, thread, user } from './harness/samples.ts';
import { byTestId, until } from './harness/wait.ts';

describe('the mode of a thread in the panel', () => {
  const browser = useBrowser();

  it('sends in the chosen mode, which the next thread does not have, and which survives the page', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')], { mode: 'plan' }));
    const { page, faults } = await openPanel(browser(), host);
    const mode = byTestId(page, 'mode');
    assert.equal(await mode.inputValue(), 'plan');
    await host.emit('cycleMode', null);
    await page.getByText('Mode: Act').waitFor({ state: 'attached' });
    await mode.selectOption('ask');
    await page.reload();
    assert.equal(await mode.inputValue(), 'ask');
    await host.show(null);
    await until(page, `document.querySelector('.mode').value === 'act'`);
    await host.show(thread([user('u1', 'Hello')], { mode: 'plan' }));
    await until(page, `document.querySelector('.mode').value === 'ask'`);
    await byTestId(page, 'composer').fill('Where is it?');
    await byTestId(page, 'composer').press('Enter');
    assert.deepEqual(await host.called('send'), {
      ...{ threadId: 't1', text: 'Where is it?', mode: 'ask' },
    });
    await until(page, `document.querySelector('.mode').value === 'plan'`);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('has a plan carried out as it is, or as the user writes it', async () => {
    const view = thread([user('u1', 'Go'), answer('a1', '# Plan\n\n1. Look')], { mode: 'plan' });
    const host = new FakeHost(view);
    const { page } = await openPanel(browser(), host);
    const plan = byTestId(page, 'plan');
    await plan.getByRole('button', { name: 'Edit Plan' }).click();
    await until(page, `document.querySelector('.mode').value === 'act'`);
    const written = await byTestId(page, 'composer').inputValue();
    assert.equal(written, 'Carry out this plan:\n\n# Plan\n\n1. Look');
    await plan.getByRole('button', { name: 'Carry Out' }).click();
    const sent = await host.called('send');
    assert.deepEqual(sent, { threadId: 't1', text: 'Carry out the plan.', mode: 'act' });
    await host.fire({ kind: 'mode', mode: 'act' });
    await plan.waitFor({ state: 'detached' });
    await page.close();
  });
});
