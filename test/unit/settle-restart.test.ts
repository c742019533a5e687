import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import type { Flow } from './support/flow.ts';
import { FILES, letters, startHalfWay } from './support/half-way.ts';
import { makeParts } from './support/parts.ts';

/** What is found on the disk, a letter for a file: `-` is none, `x` the user's own. */
type Found = 'abc' | 'Abc' | 'ABc' | 'ABC' | 'Axc' | 'xbc' | 'Ab-' | 'xxx';

describe('an effect whose process ended while it was carried out', () => {
  let flow: Flow;
  afterEach(async () => {
    await flow.close();
  });

  /** Approved and claimed by a process that left the files like this. */
  const crashed = async (found: Found): Promise<void> => {
    flow = await startHalfWay();
    const { proposalId, shown } = await flow.proposal();
    const parts = makeParts({}, { folder: flow.bench.folder, storage: flow.bench.storage });
    await parts.ledger.decide(proposalId, shown?.effectHash ?? '', { kind: 'approve' });
    assert.notEqual(await parts.ledger.claim(proposalId), null);
    parts.database.close();
    for (const [index, path] of Object.keys(FILES).entries()) {
      const letter = found[index] ?? '';
      if (letter === '-') rmSync(flow.at(path));
      else writeFileSync(flow.at(path), `${letter}\n`);
    }
    await flow.restart();
  };

  const STATES: [found: Found, state: string, evidence: number][] = [
    ['Abc', 'partial', 4],
    ['ABc', 'partial', 4],
    ['Axc', 'unknown', 4],
    ['xbc', 'unknown', 4],
    ['Ab-', 'unknown', 4],
    ['xxx', 'unknown', 4],
  ];
  for (const [found, state, evidence] of STATES) {
    it(`with ${found} on the disk is ${state}, with a line for each file, and nothing is changed`, async () => {
      await crashed(found);
      const item = await flow.item();
      assert.equal(item.state, state);
      assert.equal(item.review?.evidence.length, evidence);
      assert.equal(letters(flow), found);
      assert.equal(flow.bench.model.requests.length, 0, 'the model is told nothing yet');
    });

    for (const [way, end] of [
      ['keep', found],
      ['finish', 'ABC'],
      ['rollBack', 'abc'],
    ] as ['keep' | 'finish' | 'rollBack', string][]) {
      it(`with ${found} on the disk, ${way} leads to ${end}`, async () => {
        await crashed(found);
        await flow.takes({ kind: 'settle', way });
        if (way !== 'keep') {
          assert.equal(letters(flow), found, 'it is shown first');
          assert.equal((await flow.review()).notice?.kind, 'settling');
          await flow.takes({ kind: 'approve' });
        }
        assert.equal(letters(flow), end);
        const words = { keep: 'Unclear outcome', finish: 'Applied', rollBack: 'Rolled back' };
        assert.ok(flow.told('p').startsWith(words[way]), flow.told('p'));
        assert.equal((await flow.bench.view(flow.id)).status, 'idle');
      });
    }
  }

  it('with all of it on the disk is applied, and the model is told once the run goes on', async () => {
    await crashed('ABC');
    assert.equal((await flow.item('p')).state, 'applied');
    const { threads } = flow.bench.core;
    await threads.resume(flow.id);
    await flow.bench.reaches(flow.id, 'idle');
    assert.match(flow.told('p'), /^Applied/u);
    const { proposalId } = await flow.review('p');
    assert.deepEqual(await threads.undo(flow.id, proposalId, 'undo'), { kind: 'done' });
    assert.equal(letters(flow), 'abc');
  });

  it('with nothing of it on the disk asks again, and says why', async () => {
    await crashed('abc');
    const { notice, approvable } = await flow.review();
    assert.deepEqual([notice?.kind, approvable], ['interrupted', true]);
    await flow.takes({ kind: 'approve' });
    assert.equal(letters(flow), 'ABC');
  });

  it('a new message keeps what was found, and the model is told', async () => {
    await crashed('Axc');
    await flow.say('Go on');
    assert.equal(letters(flow), 'Axc');
    assert.match(
      flow.told('p'),
      /^Unclear outcome[^]*b\.txt is neither as it was nor as approved/u,
    );
  });
});
