import assert from 'node:assert/strict';
import { Flow, edit } from './support/flow.ts';
import { change as changeFile, proposedText, type } from './support/waiting.ts';

const lines = (...texts: string[]): string => texts.map((text) => `${text}\n`).join('');
const BASE = lines('one', 'two', 'three', 'four', 'five');
const PROPOSED = BASE.replace('two', 'TWO');

describe('what the user has typed in a proposal', () => {
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

  const TYPED = BASE.replace('two', 'two and a half');

  it('is what is shown, and approved, and told to the model as theirs', async () => {
    assert.equal(await typed(TYPED), true);
    const review = await flow.review();
    assert.deepEqual([review.edited, review.notice], [true, null]);
    await flow.takes({ kind: 'approve', note: 'better' });
    assert.equal(flow.onDisk('a.txt'), TYPED);
    assert.match(flow.told('c'), /^Applied, with changes[^]*better[^]*-TWO\n\+two and a half\n/u);
  });

  it('typed back to the proposal is not edited any more', async () => {
    const before = await flow.review();
    await typed(TYPED);
    assert.equal(await typed(PROPOSED), true);
    const after = await flow.review();
    assert.equal(after.edited, false);
    assert.deepEqual(after.files, before.files);
    assert.notEqual(after.effectHash, before.effectHash);
    await flow.takes({ kind: 'approve' });
    assert.match(flow.told('c'), /^Applied\. The user approved/u);
  });

  it('the same text again changes nothing; a text for what is not shown is not taken', async () => {
    const { effectHash } = await flow.review();
    assert.equal(await typed(PROPOSED), true);
    assert.equal((await flow.review()).effectHash, effectHash);
    await typed(TYPED);
    const { threads } = flow.bench.core;
    const { proposalId: id } = await flow.review();
    assert.equal(await threads.edit(id, effectHash, new Map([[0, 'late']])), false);
    assert.equal(await proposed(), TYPED);
    await assert.rejects(typed('a\0b'), /NUL/u);
    await assert.rejects(typed('x'.repeat(10_485_761)), /too large/u);
    await flow.takes({ kind: 'reject', reason: '' });
    assert.equal(await threads.edit(id, effectHash, new Map([[0, 'late']])), false);
  });

  it('survives a change elsewhere, and is still theirs', async () => {
    await typed(TYPED);
    await change(BASE.replace('five', 'FIVE'));
    const review = await flow.review();
    assert.deepEqual([review.edited, review.notice?.kind], [true, 'rebased']);
    assert.equal(await proposed(), TYPED.replace('five', 'FIVE'));
    await flow.takes({ kind: 'approve' });
    assert.match(flow.told('c'), /^Applied, with changes by the user[^]*-TWO\n\+two and a half/u);
  });

  it('survives one conflict after the other', async () => {
    await typed(TYPED);
    await change(BASE.replace('two', 'zwei'));
    assert.match(await proposed(), /zwei\n=======\ntwo and a half\n/u);
    await change(BASE.replace('two', 'deux'));
    assert.match(await proposed(), /deux\n=======\ntwo and a half\n/u);
    await change(BASE.replace('two', 'due'));
    assert.match(await proposed(), /due\n=======\ntwo and a half\n/u);
    await change(BASE);
    assert.equal(await proposed(), TYPED);
    const review = await flow.review();
    assert.deepEqual([review.edited, review.approvable], [true, true]);
  });

  it('survives that the file goes and comes back', async () => {
    await typed(TYPED);
    await change(null);
    assert.equal((await flow.review()).approvable, false);
    await change(BASE);
    assert.equal(await proposed(), TYPED);
    assert.equal((await flow.review()).edited, true);
    await flow.takes({ kind: 'approve' });
    assert.match(flow.told('c'), /^Applied, with changes by the user/u);
  });

  it('while the file is gone is kept, and does not make it approvable', async () => {
    await change(null);
    assert.equal(await typed(TYPED), true);
    const review = await flow.review();
    assert.deepEqual([review.notice?.kind, review.approvable], ['stale', false]);
    await change(BASE);
    assert.equal(await proposed(), TYPED);
    assert.deepEqual(
      [(await flow.review()).edited, (await flow.review()).approvable],
      [true, true],
    );
  });

  it('in the midst of a conflict survives the next change of the file', async () => {
    await change(BASE.replace('two', 'zwei'));
    await typed((await proposed()).replace('TWO', 'TWO, my own words'));
    await change(BASE.replace('two', 'zwei').replace('five', 'FIVE'));
    assert.match(await proposed(), /my own words/u);
    await change(BASE.replace('two', 'deux').replace('five', 'FIVE'));
    assert.match(await proposed(), /my own words/u);
    assert.equal((await flow.review()).approvable, false);
  });

  it('survives a restart', async () => {
    await typed(TYPED);
    await flow.restart();
    assert.equal(await proposed(), TYPED);
    assert.equal((await flow.review()).edited, true);
  });
});
