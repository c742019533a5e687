import assert from 'node:assert/strict';
import type { ThreadItem, ThreadView } from '../../src/shared/thread-view.ts';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { answer, decided, edit, read, refusal, thread, user } from './harness/samples.ts';
import { armed, byTestId, focusIs, drawn, item, until } from './harness/wait.ts';

const AT_END = `(() => {
  const { scrollTop, scrollHeight, clientHeight } = document.querySelector('.scroller');
  return scrollHeight - scrollTop - clientHeight < 2;
})()`;
const topOf = (id: string): string =>
  `document.querySelector('[data-item-id="${id}"]')?.getBoundingClientRect().top`;

/** A thousand items: what a long day with the agent leaves behind. */
function longThread(): ThreadView {
  const items = Array.from({ length: 200 }, (_, turn): ThreadItem[] => [
    user(`u${turn}`, `Turn ${turn}`),
    read(`r${turn}`, `src/file-${turn}.ts`),
    read(`s${turn}`, `src/other-${turn}.ts`),
    decided(edit(`e${turn}`), 'applied'),
    answer(
      `a${turn}`,
      `Done with **${turn}**.\n\n\`\`\`ts\nconst n = ${turn};\n\`\`\`\n\n- one\n- two`,
    ),
  ]);
  return thread(items.flat());
}

describe('the log', () => {
  const browser = useBrowser();

  it('opens a thousand items at the end and follows what comes', async () => {
    const host = new FakeHost(longThread());
    const { page, faults } = await openPanel(browser(), host);
    await item(page, 'a199').waitFor();
    await until(page, AT_END);
    await host.fire({ kind: 'text', id: 'live', delta: 'More\n\n'.repeat(30) });
    await item(page, 'live').waitFor();
    await until(page, AT_END);
    assert.equal(await byTestId(page, 'latest').isVisible(), false);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('stays where the reader is while items come and change, until asked to the latest', async () => {
    const host = new FakeHost(longThread());
    const { page } = await openPanel(browser(), host);
    await item(page, 'a199').waitFor();
    await page.evaluate(`document.querySelector('[data-item-id="u100"]').scrollIntoView()`);
    await byTestId(page, 'latest').waitFor();
    await drawn(page);
    const before = await page.evaluate<number>(topOf('u100'));
    await host.fire({ kind: 'text', id: 'live', delta: 'More\n\n'.repeat(30) });
    await host.fire({ kind: 'item', item: answer('a98', 'Much longer\n\n'.repeat(20)) });
    await until(page, `document.querySelector('[data-item-id="live"]') !== null`);
    await drawn(page);
    assert.ok(Math.abs((await page.evaluate<number>(topOf('u100'))) - before) < 2);
    await byTestId(page, 'latest').click();
    await until(page, AT_END);
    await byTestId(page, 'latest').waitFor({ state: 'detached' });
    await host.fire({ kind: 'text', id: 'live', delta: 'Yet more\n\n'.repeat(30) });
    await drawn(page);
    await until(page, AT_END);
    await page.close();
  });

  it('comes back to where the reader was, in each thread and after a reload', async () => {
    const host = new FakeHost(longThread());
    const { page } = await openPanel(browser(), host);
    await item(page, 'a199').waitFor();
    await page.evaluate(`document.querySelector('[data-item-id="u100"]').scrollIntoView()`);
    await byTestId(page, 'latest').waitFor();
    await drawn(page);
    const before = await page.evaluate<number>(topOf('u100'));
    for (let count = 1; !host.memory.includes('"places":{"t1"'); count++) {
      await host.called('remember', count);
    }
    await page.reload();
    await byTestId(page, 'latest').waitFor();
    await until(page, `Math.abs(${topOf('u100')} - ${before}) < 2`);
    const { view } = host;
    await host.show(thread([user('x', 'Elsewhere')], { threadId: 't2' }));
    await item(page, 'x').waitFor();
    await host.show(view);
    await until(page, `Math.abs((${topOf('u100')}) - ${before}) < 2`);
    await page.close();
  });

  it('leads to a card that waits out of sight', async () => {
    const { view } = new FakeHost(longThread());
    const items = view?.items ?? [];
    const host = new FakeHost(thread([...items.slice(0, 50), edit('w1'), ...items.slice(50)]));
    const { page } = await openPanel(browser(), host);
    await page.getByRole('button', { name: '1 decision is waiting' }).click();
    await focusIs(page, 'w1');
    await armed(page, 'w1');
    await byTestId(page, 'latest').click();
    await until(page, AT_END);
    await byTestId(page, 'show-waiting').waitFor();
    await page.close();
  });

  it('touches only what changed while an answer streams under a thousand items', async () => {
    const host = new FakeHost(longThread());
    const { page } = await openPanel(browser(), host);
    await item(page, 'a199').waitFor();
    await host.fire({ kind: 'text', id: 'live', delta: 'Begin' });
    await item(page, 'live').waitFor();
    await page.evaluate(`
      window.touched = new Set();
      new MutationObserver((records) => {
        for (const { target } of records) {
          const element = target.nodeType === 1 ? target : target.parentElement;
          window.touched.add(element.closest('[data-item-id]')?.dataset.itemId ?? 'outside');
        }
      }).observe(document.querySelector('.entries'), { subtree: true, childList: true, characterData: true });`);
    await host.fire({ kind: 'text', id: 'live', delta: ' and end' });
    await item(page, 'live').getByText('Begin and end').waitFor();
    assert.deepEqual(await page.evaluate('[...window.touched]'), ['live']);
    await page.close();
  });

  it('opens a group of reads to reveal one of them', async () => {
    const host = new FakeHost(longThread());
    const { page } = await openPanel(browser(), host);
    await item(page, 'a199').waitFor();
    assert.equal(await item(page, 's20').isVisible(), false);
    await host.emit('reveal', { itemId: 's20' });
    await item(page, 's20').waitFor();
    await until(page, `document.activeElement?.dataset.itemId === 's20'`);
    await page.close();
  });

  it('shows why a message was blocked, and sends it once more, or puts it back into the box', async () => {
    const view = thread([user('u1', 'Go on'), refusal('u1', 'It was not checked.', true)]);
    const host = new FakeHost(view);
    const { page, faults } = await openPanel(browser(), host);
    await item(page, 'refusal-u1').getByText('It was not checked.').waitFor();
    await byTestId(page, 'composer').fill('Well,');
    await byTestId(page, 'edit-blocked').click();
    assert.equal(await byTestId(page, 'composer').inputValue(), 'Well,\nGo on');
    const again = { threadId: 't1', messageId: 'u1' };
    await byTestId(page, 'check-again').click();
    assert.deepEqual(await host.called('sendAgain'), { ...again, way: 'check' });
    await byTestId(page, 'send-anyway').click();
    assert.deepEqual(await host.called('sendAgain', 2), { ...again, way: 'anyway' });
    await host.fire({ kind: 'status', status: 'running', failure: null });
    await page.locator('[data-testid="send-anyway"]:disabled').waitFor();
    await host.fire({ kind: 'item', item: refusal('u1', 'It is no good.', false) });
    await item(page, 'refusal-u1').getByText('It is no good.').waitFor();
    assert.equal(await byTestId(page, 'check-again').count(), 0);
    assert.deepEqual(faults, []);
    await page.close();
  });
});
