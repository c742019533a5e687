import assert from 'node:assert/strict';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { answer, read, thread, user } from './harness/samples.ts';
import { byTestId, drawn, item, textIs, until } from './harness/wait.ts';

describe('a thread as it streams', () => {
  const browser = useBrowser();

  it('shows an answer growing, keeping the blocks that are finished', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')], { status: 'running' }));
    const { page, faults } = await openPanel(browser(), host);
    await item(page, 'u1').waitFor();
    await host.fire({ kind: 'text', id: 'a1', delta: 'First **bold** words.\n\nSec' });
    await textIs(item(page, 'a1').locator('strong'), 'bold');
    await page.evaluate(`document.querySelector('strong').dataset.mark = 'kept'`);
    for (const delta of ['ond', ' par', 'agraph.\n\n```ts\nlet a', ' = 1;\n```\n']) {
      await host.fire({ kind: 'text', id: 'a1', delta });
    }
    await textIs(item(page, 'a1').locator('pre code'), 'let a = 1;');
    await textIs(item(page, 'a1').locator('p').nth(1), 'Second paragraph.');
    assert.equal(await page.locator('strong[data-mark="kept"]').count(), 1);
    assert.equal(host.of('state').length, 1);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('asks for the state again after a gap, and loses nothing', async () => {
    const host = new FakeHost(thread([answer('a1', 'one')]));
    const { page } = await openPanel(browser(), host);
    await textIs(item(page, 'a1'), 'one');
    await host.fire({ kind: 'text', id: 'a1', delta: ' two' }, { lost: true });
    await host.fire({ kind: 'text', id: 'a1', delta: ' three' });
    await host.called('state', 2);
    await textIs(item(page, 'a1'), 'one two three');
    await host.fire({ kind: 'text', id: 'a1', delta: ' four' });
    await textIs(item(page, 'a1'), 'one two three four');
    assert.equal(host.of('state').length, 2);
    await page.close();
  });

  it('makes up for events that overtake the answer to `state`', async () => {
    const host = new FakeHost(thread([answer('a1', 'one')]));
    const early = Promise.withResolvers<undefined>();
    host.answers.state = async () => {
      const state = { environment: host.environment, thread: host.snapshot(), memory: '' };
      await early.promise;
      return state;
    };
    const { page } = await openPanel(browser(), host);
    await host.called('state');
    await host.fire({ kind: 'text', id: 'a1', delta: ' two' });
    await host.fire({ kind: 'text', id: 'a1', delta: ' three' });
    early.resolve(undefined);
    await textIs(item(page, 'a1'), 'one two three');
    assert.equal(host.of('state').length, 1);
    await page.close();
  });

  it('ignores what it has already seen, and other threads', async () => {
    const host = new FakeHost(thread([answer('a1', 'one')]));
    const { page } = await openPanel(browser(), host);
    await item(page, 'a1').waitFor();
    await host.fire({ kind: 'text', id: 'a1', delta: ' two' });
    const event = { kind: 'text', id: 'a1', delta: ' again' } as const;
    await host.emit('threadEvent', { threadId: 't1', seq: 1, event });
    await host.emit('threadEvent', { threadId: 'other', seq: 2, event });
    await host.fire({ kind: 'text', id: 'a1', delta: ' three' });
    await textIs(item(page, 'a1'), 'one two three');
    assert.equal(host.of('state').length, 1);
    await page.close();
  });

  it('shows another thread in place of this one', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')]));
    const { page } = await openPanel(browser(), host);
    await item(page, 'u1').waitFor();
    await host.show(thread([user('u9', 'Elsewhere')], { threadId: 't2' }));
    await item(page, 'u9').waitFor();
    assert.equal(await item(page, 'u1').count(), 0);
    await host.show(null);
    await page.getByText('Nothing changes until you countersign.').waitFor();
    await page.close();
  });

  it('offers to ask again when the host does not say what to draw', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')]));
    const state = host.answers.state;
    host.answers.state = () => Promise.reject(new Error('The database is locked'));
    const { page } = await openPanel(browser(), host);
    const problem = byTestId(page, 'problem');
    await problem.getByText('The database is locked').waitFor();
    host.answers.state = state;
    await problem.getByRole('button', { name: 'Retry' }).click();
    await item(page, 'u1').waitFor();
    await problem.waitFor({ state: 'detached' });
    await page.close();
  });

  it('announces finished answers and approvals, not every token', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')], { status: 'running' }));
    const { page } = await openPanel(browser(), host);
    const announcement = byTestId(page, 'announcement');
    await item(page, 'u1').waitFor();
    await host.fire({ kind: 'text', id: 'a1', delta: 'Half' });
    await textIs(item(page, 'a1'), 'Half');
    assert.equal(await announcement.count(), 0);
    assert.equal(await page.getByRole('log').getAttribute('aria-live'), 'off');
    await host.fire({ kind: 'item', item: answer('a1', 'Half and half') });
    await textIs(announcement, 'Half and half');
    await page.close();
  });

  it('keeps consecutive reads on one line that opens', async () => {
    const host = new FakeHost(thread([read('r1', 'a.ts')], { status: 'running' }));
    const { page } = await openPanel(browser(), host);
    await item(page, 'r1').waitFor();
    await host.fire({ kind: 'item', item: read('r2', 'b.ts', { state: 'running', detail: '' }) });
    await page.getByRole('button', { name: 'Reading 2 files' }).waitFor();
    await host.fire({ kind: 'item', item: read('r2', 'b.ts') });
    const group = page.getByRole('button', { name: 'Read 2 files' });
    await group.waitFor();
    assert.equal(await item(page, 'r2').isVisible(), false);
    await group.click();
    await item(page, 'r2').waitFor();
    await host.fire({ kind: 'item', item: answer('a1', 'So.') });
    await host.fire({ kind: 'item', item: read('r3', 'c.ts') });
    await item(page, 'r3').waitFor();
    assert.equal(await page.locator('cs-reads').count(), 2);
    await page.close();
  });

  it('draws at most once a frame however many events come', async () => {
    const host = new FakeHost(thread([user('u1', 'Hello')], { status: 'running' }));
    const { page } = await openPanel(browser(), host);
    await item(page, 'u1').waitFor();
    await page.evaluate(`
      window.frames_ = 0;
      window.drawings = 0;
      const count = () => { window.frames_ += 1; requestAnimationFrame(count); };
      requestAnimationFrame(count);
      new MutationObserver(() => { window.drawings += 1; })
        .observe(document.querySelector('.entries'), { subtree: true, childList: true, characterData: true });
      for (let seq = 1; seq <= 500; seq += 1) {
        const event = { kind: 'text', id: 'a1', delta: 'word ' };
        const data = { threadId: 't1', seq, event };
        window.postMessage({ type: 'event', event: 'threadEvent', data }, window.origin);
      }`);
    await until(page, `document.querySelector('cs-answer')?.text.length === 2500`);
    await drawn(page);
    assert.ok(await page.evaluate(`window.drawings <= window.frames_`));
    await page.close();
  });
});
