import assert from 'node:assert/strict';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { decided, edit, file, shown, thread, user, waiting } from './harness/samples.ts';
import { armed, byTestId, drawn, focusIs, item, textIs, until } from './harness/wait.ts';

describe('a review card', () => {
  const browser = useBrowser();

  it('says what would happen, where, why it asks and how risky it is', async () => {
    const host = new FakeHost(
      thread([
        edit(
          'e1',
          { title: 'Create .env' },
          {
            files: [
              file(0, {
                change: 'create',
                path: '.env',
                added: 1,
                removed: 0,
                diff: [{ kind: 'added', line: 1, text: 'A=\u202eb', change: 0 }],
                moreRows: 12,
              }),
            ],
            risk: 'high',
            why: 'built-in: secrets always ask',
            hiddenCharacters: 1,
          },
        ),
      ]),
    );
    const { page } = await openPanel(browser(), host);
    const card = item(page, 'e1');
    for (const words of [
      'Create .env',
      'creates a new file',
      'edit_file',
      'built-in: secrets always ask',
      'High',
      '+1 −0',
      '1 hidden character is added',
      'U+202E',
    ]) {
      await card.getByText(words).first().waitFor();
    }
    await textIs(card.locator('.row.added'), '1+A=U+202Eb');
    await card.getByRole('button', { name: '… 12 more lines: open the diff' }).click();
    assert.deepEqual(await host.called('openDiff'), {
      proposalId: 'proposal-e1',
      operation: null,
    });
    await byTestId(page, 'open-diff').click();
    await host.called('openDiff', 2);
    await page.close();
  });

  it('approves, and is a line afterwards whose change can be seen again', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'approve').click();
    assert.deepEqual(await host.called('decide'), {
      threadId: 't1',
      shown: shown('e1'),
      decision: { kind: 'approve' },
    });
    await until(page, `document.querySelector('[data-testid="approve"]').disabled`);
    await host.fire({ kind: 'item', item: decided(edit('e1'), 'claimed') });
    await item(page, 'e1').getByText('Applying').waitFor();
    await host.fire({ kind: 'item', item: decided(edit('e1'), 'applied') });
    await item(page, 'e1').getByText('Applied').waitFor();
    assert.equal(await page.locator('.diff').count(), 0);
    await item(page, 'e1').getByRole('button').click();
    await page.locator('.diff .row.added').first().waitFor();
    await page.close();
  });

  it('takes an applied change back, and says why when that is refused', async () => {
    const applied = decided(edit('e1', {}, { undo: 'undo' }), 'applied');
    const host = new FakeHost(thread([applied]));
    host.answers.undo = () => ({ kind: 'refused', reason: 'src/app.ts has changed since.' });
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'undo').click();
    assert.deepEqual(await host.called('undo'), {
      threadId: 't1',
      proposalId: 'proposal-e1',
      kind: 'undo',
    });
    await item(page, 'e1').getByText('src/app.ts has changed since.').waitFor();
    await host.fire({
      kind: 'item',
      item: decided(edit('e1', {}, { undo: 'redo' }), 'undone'),
    });
    await item(page, 'e1').getByText('Undone').waitFor();
    await item(page, 'e1').getByText('has changed since').waitFor({ state: 'detached' });
    await byTestId(page, 'redo').click();
    assert.equal((await host.called('undo', 2)).kind, 'redo');
    await page.close();
  });

  it('rejects with a reason: Enter sends, Shift+Enter begins a line, Esc cancels', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'reject').click();
    const reason = byTestId(page, 'reason');
    await until(page, `document.activeElement?.dataset.testid === 'reason'`);
    await reason.fill('Not this');
    await page.keyboard.press('Escape');
    await reason.waitFor({ state: 'detached' });
    await focusIs(page, 'e1');
    await page.keyboard.press('Alt+Backspace');
    await reason.waitFor();
    assert.equal(await reason.inputValue(), 'Not this');
    await reason.press('End');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('but that');
    assert.deepEqual(host.of('decide'), []);
    await page.keyboard.press('Enter');
    const { decision } = await host.called('decide');
    assert.deepEqual(decision, { kind: 'reject', reason: 'Not this\nbut that' });
    await page.close();
  });

  it('takes an empty reason, and never approves from the reason box', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'reject').click();
    await byTestId(page, 'reason').press('Control+Enter');
    assert.deepEqual((await host.called('decide')).decision, { kind: 'reject', reason: '' });
    await page.close();
  });

  it('keeps a reason that could not be sent', async () => {
    const host = new FakeHost(waiting('e1'));
    host.answers.decide = () => Promise.reject(new Error('The database is locked'));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'reject').click();
    await byTestId(page, 'reason').fill('Not this');
    await page.keyboard.press('Enter');
    await item(page, 'e1').getByText('The database is locked').waitFor();
    assert.equal(await byTestId(page, 'reason').inputValue(), 'Not this');
    await page.close();
  });

  it('leaves the focus where it is unless it was in the card', async () => {
    const host = new FakeHost(waiting('e1', 'e2'));
    const { page } = await openPanel(browser(), host);
    await armed(page, 'e1');
    const gate = Promise.withResolvers<undefined>();
    host.answers.decide = async () => {
      await gate.promise;
      return { kind: 'taken' };
    };
    await item(page, 'e1').locator('[data-testid="approve"]').click();
    await host.called('decide');
    await byTestId(page, 'composer').click();
    gate.resolve(undefined);
    await host.fire({ kind: 'item', item: decided(edit('e1'), 'applied') });
    await item(page, 'e1').getByText('Applied').waitFor();
    await page.keyboard.type('still here');
    assert.equal(await byTestId(page, 'composer').inputValue(), 'still here');
    await page.close();
  });

  it('says so when it was answered elsewhere', async () => {
    const host = new FakeHost(waiting('e1'));
    host.answers.decide = () => {
      host.view = thread([decided(edit('e1'), 'rejected', 'from the notification')]);
      host.seq += 1;
      return { kind: 'tooLate', state: 'rejected' };
    };
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'approve').click();
    await item(page, 'e1').getByText('Already answered: Rejected.').waitFor();
    await item(page, 'e1').getByText('from the notification').waitFor();
    await page.close();
  });

  it('does not answer twice however often it is pressed', async () => {
    const host = new FakeHost(waiting('e1'));
    const { page } = await openPanel(browser(), host);
    await armed(page, 'e1');
    await byTestId(page, 'approve').click({ clickCount: 5 });
    await host.called('decide');
    await drawn(page);
    assert.equal(host.of('decide').length, 1);
    await page.close();
  });

  it('comes into sight with the focus when the host reveals it', async () => {
    const many = Array.from({ length: 60 }, (_, index) => user(`u${index}`, `Message ${index}`));
    const host = new FakeHost(thread([edit('e1'), ...many]));
    const { page } = await openPanel(browser(), host);
    await item(page, 'u59').waitFor();
    await host.emit('reveal', { itemId: 'e1' });
    await focusIs(page, 'e1');
    await armed(page, 'e1');
    await page.close();
  });
});
