import assert from 'node:assert/strict';
import type { ReviewView } from '../../src/shared/thread-view.ts';
import { useBrowser } from './harness/browser.ts';
import { FakeHost } from './harness/fake-host.ts';
import { openPanel } from './harness/page.ts';
import { decided, edit, file, fileOfChanges, shown, thread } from './harness/samples.ts';
import { armed, byTestId, item, textIs } from './harness/wait.ts';

const progress = (over: Partial<NonNullable<ReviewView['progress']>>) => ({
  ...{ total: 5, accepted: 0, rejected: 0, edited: 0, open: 5 },
  ...over,
});

function withReview(review: Partial<ReviewView>): FakeHost {
  return new FakeHost(thread([edit('e1', {}, review)], { status: 'waiting' }));
}

describe('a card of a proposal that is decided change by change', () => {
  const browser = useBrowser();

  it('says how far that is, once it is begun, apart from what is ticked', async () => {
    const files = [fileOfChanges(0, 4)];
    const host = withReview({ files, progress: progress({}) });
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'approve').waitFor();
    assert.equal(await byTestId(page, 'progress').count(), 0);
    const begun = progress({ accepted: 1, edited: 1, rejected: 1, open: 2 });
    const item = edit('e1', {}, { files, progress: begun, effectHash: 'hash-2' });
    await host.fire({ kind: 'item', item });
    await textIs(byTestId(page, 'progress'), 'In the editor: 2 of 5 changes accepted, 1 rejected');
    await page.locator('[data-testid="accept-change"][data-change="1"]').click();
    await byTestId(page, 'part').getByText('3 of 4 changes accepted').waitFor();
    await textIs(byTestId(page, 'progress'), 'In the editor: 2 of 5 changes accepted, 1 rejected');
    await page.close();
  });

  it('cannot be approved once all of it is rejected', async () => {
    const host = withReview({ progress: progress({ total: 2, open: 0, rejected: 2 }) });
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'approve').waitFor();
    assert.ok(await byTestId(page, 'approve').isDisabled());
    assert.match(
      (await byTestId(page, 'approve').getAttribute('title')) ?? '',
      /Every change is rejected/u,
    );
    await page.close();
  });

  it('can be approved with only what the user typed in it', async () => {
    const all = progress({ total: 2, open: 0, rejected: 2 });
    const { page } = await openPanel(browser(), withReview({ progress: all, edited: true }));
    await page.locator('[data-testid="approve"]:enabled').waitFor();
    await page.close();
  });

  it('has no tick on a file that is rejected, and never names it', async () => {
    const gone = file(1, { change: 'delete', declined: true });
    const files = [file(0), gone, file(2)];
    const host = withReview({ files, progress: progress({ total: 3, rejected: 1, open: 2 }) });
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'declined-file').waitFor();
    assert.equal(await byTestId(page, 'accept-file').count(), 2);
    await page.locator('[data-operation="2"] [data-testid="accept-file"]').click();
    await armed(page, 'e1');
    await byTestId(page, 'approve').click();
    assert.deepEqual(await host.called('decide'), {
      threadId: 't1',
      shown: shown('e1'),
      decision: { kind: 'partial', files: [{ operation: 0, changes: 'all' }], reason: '' },
    });
    await page.close();
  });

  it('leads to what changed since the rejected one', async () => {
    const host = withReview({ since: 'proposal-e0' });
    const { page } = await openPanel(browser(), host);
    await byTestId(page, 'since').click();
    assert.deepEqual(await host.called('compareRejected'), { proposalId: 'proposal-e1' });
    await page.close();
  });

  it('shows in the line of what was decided what was said to single changes', async () => {
    const comments = [
      {
        path: 'src/app.ts',
        range: { start: 11, end: 13 },
        quote: '+x',
        comment: 'Not <b>here</b>',
      },
    ];
    const done = decided(edit('e1', {}, { comments }), 'rejected', 'Not here');
    const { page } = await openPanel(browser(), new FakeHost(thread([done])));
    await item(page, 'e1').locator('.summary').first().click();
    await textIs(byTestId(page, 'comment'), 'src/app.ts:12 Not <b>here</b>');
    await page.close();
  });

  it('UI-16: lists what a diff does not show well', async () => {
    const facts = ['Only white space changes.', 'It gets a byte order mark.'];
    const { page } = await openPanel(browser(), withReview({ facts }));
    await byTestId(page, 'fact').first().waitFor();
    assert.deepEqual(await byTestId(page, 'fact').allTextContents(), facts);
    await page.close();
  });

  it('UI-17: every field of it is text, and none is Markdown or HTML', async () => {
    const path = '`a`<img src=x onerror=alert(1)> [b](command:x)';
    const words = '**SAFE** <script>1</script> $(check) &amp;';
    const review: Partial<ReviewView> = {
      files: [file(0, { path }), file(1, { path, to: words, change: 'move' })],
      ...{ path, why: words, warnings: [words], facts: [words], since: null },
      notice: { kind: 'rebased', text: words },
    };
    const asked = edit('e1', { title: words, toolName: path }, review);
    const { page } = await openPanel(
      browser(),
      new FakeHost(thread([asked], { status: 'waiting' })),
    );
    const card = item(page, 'e1');
    await byTestId(page, 'fact').waitFor();
    assert.equal(await card.locator('img, script, strong, em, a').count(), 0);
    const text = (await card.textContent()) ?? '';
    // Title, why, warning, fact, notice and where the move leads; both paths and the tool.
    assert.equal(text.split(words).length - 1, 6);
    assert.equal(text.split(path).length - 1, 3);
    await page.close();
  });
});
