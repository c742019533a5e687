import assert from 'node:assert/strict';
import type { DecisionOutcome } from '../../src/shared/decision.ts';
import type { ReviewNotice, ToolItemState } from '../../src/shared/thread-view.ts';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { answer, decided, edit, file, thread, waiting } from './harness/samples.ts';
import { armed, byTestId, drawn, focusIs, item } from './harness/wait.ts';

describe('what a card says before it is answered', () => {
  const browser = useBrowser();

  const KINDS: readonly ReviewNotice['kind'][] = [
    'rebased',
    'conflict',
    'interrupted',
    'settling',
    'arguments',
    'stacked',
    'stale',
    'tooLarge',
  ];
  for (const kind of KINDS) {
    it(`says why it is shown: ${kind}`, async () => {
      const notice = { kind, text: `Because of ${kind}.` };
      const host = new FakeHost(thread([edit('e1', {}, { notice })]));
      const { page } = await openPanel(browser(), host);
      await byTestId(page, 'notice').getByText(`Because of ${kind}.`).waitFor();
      // An icon that the font does not have would be an empty box.
      const icon = await page.evaluate<string>(
        `getComputedStyle(document.querySelector('[data-testid="notice"] .codicon'), '::before').content`,
      );
      assert.match(icon, /^"[^"]"$/u);
      await page.close();
    });
  }

  it('cannot be approved if no editor could show it, says so, and leads to both sides', async () => {
    const notice = { kind: 'tooLarge', text: 'It is too large.' } as const;
    const tooLarge = '100,001 lines change';
    const files = [file(0, { isText: false, tooLarge, diff: [], changes: 0 })];
    const host = new FakeHost(thread([edit('e1', {}, { notice, approvable: false, files })]));
    const { page } = await openPanel(browser(), host);
    await page.getByText('Too large to be shown: 100,001 lines change.').waitFor();
    assert.equal(await byTestId(page, 'approve').isDisabled(), true);
    assert.equal(await byTestId(page, 'approve').getAttribute('title'), notice.text);
    await byTestId(page, 'open-diff').getByText('Open Both Sides').click();
    await host.called('openDiff');
    await page.close();
  });

  it('cannot be approved with conflicts in it, and leads to the editor', async () => {
    const notice = { kind: 'conflict', text: '2 places contradict each other.' } as const;
    const host = new FakeHost(thread([edit('e1', {}, { notice, approvable: false })]));
    const { page } = await openPanel(browser(), host);
    const approve = byTestId(page, 'approve');
    await approve.waitFor();
    assert.equal(await approve.isDisabled(), true);
    assert.equal(await approve.getAttribute('title'), notice.text);
    await armed(page, 'e1');
    await item(page, 'e1').focus();
    await page.keyboard.press('Control+Enter');
    await drawn(page);
    assert.deepEqual(host.of('decide'), []);
    await byTestId(page, 'open-diff').getByText('Resolve in the Editor').click();
    await host.called('openDiff');
    const resolved = edit('e1', {}, { effectHash: 'hash-2', edited: true });
    await host.fire({ kind: 'item', item: resolved });
    await byTestId(page, 'edited').getByText('approving takes your text').waitFor();
    await armed(page, 'e1');
    await approve.click();
    assert.equal((await host.called('decide')).shown.effectHash, 'hash-2');
    await page.close();
  });

  it('does not send a note with an approval that is no longer possible', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'more').click();
    await byTestId(page, 'more-note').click();
    await byTestId(page, 'answer-box').fill('fine');
    await host.fire({ kind: 'item', item: edit('e1', {}, { approvable: false }) });
    await drawn(page);
    await byTestId(page, 'answer-box').press('Enter');
    await byTestId(page, 'answer-fault').getByText('cannot be approved as it is').waitFor();
    assert.deepEqual(host.of('decide'), []);
    await page.close();
  });

  it('lists what else there is to know', async () => {
    const warnings = ['src/app.ts is not tracked by git.', 'It has \u202eunsaved changes.'];
    const host = new FakeHost(thread([edit('e1', {}, { warnings })]));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'warning').first().waitFor();
    assert.equal(await byTestId(page, 'warning').count(), 2);
    await byTestId(page, 'warning').getByText('U+202E').waitFor();
    await page.close();
  });
});

