import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { atFailpoints } from '../../src/shared/failpoint.ts';
import type { Flow } from './support/flow.ts';
import { CAPITALS, FILES, letters, startHalfWay, stopHalfWay } from './support/half-way.ts';

describe('finishing or rolling back that is not carried out', () => {
  let flow: Flow;
  const disk = (): string => letters(flow);
  const stop = (): Promise<void> => stopHalfWay(flow);

  beforeEach(async () => {
    flow = await startHalfWay();
  });
  afterEach(async () => {
    atFailpoints(null);
    await flow.close();
  });

  for (const way of ['finish', 'rollBack'] as const) {
    it(`${way}: declined, the question is open again, and nothing was changed`, async () => {
      await stop();
      await flow.takes({ kind: 'settle', way });
      await flow.takes({ kind: 'reject', reason: 'not so' });
      assert.equal(disk(), 'Abc');
      const item = await flow.item();
      assert.equal(item.state, 'partial');
      assert.equal(item.review?.evidence.length, 4);
      await flow.takes({ kind: 'settle', way: 'rollBack' });
      await flow.takes({ kind: 'approve' });
      assert.equal(disk(), 'abc');
    });

    it(`${way}: no other answer makes something else of it`, async () => {
      await stop();
      await flow.takes({ kind: 'settle', way });
      const { proposalId, effectHash } = await flow.review();
      for (const decision of [
        { kind: 'edit', files: [{ operation: 0, text: 'x\n' }] },
        { kind: 'partial', files: [{ operation: 0, changes: 'all' }], reason: '' },
        { kind: 'editArguments', arguments: JSON.stringify(CAPITALS.args) },
        { kind: 'doneByHand' },
        { kind: 'respond', answer: 'yes' },
        { kind: 'settle', way: 'keep' },
      ] as const) {
        await flow.refuses(decision, /not an answer to what is asked/u);
      }
      const { threads } = flow.bench.core;
      const typed = new Map([[0, 'typed\n']]);
      assert.equal(await threads.edit(proposalId, effectHash, typed), false);
      assert.equal((await flow.review()).effectHash, effectHash);
    });

    it(`${way}: a file that changes while it waits opens the question again`, async () => {
      await stop();
      await flow.takes({ kind: 'settle', way });
      writeFileSync(flow.at('a.txt'), 'mine\n');
      writeFileSync(flow.at('b.txt'), 'mine, too\n');
      await flow.bench.core.threads.filesChanged(new Set([flow.at('a.txt'), flow.at('b.txt')]));
      const { state, review } = await flow.item();
      assert.equal(state, 'unknown');
      assert.ok(review?.evidence.includes('a.txt is neither as it was nor as approved'));
      await flow.takes({ kind: 'settle', way: 'rollBack' });
      await flow.takes({ kind: 'approve' });
      assert.equal(disk(), 'abc');
    });

    it(`${way}: a file that changed right before it opens the question again`, async () => {
      await stop();
      await flow.takes({ kind: 'settle', way });
      for (const path of Object.keys(FILES)) writeFileSync(flow.at(path), 'mine\n');
      await flow.takes({ kind: 'approve' });
      assert.equal(disk(), 'mineminemine');
      assert.equal((await flow.item()).state, 'unknown');
      await flow.takes({ kind: 'settle', way: 'keep' });
      assert.match(flow.told('p'), /^Unclear outcome[^]*c\.txt is neither/u);
    });

    it(`${way}: if it fails, too, the question is open again, for all files`, async () => {
      await stop();
      await flow.takes({ kind: 'settle', way });
      atFailpoints((name) => {
        if (name === 'fs.tempWritten') throw new Error('still gone');
      });
      await flow.takes({ kind: 'approve' });
      atFailpoints(null);
      assert.equal(disk(), 'Abc');
      const { state, review } = await flow.item();
      assert.equal(state, 'partial');
      assert.deepEqual(review?.evidence, [
        'still gone',
        'a.txt is as approved',
        'b.txt is as it was before',
        'c.txt is as it was before',
      ]);
      await flow.takes({ kind: 'settle', way: 'rollBack' });
      await flow.takes({ kind: 'approve' });
      assert.equal(disk(), 'abc');
      assert.match(flow.told('p'), /^Rolled back: .*a\.txt, b\.txt, c\.txt/u);
    });

    it(`${way}: under other rules it is not done; the question is open again`, async () => {
      await stop();
      await flow.takes({ kind: 'settle', way });
      await flow.restart({ policyVersion: 99 });
      await flow.takes({ kind: 'approve' });
      assert.equal(disk(), 'Abc');
      assert.equal((await flow.item()).state, 'partial');
      await flow.takes({ kind: 'settle', way });
      await flow.takes({ kind: 'approve' });
      assert.equal(disk(), way === 'finish' ? 'ABC' : 'abc');
    });

    it(`${way}: a new message leaves the files as they are, and the model is told`, async () => {
      await stop();
      await flow.takes({ kind: 'settle', way });
      await flow.say('Never mind');
      assert.equal(disk(), 'Abc');
      assert.equal((await flow.item('p')).state, 'kept');
      assert.match(flow.told('p'), /^Unclear outcome[^]*a\.txt is as approved/u);
    });

    it(`${way}: redirected, the files stay as they are, and the model is told`, async () => {
      await stop();
      await flow.takes({ kind: 'settle', way });
      await flow.takes({ kind: 'redirect', instruction: 'Something else' });
      assert.equal(disk(), 'Abc');
      assert.equal((await flow.item('p')).state, 'kept');
      assert.match(flow.told('p'), /^Unclear outcome[^]*a\.txt is as approved/u);
      assert.equal(flow.bench.model.requests.at(-1)?.at(-1)?.text, 'Something else');
    });
  }
});
