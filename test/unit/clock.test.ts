import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, makeBench } from '../support/core.ts';
import { makeParts } from './support/parts.ts';

const DAY = 24 * 60 * 60 * 1000;

describe('a clock that jumps', () => {
  const real = Date.now;
  let bench: Bench | null = null;
  const shift = (by: number): void => {
    Date.now = () => real() + by;
  };
  afterEach(async () => {
    Date.now = real;
    await bench?.close();
    bench = null;
  });

  for (const by of [-DAY, 365 * DAY]) {
    it(`CLK-01: by ${by / DAY} days makes no answer valid again, and keeps the order of what happened`, async () => {
      let time = 1_700_000_000_000;
      const parts = makeParts({ 'a.txt': 'old', 'b.txt': 'b' }, { now: () => time });
      const old = await parts.propose({ 'a.txt': 'first' });
      const changes = [await parts.change('a.txt', 'second')];
      await parts.ledger.revise(old, { origin: 'edited', changes, stacked: false, reason: '' });
      time += by;
      const { proposalId } = old;
      const said = await parts.ledger.decide(proposalId, old.shown!.effectHash, {
        kind: 'approve',
      });
      assert.equal(said, 'changed');
      assert.equal(await parts.decide(proposalId, { kind: 'approve' }), 'taken');
      time -= 2 * by;
      assert.equal((await parts.executor.apply(proposalId)).state, 'applied');
      assert.equal((await parts.executor.apply(proposalId)).state, 'applied');
      assert.equal(await parts.decide(proposalId, { kind: 'approve' }), 'tooLate');
      const later = await parts.propose({ 'b.txt': 'B' });
      assert.deepEqual(
        parts.ledger.ofThread('t').map((one) => one.proposalId),
        [proposalId, later.proposalId],
      );
      const rows = parts.audit.rows();
      assert.deepEqual(
        rows.map(({ seq }) => seq),
        rows.map((_, index) => index + 1),
      );
      assert.ok(rows.every(({ seconds }) => seconds === null || seconds >= 0));
      assert.equal(parts.audit.verify().problem, null);
      parts.close();
    });
  }

  it('CLK-02: the zone is a matter of display: the audit holds in any', async () => {
    const zone = process.env['TZ'];
    const parts = makeParts({ 'a.txt': 'old' }, { now: real });
    const verdicts = [];
    for (const [index, name] of ['Pacific/Kiritimati', 'America/St_Johns', 'UTC'].entries()) {
      process.env['TZ'] = name;
      await parts.executor.apply(await parts.approved({ 'a.txt': `v${index}` }));
      verdicts.push(parts.audit.verify());
    }
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    verdicts.push(parts.audit.verify());
    assert.deepEqual(
      verdicts.map(({ rows, problem }) => [rows, problem]),
      [4, 8, 12, 12].map((rows) => [rows, null]),
    );
    parts.close();
  });

  it('CLK-04: turns under a clock in the past are the newest ones all the same, over restarts', async () => {
    const write = (id: string, content: string) => ({
      calls: [{ id, name: 'write_file', args: { path: 'a.txt', content } }],
    });
    bench = makeBench({}, [{ text: 'First.' }]);
    const id = await bench.core.threads.send(null, 'One');
    await bench.reaches(id, 'idle');
    await bench.core.close();

    shift(-400 * DAY);
    bench = bench.restart([write('c', 'x\n'), { text: 'Second.' }]);
    await bench.core.threads.send(id, 'Two');
    await bench.reaches(id, 'waiting');
    const [item] = await bench.pendingItems(id);
    await bench.decide(id, item!, { kind: 'approve' });
    await bench.reaches(id, 'idle');
    assert.equal(readFileSync(join(bench.folder, 'a.txt'), 'utf8'), 'x\n');
    await bench.core.close();

    shift(-800 * DAY);
    bench = bench.restart([{ text: 'Third.' }]);
    await bench.core.threads.send(id, 'Three');
    const view = await bench.reaches(id, 'idle');
    const said = view.items.map((one) => (one.kind === 'tool' ? one.state : one.text));
    assert.deepEqual(said, ['One', 'First.', 'Two', 'applied', 'Second.', 'Three', 'Third.']);
  });
});
