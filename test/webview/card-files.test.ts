import assert from 'node:assert/strict';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { decided, edit, file, fileOfChanges, thread } from './harness/samples.ts';
import { armed, byTestId, drawn, focusOn, item, textIs, until } from './harness/wait.ts';

const MIXED = [
  fileOfChanges(0, 2),
  file(1, { change: 'create', added: 12, removed: 0 }),
  file(2, { change: 'delete', added: 0, removed: 34 }),
  file(3, { change: 'move', to: 'lib/part.ts', diff: [], changes: 0, added: 0, removed: 0 }),
  file(4, { path: 'icon.png', isText: false, diff: [], changes: 0, added: 0, removed: 0 }),
];

/** Milliseconds from pressing a control of the page until the next frame is drawn. */
const timeOf = (selector: string): string => `new Promise((done) => {
  const begun = performance.now();
  document.querySelector('${selector}').click();
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
})`;

describe('a card of several files', () => {
  const browser = useBrowser();

  it('lists each file with what happens to it and how much, and sums it up', async () => {
    const host = new FakeHost(thread([edit('e1', {}, { files: MIXED })]));
    const { page } = await openPanel(browser(), host);
    const rows = byTestId(page, 'file');
    await rows.nth(4).waitFor();
    assert.equal(await rows.count(), 5);
    await item(page, 'e1').getByText('5: 2 edited, 1 new, 1 moved, 1 deleted').waitFor();
    await textIs(item(page, 'e1').locator('.card-head .size'), '+16 −36');
    for (const [index, words] of [
      [0, 'src/app.ts edited +4 −2'],
      [1, 'src/part-1.ts new +12 −0'],
      [2, 'src/part-2.ts deleted +0 −34'],
      [3, 'src/part-3.ts lib/part.ts moved'],
      [4, 'icon.png edited'],
    ] as const) {
      await textIs(rows.nth(index).locator('[data-testid="toggle-file"]'), words);
    }
    await page.close();
  });

  it('shows the change of a file when it is opened, the first one from the start', async () => {
    const host = new FakeHost(thread([edit('e1', {}, { files: MIXED })]));
    const { page } = await openPanel(browser(), host);
    const diffs = page.locator('.diff');
    await diffs.first().waitFor();
    assert.equal(await diffs.count(), 1);
    const second = page.locator('[data-operation="1"] [data-testid="toggle-file"]');
    await second.click();
    await page.locator('[data-operation="1"] .diff').waitFor();
    assert.equal(await second.getAttribute('aria-expanded'), 'true');
    await second.click();
    await page.locator('[data-operation="1"] .diff').waitFor({ state: 'detached' });
    await page.locator('[data-operation="4"] [data-testid="toggle-file"]').click();
    await page.getByText('Not a text: it cannot be shown here').waitFor();
    for (const operation of [2, 3, 4]) {
      await page.locator(`[data-operation="${operation}"] [data-testid="toggle-file"]`).focus();
      const boxes = page.locator(`[data-operation="${operation}"] [data-testid="accept-change"]`);
      assert.equal(await boxes.count(), 0);
    }
    await page.close();
  });

  it('opens a file of it, or all of it, in the editor', async () => {
    const files = [fileOfChanges(0, 1), file(7, { moreRows: 3 })];
    const host = new FakeHost(thread([edit('e1', {}, { files })]));
    const { page } = await openPanel(browser(), host);
    await page.locator('[data-operation="7"] [data-testid="open-file"]').click();
    await page.locator('[data-operation="7"] [data-testid="toggle-file"]').click();
    await page.getByRole('button', { name: '… 3 more lines: open the diff' }).click();
    await byTestId(page, 'open-diff').click();
    await host.called('openDiff', 3);
    const proposalId = 'proposal-e1';
    assert.deepEqual(host.of('openDiff'), [
      { proposalId, operation: 7 },
      { proposalId, operation: 7 },
      { proposalId, operation: null },
    ]);
    await page.close();
  });

  it('APR-26: lists 500 files fast, draws only what is open, and approves none of them blindly', async () => {
    const files = Array.from({ length: 500 }, (_, index) =>
      index % 50 === 49 ? file(index, { change: 'delete', added: 0 }) : fileOfChanges(index, 4),
    );
    const many = edit('e1', { title: 'Change 500 files' }, { files, risk: 'high' });
    const host = new FakeHost(thread([many], { status: 'waiting' }));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'file').first().waitFor();
    assert.equal(await byTestId(page, 'file').count(), 500);
    assert.equal(await page.locator('.diff').count(), 1);
    await item(page, 'e1').getByText('500: 490 edited, 10 deleted').waitFor();
    for (const control of [
      'accept-file',
      'toggle-file',
      'accept-file',
      'accept-all',
      'accept-all',
    ]) {
      const taken = await page.evaluate<number>(timeOf(`[data-testid="${control}"]`));
      assert.ok(taken < 1000, `${control} took ${Math.round(taken)} ms`);
    }
    await armed(page, 'e1');
    await byTestId(page, 'approve').click();
    await byTestId(page, 'unseen').getByText('499 of 500 files have not been opened').waitFor();
    await textIs(byTestId(page, 'approve'), 'Approve All 500 Files');
    assert.deepEqual(host.of('decide'), []);
    await page.keyboard.press('Escape');
    await byTestId(page, 'reject').waitFor();
    await byTestId(page, 'approve').focus();
    await page.keyboard.press('Enter');
    await focusOn(page, 'approve');
    await armed(page, 'e1');
    await page.keyboard.press('Enter');
    assert.deepEqual((await host.called('decide')).decision, { kind: 'approve' });
    await page.close();
  });

  it('says the same before a note goes with such an approval', async () => {
    const files = [file(0), file(1)];
    const host = new FakeHost(thread([edit('e1', {}, { files, risk: 'high' })]));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'more').click();
    await byTestId(page, 'more-note').click();
    await byTestId(page, 'unseen').getByText('1 of 2 files has not been opened here').waitFor();
    await page.close();
  });

  it('approves at once what has all been opened, or is of low risk', async () => {
    const files = [file(0), file(1)];
    for (const risk of ['high', 'low'] as const) {
      const host = new FakeHost(thread([edit('e1', {}, { files, risk })]));
      const { page } = await openPanel(browser(), host);
      if (risk === 'high') {
        await page.locator('[data-operation="1"] [data-testid="toggle-file"]').click();
      }
      await armed(page, 'e1');
      await byTestId(page, 'approve').click();
      await host.called('decide');
      await page.close();
    }
  });

  it('does not ask again for files that are declined', async () => {
    const host = new FakeHost(
      thread([edit('e1', {}, { files: [file(0), file(1)], risk: 'high' })]),
    );
    const { page } = await openPanel(browser(), host);
    await page.locator('[data-operation="1"] [data-testid="accept-file"]').click();
    await armed(page, 'e1');
    await byTestId(page, 'approve').click();
    assert.equal((await host.called('decide')).decision.kind, 'partial');
    await page.close();
  });

  it('lets the keyboard step over a long list', async () => {
    const files = Array.from({ length: 40 }, (_, index) => file(index));
    const host = new FakeHost(thread([edit('e1', {}, { files })]));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'accept-all').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await focusOn(page, 'open-diff');
    await page.keyboard.press('Tab');
    await focusOn(page, 'approve');
    await page.close();
  });

  it('can be seen again, file by file, once it is decided', async () => {
    const host = new FakeHost(thread([decided(edit('e1', {}, { files: MIXED }), 'applied')]));
    const { page } = await openPanel(browser(), host);
    assert.equal(await byTestId(page, 'file').count(), 0);
    await item(page, 'e1').locator('.summary').click();
    assert.equal(await byTestId(page, 'file').count(), 5);
    assert.equal(await page.locator('.diff').count(), 1);
    assert.equal(await page.locator('input').count(), 0);
    await page.locator('[data-operation="1"] [data-testid="toggle-file"]').click();
    await page.locator('[data-operation="1"] .diff').waitFor();
    await page.locator('[data-operation="1"] [data-testid="open-file"]').click();
    assert.deepEqual(await host.called('openDiff'), {
      proposalId: 'proposal-e1',
      operation: 1,
    });
    await drawn(page);
    await until(page, `document.querySelectorAll('.diff').length === 2`);
    await page.close();
  });

  it('marks hidden characters in paths, too', async () => {
    const files = [
      file(0, { path: 'src/a\u202etxt.exe' }),
      file(1, { to: 'b\u200b.ts', change: 'move' }),
    ];
    const host = new FakeHost(thread([edit('e1', {}, { files })]));
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'file').getByText('U+202E').waitFor();
    await byTestId(page, 'file').getByText('U+200B').waitFor();
    await page.close();
  });
});
