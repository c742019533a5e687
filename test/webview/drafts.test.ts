import assert from 'node:assert/strict';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { thread, user } from './harness/samples.ts';
import { byTestId, item, until } from './harness/wait.ts';

describe('drafts', () => {
  const browser = useBrowser();

  it('keeps a draft for each thread, also over a reload', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')]));
    const { page } = await openPanel(browser(), host);
    const composer = byTestId(page, 'composer');
    await item(page, 'u1').waitFor();
    await composer.fill('for the first');
    await host.show(thread([user('u2', 'Hello')], { threadId: 't2' }));
    await item(page, 'u2').waitFor();
    assert.equal(await composer.inputValue(), '');
    await composer.fill('for the second');
    for (let count = 1; !host.memory.includes('for the second'); count += 1) {
      await host.called('remember', count);
    }
    await page.reload();
    await until(page, `document.querySelector('textarea')?.value === 'for the second'`);
    await host.show(thread([user('u1', 'Hello')]));
    await until(page, `document.querySelector('textarea').value === 'for the first'`);
    await page.close();
  });

  it('keeps every key at once, since the page may be gone with no warning', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')]));
    const { page } = await openPanel(browser(), host);
    await item(page, 'u1').waitFor();
    await host.show(thread([user('u2', 'Hello')], { threadId: 't2' }));
    await item(page, 'u2').waitFor();
    const kept = await page.evaluate<string[]>(`(() => {
      const box = document.querySelector('textarea');
      const { toHost } = window;
      return ['h', 'ha', 'half'].map((typed) => {
        let last = '';
        window.toHost = (message) => {
          last = JSON.stringify(message);
          return toHost(message);
        };
        box.value = typed;
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
        return last;
      });
    })()`);
    assert.deepEqual(
      kept.map((message) => /\\"t2\\":\\"(\w*)\\"/u.exec(message)?.[1]),
      ['h', 'ha', 'half'],
    );
    await page.close();
  });

  it('carries the first message of a new thread over to it', async () => {
    const host = new FakeHost();
    host.answers.send = () => Promise.withResolvers<{ threadId: string }>().promise;
    const { page } = await openPanel(browser(), host);
    const composer = byTestId(page, 'composer');
    await composer.fill('hello');
    await composer.press('Enter');
    assert.deepEqual(await host.called('send'), {
      ...{ threadId: null, text: 'hello', mode: 'act' },
    });
    const view = thread([user('u1', 'hello')], { threadId: 'new' });
    await host.post(
      { type: 'event', event: 'threadShown', data: { seq: 0, view } },
      { type: 'error', id: host.calls.at(-1)?.id ?? 0, message: 'The model is not reachable.' },
    );
    await byTestId(page, 'problem').waitFor();
    await item(page, 'u1').waitFor();
    assert.equal(await composer.inputValue(), 'hello');
    await host.show(null);
    await until(page, `document.querySelector('textarea').value === ''`);
    await page.close();
  });
});
