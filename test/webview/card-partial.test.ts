import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { decided, edit, file, fileOfChanges, shown, thread } from './harness/samples.ts';
import { armed, byTestId, drawn, focusIs, item, textIs, until } from './harness/wait.ts';

function withFiles(...files: ReturnType<typeof file>[]): FakeHost {
  return new FakeHost(thread([edit('e1', {}, { files })], { status: 'waiting' }));
}

function change(page: Page, index: number): Locator {
  return page.locator(`[data-testid="accept-change"][data-change="${index}"]`);
}

async function isTicked(page: Page): Promise<boolean[]> {
  const boxes = await byTestId(page, 'accept-change').all();
  return Promise.all(boxes.map((box) => box.isChecked()));
}

describe('an approval in part', () => {
  const browser = useBrowser();

  it('takes the changes that stay ticked, and says why the others are declined', async () => {
    const host = withFiles(fileOfChanges(0, 5));
    const { page } = await openPanel(browser(), host);
    await change(page, 4).waitFor();
    assert.deepEqual(await isTicked(page), [true, true, true, true, true]);
    assert.equal(await byTestId(page, 'part').count(), 0);
    await change(page, 1).click();
    await change(page, 3).click();
    await byTestId(page, 'part').getByText('3 of 5 changes accepted').waitFor();
    await textIs(byTestId(page, 'approve'), 'Approve 3 of 5');
    assert.equal(await page.locator('.row.declined').count(), 6);
    await byTestId(page, 'decline-reason').fill('Two at a time');
    await armed(page, 'e1');
    await byTestId(page, 'approve').click();
    assert.deepEqual(await host.called('decide'), {
      threadId: 't1',
      shown: shown('e1'),
      decision: {
        kind: 'partial',
        files: [
          {
            operation: 0,
            changes: [0, 2, 4].map((index) => ({ change: index, lines: 'all' })),
          },
        ],
        reason: 'Two at a time',
      },
    });
    await page.close();
  });

  it('takes single lines, once they are asked for', async () => {
    const host = withFiles(fileOfChanges(0, 2));
    const { page } = await openPanel(browser(), host);
    assert.equal(await byTestId(page, 'accept-line').count(), 0);
    const lines = page.locator('[data-testid="choose-lines"][data-change="1"]');
    await lines.click();
    assert.equal(await lines.getAttribute('aria-pressed'), 'true');
    assert.equal(await byTestId(page, 'accept-line').count(), 3);
    await page.getByLabel('Accept added line 20: new 1a').click();
    await byTestId(page, 'part').getByText('1 of 2 changes accepted, 1 in part').waitFor();
    await until(
      page,
      `document.querySelector('[data-testid="accept-change"][data-change="1"]').indeterminate`,
    );
    await textIs(byTestId(page, 'approve'), 'Approve What Is Ticked');
    await byTestId(page, 'decline-reason').press('Enter');
    const { decision } = await host.called('decide');
    assert.deepEqual(decision, {
      kind: 'partial',
      files: [
        {
          operation: 0,
          changes: [
            { change: 0, lines: 'all' },
            { change: 1, lines: { removed: [0], added: [1] } },
          ],
        },
      ],
      reason: '',
    });
    await page.close();
  });

  it('is a plain approval again when all is ticked again', async () => {
    const host = withFiles(fileOfChanges(0, 2));
    const { page } = await openPanel(browser(), host);
    await change(page, 0).click();
    await byTestId(page, 'part').waitFor();
    await change(page, 0).click();
    await byTestId(page, 'part').waitFor({ state: 'detached' });
    await change(page, 1).click();
    await byTestId(page, 'tick-all').press('Enter');
    await byTestId(page, 'part').waitFor({ state: 'detached' });
    await focusIs(page, 'e1');
    await armed(page, 'e1');
    await byTestId(page, 'approve').click();
    assert.deepEqual((await host.called('decide')).decision, { kind: 'approve' });
    await page.close();
  });

  it('cannot be approved with nothing ticked, and leads to rejecting it', async () => {
    const host = withFiles(fileOfChanges(0, 2));
    const { page } = await openPanel(browser(), host);
    await change(page, 0).click();
    await change(page, 1).click();
    await byTestId(page, 'hint').getByText('Nothing is ticked. Reject the proposal').waitFor();
    await until(page, `document.querySelector('[data-testid="approve"]').disabled`);
    await armed(page, 'e1');
    await item(page, 'e1').focus();
    await page.keyboard.press('Control+Enter');
    await drawn(page);
    assert.deepEqual(host.of('decide'), []);
    await byTestId(page, 'reject').click();
    await byTestId(page, 'reason').press('Enter');
    assert.equal((await host.called('decide')).decision.kind, 'reject');
    await page.close();
  });

  it('APR-13: takes three of five files, each whole', async () => {
    const host = withFiles(
      fileOfChanges(0, 2),
      file(1, { change: 'create' }),
      file(2, { change: 'delete', added: 0 }),
      file(3, { change: 'move', to: 'src/moved.ts', diff: [], changes: 0, added: 0, removed: 0 }),
      file(4, { isText: false, diff: [], changes: 0, added: 0, removed: 0, path: 'icon.png' }),
    );
    const { page } = await openPanel(browser(), host);
    const box = (operation: number): Locator =>
      page.locator(`[data-operation="${operation}"] [data-testid="accept-file"]`);
    await box(1).click();
    await box(3).click();
    await byTestId(page, 'part').getByText('4 of 6 changes accepted').waitFor();
    await textIs(byTestId(page, 'approve'), 'Approve 4 of 6');
    assert.equal(await byTestId(page, 'accept-all').isChecked(), false);
    await armed(page, 'e1');
    await byTestId(page, 'approve').click();
    assert.deepEqual((await host.called('decide')).decision, {
      kind: 'partial',
      files: [0, 2, 4].map((operation) => ({ operation, changes: 'all' })),
      reason: '',
    });
    await page.close();
  });

  it('ticks and unticks all files at once', async () => {
    const host = withFiles(file(0), file(1), file(2));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'accept-all').click();
    await byTestId(page, 'hint').waitFor();
    await page.locator('[data-operation="1"] [data-testid="accept-file"]').click();
    await textIs(byTestId(page, 'approve'), 'Approve 1 of 3');
    await byTestId(page, 'decline-reason').press('Enter');
    const { decision } = await host.called('decide');
    assert.deepEqual(decision.kind === 'partial' && decision.files, [
      { operation: 1, changes: 'all' },
    ]);
    await page.close();
  });

  it('keeps what is not shown, says so, and declines it with its file', async () => {
    const long = { ...fileOfChanges(0, 2), changes: 9, moreRows: 120 };
    const host = withFiles(long, file(1));
    const { page } = await openPanel(browser(), host);
    const note = byTestId(page, 'hidden-changes');
    await note.getByText('7 changes are not shown here and stay accepted').waitFor();
    await change(page, 0).first().click();
    await byTestId(page, 'part').getByText('9 of 10 changes accepted').waitFor();
    await page.locator('[data-operation="0"] [data-testid="accept-file"]').click();
    await byTestId(page, 'part').getByText('10 of 10').waitFor({ state: 'detached' });
    await page.locator('[data-operation="0"] [data-testid="accept-file"]').click();
    await note.getByText('7 changes are not shown here and are declined').waitFor();
    await byTestId(page, 'part').getByText('1 of 10 changes accepted').waitFor();
    await page.close();
  });

  it('keeps what is ticked while the same is shown, and forgets it with another effect', async () => {
    const files = [fileOfChanges(0, 2)];
    const host = withFiles(...files);
    const { page } = await openPanel(browser(), host);
    await change(page, 1).click();
    await byTestId(page, 'decline-reason').fill('Not that one');
    const again = (over = {}) => edit('e1', { detail: 'x' }, { files, ...over });
    await host.fire({ kind: 'item', item: again({ undo: null }) });
    await drawn(page);
    assert.deepEqual(await isTicked(page), [true, false]);
    await host.fire({ kind: 'item', item: decided(again(), 'approved') });
    await item(page, 'e1').getByText('Applying').waitFor();
    await host.fire({ kind: 'item', item: again() });
    await byTestId(page, 'part').waitFor();
    assert.deepEqual(await isTicked(page), [true, false]);
    assert.equal(await byTestId(page, 'decline-reason').inputValue(), 'Not that one');
    await host.fire({ kind: 'item', item: again({ effectHash: 'hash-2' }) });
    await byTestId(page, 'part').waitFor({ state: 'detached' });
    assert.deepEqual(await isTicked(page), [true, true]);
    await byTestId(page, 'changed').getByText('This changed since you looked').waitFor();
    await page.close();
  });

  it('cannot be chosen where the user has edited the text, nor while it does not fit', async () => {
    const files = [fileOfChanges(0, 2), file(1)];
    const host = withFiles(...files);
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'accept-change').first().waitFor();
    for (const over of [{ edited: true }, { approvable: false }]) {
      const effectHash = `hash-${Object.keys(over).join()}`;
      const next = edit('e1', {}, { files, effectHash, ...over });
      await host.fire({ kind: 'item', item: next });
      await page.locator('input').first().waitFor({ state: 'detached' });
      await byTestId(page, 'file').first().waitFor();
    }
    await page.close();
  });

  it('cannot be changed while an answer is written or sent', async () => {
    const host = withFiles(fileOfChanges(0, 2));
    const gate = Promise.withResolvers<undefined>();
    host.answers.decide = async () => {
      await gate.promise;
      return { kind: 'refused', reason: 'The disk is full' };
    };
    const { page } = await openPanel(browser(), host);
    await change(page, 1).click();
    await armed(page, 'e1');
    await byTestId(page, 'reject').click();
    assert.equal(await change(page, 0).isDisabled(), true);
    await byTestId(page, 'reason').press('Escape');
    await item(page, 'e1').focus();
    await page.keyboard.press('Control+Enter');
    await host.called('decide');
    assert.equal(await change(page, 0).isDisabled(), true);
    gate.resolve(undefined);
    await byTestId(page, 'error').getByText('The disk is full').waitFor();
    assert.deepEqual(await isTicked(page), [true, false]);
    assert.equal(await change(page, 0).isDisabled(), false);
    await page.close();
  });

  it('works by keyboard alone', async () => {
    const host = withFiles(fileOfChanges(0, 2), file(1), file(2));
    const { page } = await openPanel(browser(), host);
    await item(page, 'e1').focus();
    await page.keyboard.press('Tab');
    await until(page, `document.activeElement.dataset.testid === 'accept-all'`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await until(page, `document.activeElement.ariaLabel === 'src/part-2.ts'`);
    await page.keyboard.press('Space');
    await page.keyboard.press('Home');
    await until(page, `document.activeElement.ariaLabel === 'src/app.ts'`);
    for (const key of ['Tab', 'Tab', 'Tab', 'Tab']) await page.keyboard.press(key);
    await until(page, `document.activeElement.dataset.change === '0'`);
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await until(
      page,
      `document.activeElement.ariaLabel === 'Accept the removal of line 20: old 1'`,
    );
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+Enter');
    assert.deepEqual((await host.called('decide')).decision, {
      kind: 'partial',
      files: [
        { operation: 0, changes: [{ change: 1, lines: { removed: [], added: [0, 1] } }] },
        { operation: 1, changes: 'all' },
      ],
      reason: '',
    });
    await page.close();
  });
});
