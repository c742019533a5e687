import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { shownOf } from '../support/core.ts';
import { Flow, edit } from './support/flow.ts';
import { change as changeFile, proposedText, type } from './support/waiting.ts';

const lines = (...texts: string[]): string => texts.map((text) => `${text}\n`).join('');
const BASE = lines('one', 'two', 'three', 'four', 'five');
const PROPOSED = BASE.replace('two', 'TWO');

describe('a proposal whose files change while it waits', () => {
  let flow: Flow;
  const change = (text: string | null): Promise<void> => changeFile(flow, 'a.txt', text);
  const proposed = (): Promise<string> => proposedText(flow);
  const typed = (text: string): Promise<boolean> => type(flow, text);

  beforeEach(async () => {
    flow = await Flow.start({ 'a.txt': BASE }, { calls: [edit('c', 'a.txt', 'two', 'TWO')] });
  });
  afterEach(async () => {
    await flow.close();
  });

  it('elsewhere in the file: is shown anew on top of that; the old answer does not count', async () => {
    const shown = shownOf(await flow.item());
    await change(BASE.replace('five', 'FIVE'));
    const review = await flow.review();
    assert.equal(review.notice?.kind, 'rebased');
    assert.match(review.notice.text, /^a\.txt changed after the proposal was made\. It is shown/u);
    assert.equal(review.approvable, true);
    assert.equal(review.edited, false);
    assert.equal(await proposed(), PROPOSED.replace('five', 'FIVE'));
    const { threads } = flow.bench.core;
    assert.deepEqual(await threads.decide(flow.id, shown, { kind: 'approve' }), {
      kind: 'changed',
    });
    assert.equal(flow.onDisk('a.txt'), BASE.replace('five', 'FIVE'));
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), PROPOSED.replace('five', 'FIVE'));
    assert.match(flow.told('c'), /^Applied\. The user approved the change\./u);
    assert.deepEqual(flow.events().slice(0, 3), ['shown', 'superseded', 'shown']);
  });

  it('is shown anew again and again, as often as the file changes', async () => {
    for (const word of ['5', 'cinco', 'fünf']) {
      await change(BASE.replace('five', word));
      assert.equal(await proposed(), PROPOSED.replace('five', word));
    }
    await change(BASE);
    assert.equal(await proposed(), PROPOSED);
    assert.equal((await flow.review()).approvable, true);
  });

  it('of which nobody told: is refused at apply, and shown anew', async () => {
    writeFileSync(flow.at('a.txt'), BASE.replace('five', 'FIVE'));
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), BASE.replace('five', 'FIVE'));
    assert.equal((await flow.review()).notice?.kind, 'rebased');
    assert.ok(flow.events().includes('refused'));
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('a.txt'), PROPOSED.replace('five', 'FIVE'));
  });

  it('a hint about other files, or about nothing, changes nothing', async () => {
    const before = await flow.review();
    writeFileSync(flow.at('b.txt'), 'b');
    await flow.bench.core.threads.filesChanged(new Set([flow.at('b.txt')]));
    await flow.bench.core.threads.filesChanged(new Set());
    await flow.bench.core.threads.filesChanged(new Set([flow.at('a.txt')]));
    assert.deepEqual(await flow.review(), before);
  });

  describe('in the same lines', () => {
    const MINE = BASE.replace('two', 'zwei');

    it('cannot be approved until the conflict is resolved', async () => {
      await change(MINE);
      const review = await flow.review();
      assert.equal(review.notice?.kind, 'conflict');
      assert.equal(review.approvable, false);
      assert.match(await proposed(), /^<<<<<<< [^]*zwei\n=======\nTWO\n>>>>>>> /mu);
      await flow.refuses({ kind: 'approve' }, /conflicts in it\. Resolve them/u);
      const all = { operation: 0, changes: 'all' } as const;
      await flow.refuses({ kind: 'partial', files: [all], reason: '' }, /conflicts in it/u);
      await flow.refuses(
        { kind: 'edit', files: [{ operation: 0, text: await proposed() }] },
        /conflicts/u,
      );
      assert.equal(flow.onDisk('a.txt'), MINE);
    });

    it('is resolved in the answer itself, and the model is told what became of it', async () => {
      await change(MINE);
      const text = BASE.replace('two', 'ZWEI');
      await flow.takes({ kind: 'edit', files: [{ operation: 0, text }] });
      assert.equal(flow.onDisk('a.txt'), text);
      assert.match(flow.told('c'), /^Applied, with changes by the user[^]*-TWO\n\+ZWEI\n/u);
    });

    it('is resolved by typing: approvable once no marker is left', async () => {
      await change(MINE);
      const half = (await proposed()).replace('zwei', 'zwei, at last');
      assert.equal(await typed(half), true);
      assert.equal((await flow.review()).approvable, false);
      await flow.refuses({ kind: 'approve' }, /conflicts in it/u);
      assert.equal(await typed(BASE.replace('two', 'ZWEI')), true);
      const review = await flow.review();
      assert.deepEqual([review.approvable, review.edited], [true, true]);
      await flow.takes({ kind: 'approve' });
      assert.equal(flow.onDisk('a.txt'), BASE.replace('two', 'ZWEI'));
    });

    it('fits again once the file is as it was, and says no more that it changed', async () => {
      const { files } = await flow.review();
      await change(MINE);
      await change(BASE);
      const review = await flow.review();
      assert.deepEqual(review.files, files);
      assert.deepEqual([review.approvable, review.notice, review.edited], [true, null, false]);
      await flow.takes({ kind: 'approve' });
      assert.equal(flow.onDisk('a.txt'), PROPOSED);
    });

    it('is merged anew from the proposal when the file changes once more, not from its markers', async () => {
      await change(MINE);
      await change(MINE.replace('zwei', 'deux'));
      assert.equal((await proposed()).match(/^<<<<<<</gmu)?.length, 1);
      assert.match(await proposed(), /deux\n=======\nTWO/u);
      await change(BASE.replace('five', 'FIVE'));
      assert.equal(await proposed(), PROPOSED.replace('five', 'FIVE'));
      assert.equal((await flow.review()).approvable, true);
    });

    it('that the user has made themselves to what was proposed, says so', async () => {
      await change(PROPOSED);
      const review = await flow.review();
      assert.deepEqual([review.notice?.kind, review.approvable], ['stale', false]);
      assert.match(review.notice?.text ?? '', /have the proposed content already/u);
      await flow.takes({ kind: 'doneByHand' });
      assert.match(flow.told('c'), /a\.txt has exactly the proposed content now/u);
    });
  });

  describe('that is not there any more', () => {
    it('FS-10: cannot be approved, is not made anew, and can be once it is back', async () => {
      await change(null);
      const review = await flow.review();
      assert.deepEqual([review.notice?.kind, review.approvable], ['stale', false]);
      assert.match(review.notice?.text ?? '', /a\.txt was deleted or renamed since/u);
      await flow.refuses(
        { kind: 'approve' },
        /does not fit the files any more: a\.txt was deleted/u,
      );
      const files = [{ operation: 0, text: 'x\n' }];
      await flow.refuses({ kind: 'edit', files }, /does not fit the files any more/u);
      assert.equal(flow.onDisk('a.txt'), null);
      await change(BASE);
      const again = await flow.review();
      assert.deepEqual([again.notice, again.approvable, again.edited], [null, true, false]);
      await flow.takes({ kind: 'approve' });
      assert.equal(flow.onDisk('a.txt'), PROPOSED);
    });

    it('FS-10: of which nobody told: is refused at apply, and the model is told', async () => {
      rmSync(flow.at('a.txt'));
      await flow.takes({ kind: 'approve' });
      assert.equal(flow.onDisk('a.txt'), null);
      assert.equal((await flow.item('c')).state, 'stale');
      assert.match(flow.told('c'), /^Refused as stale: .*a\.txt.*Nothing was written/u);
    });

    it('FS-11: renamed: is refused, and neither name is written', async () => {
      renameSync(flow.at('a.txt'), flow.at('b.txt'));
      await flow.takes({ kind: 'approve' });
      assert.equal(flow.onDisk('a.txt'), null);
      assert.equal(flow.onDisk('b.txt'), BASE);
      assert.match(flow.told('c'), /^Refused as stale/u);
    });

    it('can still be rejected', async () => {
      await change(null);
      await flow.takes({ kind: 'reject', reason: 'it is gone' });
      assert.match(flow.told('c'), /^Rejected by the user\. .*it is gone/su);
    });

    it('and comes back with other content: is put on top of that', async () => {
      await change(null);
      await change(BASE.replace('five', 'FIVE'));
      assert.equal((await flow.review()).notice?.kind, 'rebased');
      await flow.takes({ kind: 'approve' });
      assert.equal(flow.onDisk('a.txt'), PROPOSED.replace('five', 'FIVE'));
    });
  });
});
