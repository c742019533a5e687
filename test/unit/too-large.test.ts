import assert from 'node:assert/strict';
import { filePreview } from '../../src/threads/file-preview.ts';
import { reviewText } from '../../src/threads/review-text.ts';
import { reviewedOf } from '../../src/threads/reviewed.ts';
import { Flow, edit, remove, write } from './support/flow.ts';

const LONG = `${'var a=1;'.repeat(2000)}HERE;${'var b=2;'.repeat(2000)}\n`;
const WHY = /^min\.js is too large to be shown: a line that changes has 32,006 characters\. /u;

describe('a change that no editor could show', () => {
  let flow: Flow;

  afterEach(async () => {
    await flow.close();
  });

  async function written(): Promise<string> {
    const reviewed = reviewedOf(flow.bench.core, (await flow.proposal()).proposalId);
    assert.ok(reviewed !== null);
    return reviewText(reviewed).text;
  }

  async function previewTitle(): Promise<string> {
    const { proposalId } = await flow.proposal();
    const [file] = flow.bench.core.changes(proposalId)?.files ?? [];
    assert.ok(file !== undefined);
    const review = await flow.review();
    const preview = { file, review, texts: null, threadTitle: 'Do it', several: false };
    assert.equal(filePreview(preview).approvable, false);
    return filePreview(preview).title;
  }

  describe('since a line of it is too long', () => {
    beforeEach(async () => {
      flow = await Flow.start(
        { 'min.js': LONG },
        { calls: [edit('c', 'min.js', 'HERE', 'THERE')] },
      );
    });

    it('cannot be approved, whole or in part, and everything says so', async () => {
      const { approvable, notice, files, progress } = await flow.review();
      assert.deepEqual([approvable, notice?.kind, progress?.total], [false, 'tooLarge', 1]);
      assert.match(notice?.text ?? '', WHY);
      assert.deepEqual(files[0]?.diff, []);
      await flow.refuses({ kind: 'approve' }, WHY);
      const all = [{ operation: 0, changes: 'all' as const }];
      await flow.refuses({ kind: 'partial', files: all, reason: '' }, WHY);
      const text = await written();
      assert.match(text, /\nNote: min\.js is too large to be shown: .* or reject it\.\n/u);
      assert.match(text, /\nmin\.js is changed\. It is too large to be shown: a line that/u);
      assert.ok(!text.includes('HERE') && !text.includes('approves'));
      assert.match(await previewTitle(), / · too large to be shown$/u);
      assert.equal(flow.onDisk('min.js'), LONG);
    });

    it('can be rejected, or done by hand, of which the model is told', async () => {
      await flow.takes({ kind: 'doneByHand' });
      assert.match(flow.told('c'), /by hand/u);
    });

    it('can be made smaller by the user, who then knows it', async () => {
      await flow.takes({ kind: 'edit', files: [{ operation: 0, text: 'short\n' }] });
      assert.equal(flow.onDisk('min.js'), 'short\n');
    });
  });

  it('does not keep the other files of its proposal from being approved', async () => {
    const patch = `--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-a\n+A\n--- a/min.js\n+++ b/min.js\n@@ -1 +1 @@\n-${LONG}+${LONG.replace('HERE', 'THERE')}`;
    const calls = [{ id: 'c', name: 'apply_patch', args: { patch } }];
    flow = await Flow.start({ 'a.txt': 'a\n', 'min.js': LONG }, { calls });
    await flow.refuses({ kind: 'approve' }, WHY);
    const { proposalId, shown } = await flow.proposal();
    const { threads } = flow.bench.core;
    const place = { operation: 1, change: 0 };
    assert.ok(await threads.markChange(proposalId, shown?.effectHash ?? '', place, 'rejected'));
    assert.deepEqual(
      [(await flow.review()).approvable, (await flow.review()).notice],
      [true, null],
    );
    await flow.takes({ kind: 'approve' });
    assert.deepEqual([flow.onDisk('a.txt'), flow.onDisk('min.js')], ['A\n', LONG]);
  });

  it('may be that the file goes: it is enough to know which', async () => {
    flow = await Flow.start({ 'min.js': LONG }, { calls: [remove('c', 'min.js')] });
    assert.equal((await flow.review()).approvable, true);
    const text = await written();
    assert.match(text, /\n-var a=1;.*\[… 22005 more characters\]\n$/u);
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('min.js'), null);
  });

  it('may be that too many lines change', async () => {
    const content = 'line\n'.repeat(100_001);
    flow = await Flow.start({}, { calls: [write('c', 'new.txt', content)] });
    const { notice, added } = await flow.review();
    assert.match(notice?.text ?? '', /too large to be shown: 100,001 lines change\./u);
    assert.equal(added, 100_001);
  });

  it('is none in a large file of which little changes: each change is decided by itself', async () => {
    const lines = Array.from({ length: 130_000 }, (_, index) => `line ${index}\n`);
    const next = lines.map((line, index) => (index % 650 === 7 ? `new ${line}` : line));
    const calls = [write('c', 'big.txt', next.join(''))];
    flow = await Flow.start({ 'big.txt': lines.join('') }, { calls });
    const { approvable, progress } = await flow.review();
    assert.deepEqual([approvable, progress?.total], [true, 200]);
    const { proposalId, shown } = await flow.proposal();
    const place = { operation: 0, change: 199 };
    const { threads } = flow.bench.core;
    assert.ok(await threads.markChange(proposalId, shown?.effectHash ?? '', place, 'rejected'));
    assert.match(await written(), /\nChange 200 of 200, line 129358 of .* Rejected/u);
    await flow.takes({ kind: 'approve' });
    next[129_357] = lines[129_357] ?? '';
    assert.equal(flow.onDisk('big.txt'), next.join(''));
  });
});
