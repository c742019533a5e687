import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import type { Decision } from '../../src/shared/decision.ts';
import { atFailpoints } from '../../src/shared/failpoint.ts';
import type { Flow } from './support/flow.ts';
import { FILES, letters, startHalfWay, stopHalfWay } from './support/half-way.ts';

describe('an effect that stopped half-way', () => {
  let flow: Flow;
  const disk = (): string => letters(flow);
  const stop = (decision?: Decision): Promise<void> => stopHalfWay(flow, decision);

  beforeEach(async () => {
    flow = await startHalfWay();
  });
  afterEach(async () => {
    atFailpoints(null);
    await flow.close();
  });

  it('asks how to go on, with a line of evidence for each file, and tells the model nothing yet', async () => {
    await stop();
    assert.equal(disk(), 'Abc');
    const { state, review } = await flow.item();
    assert.equal(state, 'partial');
    assert.deepEqual(review?.evidence, [
      'the disk is gone',
      'a.txt is as approved',
      'b.txt is as it was before',
      'c.txt is as it was before',
    ]);
    assert.equal(flow.bench.model.requests.length, 1);
    for (const decision of [
      { kind: 'approve' },
      { kind: 'reject', reason: 'no' },
      { kind: 'edit', files: [] },
      { kind: 'doneByHand' },
      { kind: 'partial', files: [], reason: '' },
      { kind: 'editArguments', arguments: '{}' },
    ] as const) {
      await flow.refuses(decision, /not an answer to what is asked/u);
    }
  });

  it('keep: leaves the files as they are and tells the model what is known', async () => {
    await stop();
    await flow.takes({ kind: 'settle', way: 'keep' });
    assert.equal(disk(), 'Abc');
    assert.equal((await flow.item('p')).state, 'kept');
    assert.match(
      flow.told('p'),
      /^Unclear outcome: [^]*the disk is gone\na\.txt is as approved\nb\.txt is as it was before/u,
    );
  });

  it('finish: shows what is missing, and does it only after an approval', async () => {
    await stop();
    await flow.takes({ kind: 'settle', way: 'finish' });
    assert.equal(disk(), 'Abc');
    const review = await flow.review();
    assert.equal(review.notice?.kind, 'settling');
    assert.deepEqual(
      review.files.map(({ path }) => path),
      ['b.txt', 'c.txt'],
    );
    await flow.takes({ kind: 'approve' });
    assert.equal(disk(), 'ABC');
    assert.equal((await flow.item('p')).state, 'applied');
    assert.match(flow.told('p'), /^Applied\. [^]*a\.txt now[^]*b\.txt now[^]*c\.txt now/u);
  });

  it('finish: undo then takes all of the effect back, not only what was missing', async () => {
    await stop();
    await flow.takes({ kind: 'settle', way: 'finish' });
    await flow.takes({ kind: 'approve' });
    const { proposalId } = await flow.review('p');
    const { threads } = flow.bench.core;
    assert.deepEqual(await threads.undo(flow.id, proposalId, 'undo'), { kind: 'done' });
    assert.equal(disk(), 'abc');
    assert.deepEqual(await threads.undo(flow.id, proposalId, 'redo'), { kind: 'done' });
    assert.equal(disk(), 'ABC');
  });

  it('finish: undo works from what a formatter left of the rest', async () => {
    await stop();
    await flow.takes({ kind: 'settle', way: 'finish' });
    flow.bench.editor.open(flow.at('b.txt'));
    flow.bench.editor.onSave = (text) => `${text}formatted\n`;
    await flow.takes({ kind: 'approve' });
    assert.equal(flow.onDisk('b.txt'), 'B\nformatted\n');
    assert.match(flow.told('p'), /b\.txt was written, and then changed by a formatter/u);
    flow.bench.editor.onSave = null;
    const { proposalId } = await flow.review('p');
    const outcome = await flow.bench.core.threads.undo(flow.id, proposalId, 'undo');
    assert.deepEqual(outcome, { kind: 'done' });
    assert.equal(disk(), 'abc');
  });

  it('roll back: shows what it would put back, and does it only after an approval', async () => {
    await stop();
    await flow.takes({ kind: 'settle', way: 'rollBack' });
    assert.equal(disk(), 'Abc');
    const review = await flow.review();
    assert.deepEqual(
      review.files.map(({ path, diff }) => [path, diff.map(({ text }) => text)]),
      [['a.txt', ['A', 'a']]],
    );
    await flow.takes({ kind: 'approve' });
    assert.equal(disk(), 'abc');
    assert.equal((await flow.item('p')).state, 'rolledBack');
    assert.match(flow.told('p'), /^Rolled back: .*a\.txt, b\.txt, c\.txt/u);
  });

  it('both ways take the files as they are, the user’s own changes included', async () => {
    await stop();
    writeFileSync(flow.at('c.txt'), 'mine\n');
    await flow.takes({ kind: 'settle', way: 'finish' });
    const { files } = await flow.review();
    assert.deepEqual(
      files.map(({ path, diff }) => [path, diff.map(({ text }) => text)]),
      [
        ['b.txt', ['b', 'B']],
        ['c.txt', ['mine', 'C']],
      ],
    );
    await flow.takes({ kind: 'approve' });
    assert.equal(disk(), 'ABC');
  });

  for (const [way, done, state, text] of [
    ['finish', 'ABC', 'applied', 'Applied'],
    ['rollBack', 'abc', 'rolledBack', 'Rolled back'],
  ] as const) {
    it(`${way}: if the user has done it by now, there is nothing to show`, async () => {
      await stop();
      for (const [index, path] of Object.keys(FILES).entries()) {
        writeFileSync(flow.at(path), `${done[index] ?? ''}\n`);
      }
      await flow.takes({ kind: 'settle', way });
      assert.equal((await flow.item('p')).state, state);
      assert.ok(flow.told('p').startsWith(text));
    });
  }

  it('finish: a file that was done already and changed since is not said to be as approved', async () => {
    await stopHalfWay(flow);
    await flow.takes({ kind: 'settle', way: 'finish' });
    rmSync(flow.at('a.txt'));
    await flow.takes({ kind: 'approve' });
    assert.equal(disk(), '-BC');
    const { state, review } = await flow.item();
    assert.equal(state, 'unknown');
    assert.ok(review?.evidence.includes('a.txt is neither as it was nor as approved'));
    await flow.takes({ kind: 'settle', way: 'keep' });
    assert.match(flow.told('p'), /^Unclear outcome[^]*a\.txt is neither[^]*b\.txt is as approved/u);
  });

  it('a new message while it is unclear leaves the files as they are, and the model is told', async () => {
    await stop();
    await flow.say('Never mind');
    assert.equal(disk(), 'Abc');
    assert.equal((await flow.item('p')).state, 'kept');
    assert.match(flow.told('p'), /^Unclear outcome[^]*a\.txt is as approved/u);
  });

  it('is asked the same after a restart, before and after a way was chosen', async () => {
    await stop();
    const before = await flow.review();
    await flow.restart();
    assert.deepEqual(await flow.review(), before);
    await flow.takes({ kind: 'settle', way: 'rollBack' });
    await flow.restart();
    assert.equal((await flow.review()).notice?.kind, 'settling');
    await flow.takes({ kind: 'approve' });
    assert.equal(disk(), 'abc');
    assert.equal((await flow.item('p')).state, 'rolledBack');
  });

  it('files that are neither as they were nor as approved are unknown, and each way still leads there', async () => {
    await stop();
    writeFileSync(flow.at('b.txt'), 'mine\n');
    rmSync(flow.at('c.txt'));
    await flow.takes({ kind: 'settle', way: 'rollBack' });
    assert.deepEqual(
      (await flow.review()).files.map(({ path, change }) => [path, change]),
      [
        ['a.txt', 'edit'],
        ['b.txt', 'edit'],
        ['c.txt', 'create'],
      ],
    );
    await flow.takes({ kind: 'approve' });
    assert.equal(disk(), 'abc');
  });

  it('says what the user had declined of it before it stopped', async () => {
    const files = [0, 1].map((operation) => ({ operation, changes: 'all' as const }));
    await stop({ kind: 'partial', files, reason: 'c is fine' });
    assert.equal(disk(), 'Abc');
    await flow.takes({ kind: 'settle', way: 'finish' });
    await flow.takes({ kind: 'approve' });
    assert.equal(disk(), 'ABc');
    assert.match(flow.told('p'), /c\.txt: nothing of it was done/u);
  });
});
