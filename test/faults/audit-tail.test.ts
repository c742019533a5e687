import assert from 'node:assert/strict';
import { type Parts, makeParts } from '../unit/support/parts.ts';
import { makeFaultyDatabase } from './faulty-database.ts';
import { assertChain, chainOf } from './kill/audit-chain.ts';
import { readStored } from './kill/stored.ts';
import { tamper } from '../support/tamper.ts';

describe('K-19: the end of the audit', () => {
  let parts: Parts;
  let failCommit = false;
  const rows = (): readonly Readonly<Record<string, unknown>>[] => readStored(parts.storage).audit;
  const wrap: NonNullable<Parameters<typeof makeParts>[1]>['wrap'] = (database) =>
    makeFaultyDatabase(database, ({ name }) =>
      failCommit && name === 'commit' ? { code: 'SQLITE_FULL', when: 'before' } : null,
    );

  beforeEach(async () => {
    parts = makeParts({ 'a.txt': 'a', 'b.txt': 'b' }, { wrap });
    await parts.executor.apply(await parts.approved({ 'a.txt': 'A', 'b.txt': null }));
    assert.deepEqual(
      rows().map((row) => row['event']),
      ['shown', 'approved', 'claimed', 'applied'],
    );
  });
  afterEach(() => {
    failCommit = false;
    parts.close();
  });

  it('verifies, by its own account and by one made from the rows alone', () => {
    assert.deepEqual(parts.audit.verify(), { rows: 4, problem: null, at: null });
    assertChain(rows(), parts.head.value);
  });

  const BLOB = "x'00112233'";
  const TORN: [column: string, value: string][] = [
    ['hash', 'substr(hash, 1, 7)'],
    ['hash', BLOB],
    ['files', 'substr(files, 1, length(files) / 2)'],
    ['files', "'[]'"],
    ['files', 'NULL'],
    ['event', "'rejected'"],
    ['by', "'recovery'"],
    ['time', 'time + 1'],
    ['edited', '1 - edited'],
    ['seconds', '7'],
    ['effect_hash', BLOB],
    ['effect_hash', 'NULL'],
    ['thread_id', "'other'"],
    ['proposal_id', "'other'"],
    ['seq', 'seq + 10'],
  ];
  for (const [column, value] of TORN) {
    for (const seq of [4, 2]) {
      it(`K-19: ${column} of row ${seq} set to ${value} is found, and what is before it holds`, () => {
        tamper(parts.database, `UPDATE audit SET ${column} = ${value} WHERE seq = ${seq}`);
        const { rows: holding, problem, at } = parts.audit.verify();
        assert.equal(holding, seq - 1);
        assert.equal(problem, column === 'seq' ? 'missing' : 'changed');
        assert.equal(at, seq);
        assert.throws(() => {
          assertChain(rows(), null);
        });
        assertChain(rows().slice(0, seq - 1), null);
      }).timeout(20_000);
    }
  }

  it('K-19: rows that are cut off are missed, by the head that is kept elsewhere', () => {
    for (const left of [3, 2, 0]) {
      tamper(parts.database, `DELETE FROM audit WHERE seq > ${left}`);
      assert.deepEqual(parts.audit.verify(), { rows: left, problem: 'cutOff', at: left + 1 });
      assert.throws(() => {
        assertChain(rows(), parts.head.value);
      });
    }
  });

  it('K-19: a row out of the middle is missed', () => {
    tamper(parts.database, 'DELETE FROM audit WHERE seq = 2');
    assert.deepEqual(parts.audit.verify(), { rows: 1, problem: 'missing', at: 2 });
  });

  it('K-19: a whole chain made anew, and verifying by itself, is not the one that was kept', async () => {
    tamper(parts.database, 'DELETE FROM audit WHERE seq > 1');
    const head = parts.head.value;
    await parts.executor.apply(await parts.approved({ 'a.txt': 'B' }));
    assert.ok(rows().length > 4);
    parts.head.value = head;
    assert.deepEqual(parts.audit.verify(), { rows: 3, problem: 'changed', at: 4 });
  });

  it('goes on after a torn row, which stays found', async () => {
    tamper(parts.database, "UPDATE audit SET by = 'user' WHERE seq = 4");
    await parts.propose({ 'a.txt': 'B' });
    assert.deepEqual(parts.audit.verify(), { rows: 3, problem: 'changed', at: 4 });
    assert.equal(chainOf(rows()).length, 5);
  });

  it('a row that could not be kept is never taken for the newest', async () => {
    const { proposalId } = await parts.propose({ 'a.txt': 'B' });
    failCommit = true;
    await assert.rejects(parts.decide(proposalId, { kind: 'approve' }), /no space/u);
    failCommit = false;
    // Changes nothing, and so appends nothing.
    assert.equal(await parts.ledger.claim(proposalId), null);
    assert.equal(parts.audit.verify().problem, null);
    assertChain(rows(), parts.head.value);
  });
});
