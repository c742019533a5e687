import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { ThreadStatus, ToolItem } from '../../src/shared/thread-view.ts';
import { command } from './harness/command-sample.ts';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { answer, decided, edit, question, thread, user } from './harness/samples.ts';
import { drawn, item } from './harness/wait.ts';

/** Collects what is added to the live regions, in its order, as a screen reader would hear it. */
const LISTEN = `{
  window.heard = [];
  const region = document.querySelector('[role="status"][aria-atomic="false"]');
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) if (node.textContent.trim()) window.heard.push(node.textContent);
  }).observe(region, { childList: true });
}`;

describe('what is announced', () => {
  const browser = useBrowser();
  let page: Page;
  let host: FakeHost;

  beforeEach(async () => {
    host = new FakeHost(thread([user('u1', 'Go')], { status: 'running' }));
    ({ page } = await openPanel(browser(), host));
    await item(page, 'u1').waitFor();
    await page.evaluate(LISTEN);
  });
  afterEach(() => page.close());

  async function heard(): Promise<string[]> {
    await drawn(page);
    return page.evaluate<string[]>('window.heard.splice(0)');
  }
  const happens = async (one: ToolItem): Promise<string[]> => {
    await host.fire({ kind: 'item', item: one });
    return heard();
  };
  const becomes = async (status: ThreadStatus, message?: string): Promise<string[]> => {
    const failure = message === undefined ? null : { message, action: 'retry' as const };
    await host.fire({ kind: 'status', status, failure });
    return heard();
  };

  it('an approval that is asked for, and what became of it, each once', async () => {
    assert.deepEqual(await happens(edit('e1')), [
      'Approval needed: Edit src/app.ts. Lines added: 2, removed: 1. Low risk.',
    ]);
    assert.deepEqual(await becomes('waiting'), []);
    assert.deepEqual(await happens(edit('e1')), []);
    assert.deepEqual(await happens(edit('e1', {}, { effectHash: 'hash-2' })), [
      'Changed: Edit src/app.ts. Look again.',
    ]);
    assert.deepEqual(await becomes('running'), []);
    for (const state of ['approved', 'claimed'] as const) {
      assert.deepEqual(await happens(decided(edit('e1'), state)), []);
    }
    assert.deepEqual(await happens(decided(edit('e1'), 'applied')), ['Edit src/app.ts: Applied']);
    assert.deepEqual(await happens(decided(edit('e1', {}, { undo: 'undo' }), 'applied')), []);
  });

  for (const [state, words] of [
    ['rejected', 'Rejected'],
    ['stale', 'Stale, nothing was changed'],
    ['failed', 'Failed'],
    ['cancelled', 'Cancelled'],
    ['undone', 'Undone'],
  ] as const) {
    it(`that a change is ${state}`, async () => {
      await happens(edit('e1'));
      assert.deepEqual(await happens(decided(edit('e1'), state)), [`Edit src/app.ts: ${words}`]);
    });
  }

  it('that a command runs, once, and that it has', async () => {
    assert.deepEqual(await happens(command()), ['Approval needed: Run npm test. High risk.']);
    assert.deepEqual(await happens(decided(command(), 'approved')), ['Run npm test: Running']);
    assert.deepEqual(await happens(decided(command(), 'claimed')), []);
    assert.deepEqual(await happens(decided(command(), 'applied')), ['Run npm test: Run']);
  });

  it('a question, in its own words', async () => {
    assert.deepEqual(await happens(question('q1', 'Which version?')), [
      'The agent asks: Which version?',
    ]);
  });

  it('several things at once, none of them lost', async () => {
    const events = [edit('e1', { title: 'Edit a' }), edit('e2', { title: 'Edit b' })].map(
      (one, index) =>
        ({
          type: 'event',
          event: 'threadEvent',
          data: { threadId: 't1', seq: index + 1, event: { kind: 'item', item: one } },
        }) as const,
    );
    await host.post(...events);
    const [first = '', second = '', ...more] = await heard();
    assert.match(first, /^Approval needed: Edit a\./u);
    assert.match(second, /^Approval needed: Edit b\./u);
    assert.deepEqual(more, []);
  });

  it('an answer when it is whole, and then that the run has ended; no token by itself', async () => {
    for (const delta of ['One ', 'two ', 'three']) {
      await host.fire({ kind: 'text', id: 'a1', delta });
      assert.deepEqual(await heard(), []);
    }
    await host.fire({ kind: 'item', item: answer('a1', 'One two three') });
    assert.deepEqual(await heard(), ['One two three']);
    assert.deepEqual(await becomes('idle'), ['The run has ended.']);
    assert.deepEqual(await becomes('idle'), []);
  });

  it('that a run has failed, or was cut off: once, and not by its notice, too', async () => {
    assert.deepEqual(await becomes('idle', 'No answer.'), ['The run has failed: No answer.']);
    assert.deepEqual(await becomes('idle', 'No answer.'), []);
    assert.equal(await page.getByRole('alert').count(), 0);
    assert.deepEqual(await becomes('running'), []);
    assert.deepEqual(await becomes('unfinished'), ['The run was cut off.']);
    await host.fire({ kind: 'at', nodes: ['toolCall'] });
    assert.deepEqual(await becomes('paused'), ['The run is paused before toolCall.']);
    assert.equal(await page.getByRole('alert').count(), 0);
  });

  it('nothing twice where the panel asks for the state anew', async () => {
    await happens(edit('e1'));
    await host.fire({ kind: 'item', item: edit('e2', { title: 'Edit b' }) }, { lost: true });
    await host.fire({ kind: 'title', title: 'x' });
    await item(page, 'e2').waitFor();
    const said = await heard();
    assert.equal(said.length, 1, said.join());
    assert.match(said[0] ?? '', /^Approval needed: Edit b\./u);
  });

  it('what waits in a thread that is shown', async () => {
    await host.show(thread([edit('e1'), edit('e2')], { threadId: 't2', status: 'waiting' }));
    assert.deepEqual(await heard(), ['2 decisions are waiting.']);
    await host.show(thread([question('q1', 'Why?')], { threadId: 't3', status: 'waiting' }));
    assert.deepEqual(await heard(), ['The agent asks: Why?']);
  });
});