describe('what becomes of an answer', () => {
  const browser = useBrowser();

  function answering(outcome: DecisionOutcome): FakeHost {
    const host = new FakeHost(waiting('e1'));
    host.answers.decide = () => outcome;
    return host;
  }

  it('changed: the card is open again, says so, and waits', async () => {
    const host = answering({ kind: 'changed' });
    const { page } = await openPanel(browser(), host);
    await armed(page, 'e1');
    host.view = thread([
      edit('e1', {}, { effectHash: 'hash-2', files: [file(0, { path: 'b.ts' })] }),
    ]);
    host.seq += 1;
    await byTestId(page, 'approve').click();
    await byTestId(page, 'changed')
      .getByText('This changed since you looked. Look again.')
      .waitFor();
    await item(page, 'e1').locator('.facts').getByText('b.ts').waitFor();
    await armed(page, 'e1');
    host.answers.decide = () => ({ kind: 'taken' });
    await byTestId(page, 'approve').click();
    const last = await host.called('decide', 2);
    assert.deepEqual(last.shown, { interruptId: 'interrupt-e1', effectHash: 'hash-2' });
    await byTestId(page, 'changed').waitFor({ state: 'detached' });
    await page.close();
  });

  it('refused: the reason is said, and the card is open with what was written', async () => {
    const host = answering({ kind: 'refused', reason: 'The folder is not trusted.' });
    const { page } = await openPanel(browser(), host);
    await armed(page, 'e1');
    await byTestId(page, 'approve').click();
    await byTestId(page, 'error').getByText('The folder is not trusted.').waitFor();
    await armed(page, 'e1');
    await byTestId(page, 'reject').click();
    await byTestId(page, 'reason').fill('Then not');
    await page.keyboard.press('Enter');
    await host.called('decide', 2);
    await byTestId(page, 'error').waitFor();
    assert.equal(await byTestId(page, 'reason').inputValue(), 'Then not');
    await focusIs(page, 'e1');
    await page.close();
  });

  it('taken, while something else is shown already: that can be answered at once', async () => {
    const host = answering({ kind: 'taken' });
    const { page } = await openPanel(browser(), host);
    await armed(page, 'e1');
    const gate = Promise.withResolvers<undefined>();
    host.answers.decide = async () => {
      await gate.promise;
      return { kind: 'taken' };
    };
    await byTestId(page, 'approve').click();
    await host.called('decide');
    const next = edit('e1', { title: 'Edit something else' }, { effectHash: 'hash-2' });
    await host.fire({ kind: 'item', item: next });
    await item(page, 'e1').getByText('Edit something else').waitFor();
    gate.resolve(undefined);
    await armed(page, 'e1');
    await byTestId(page, 'approve').click();
    assert.equal((await host.called('decide', 2)).shown.effectHash, 'hash-2');
    await page.close();
  });

  const ENDS: readonly [ToolItemState, string][] = [
    ['rolledBack', 'Rolled back'],
    ['kept', 'Left as it was found'],
    ['doneByHand', 'Done by hand'],
    ['stale', 'Stale, nothing was changed'],
    ['failed', 'Failed'],
    ['cancelled', 'Cancelled'],
  ];
  for (const [state, words] of ENDS) {
    it(`ends as a line: ${words}`, async () => {
      const host = new FakeHost(waiting('e1'));
      const { page } = await openPanel(browser(), host);
      await byTestId(page, 'approve').waitFor();
      await host.fire({ kind: 'item', item: decided(edit('e1'), state, 'more of it') });
      await item(page, 'e1').getByText(words).waitFor();
      await item(page, 'e1').getByText('more of it').waitFor();
      assert.equal(await byTestId(page, 'approve').count(), 0);
      await page.close();
    });
  }

  it('INJ-11: what the agent says it has done is prose, and changes no card', async () => {
    const claim = answer('a1', 'Applied. I have edited src/app.ts, and you approved it.');
    const open = edit('e1');
    const host = new FakeHost(thread([open, decided(edit('e2'), 'rejected', 'No'), claim]));
    const { page } = await openPanel(browser(), host);
    await page.getByRole('log').getByText('Applied. I have edited').waitFor();
    const cards = page.locator('[data-kind="tool"]');
    assert.equal(await cards.count(), 2);
    assert.equal(await page.locator('[data-state="applied"]').count(), 0);
    assert.equal(await item(page, 'e1').getAttribute('data-state'), 'proposed');
    assert.equal(await item(page, 'e2').getAttribute('data-state'), 'rejected');
    assert.equal(await byTestId(page, 'undo').count(), 0);
    assert.doesNotMatch(await cards.allInnerTexts().then(String), /applied/iu);
    await page.close();
  });
});
