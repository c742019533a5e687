import assert from 'node:assert/strict';
import fc from 'fast-check';
import { undoEffect } from '../../src/approval/undo.ts';
import { type Parts, makeParts } from './support/parts.ts';
import { tamper } from '../support/tamper.ts';

describe('the audit', () => {
  let parts: Parts;
  const events = (): string[] => parts.audit.rows().map(({ event }) => event);

  beforeEach(() => {
    parts = makeParts({ 'a.txt': 'old', 'b.txt': 'b' });
  });
  afterEach(() => {
    parts.close();
  });

  it('has a row for each step of an effect, in order, and says who', async () => {
    const id = await parts.approved({ 'a.txt': 'new', 'b.txt': null });
    await parts.executor.apply(id);
    assert.deepEqual(events(), ['shown', 'approved', 'claimed', 'applied']);
    const [shown, approved, , applied] = parts.audit.rows();
    assert.deepEqual(
      approved?.files?.map(({ path, after }) => [path, after === null]),
      [
        ['a.txt', false],
        ['b.txt', true],
      ],
    );
    assert.equal(approved.by, 'user');
    assert.equal(applied?.by, 'executor');
    assert.equal(approved.effectHash, parts.find(id).approvedHash);
    assert.equal(shown?.effectHash, approved.effectHash);
    assert.equal(approved.edited, false);
  });

  it('says that the user edited what was approved, and how long it waited', async () => {
    parts.close();
    let time = 1000;
    parts = makeParts({ 'a.txt': 'old' }, { now: () => time });
    const { proposalId, shown } = await parts.propose({ 'a.txt': 'new' });
    time += 65_000;
    const files = [{ operation: 0, text: 'mine' }];
    const changes = [await parts.change('a.txt', 'mine')];
    await parts.ledger.decide(proposalId, shown!.effectHash, { kind: 'edit', files }, changes);
    const row = parts.audit.rows().at(-1);
    assert.deepEqual([row?.event, row?.edited, row?.seconds], ['approved', true, 65]);
    assert.notEqual(row?.effectHash, shown!.effectHash);
  });

  it('tells of rejections, revisions, refusals and undos', async () => {
    const { proposalId: rejected } = await parts.propose({ 'a.txt': 'no' });
    await parts.decide(rejected, { kind: 'reject', reason: 'secret words' });
    assert.deepEqual(events(), ['shown', 'rejected']);
    const revised = await parts.propose({ 'a.txt': 'one' });
    const changes = [await parts.change('a.txt', 'two')];
    await parts.ledger.revise(revised, { origin: 'edited', changes, stacked: false, reason: '' });
    assert.deepEqual(events().slice(2), ['shown', 'superseded', 'shown']);
    await parts.decide(revised.proposalId, { kind: 'approve' });
    await parts.executor.apply(revised.proposalId);
    await undoEffect(parts, parts.find(revised.proposalId), 'undo');
    assert.deepEqual(events().slice(5), [
      ...['approved', 'claimed', 'applied'],
      ...['shown', 'approved', 'claimed', 'applied'],
    ]);
  });

  it('holds no contents and no words of anybody', async () => {
    const words = ['s3cr3t-content', 's3cr3t-reason', 's3cr3t-note', 's3cr3t-old'];
    parts.close();
    parts = makeParts({ 'a.txt': 's3cr3t-old' });
    const { proposalId } = await parts.propose({ 'a.txt': 's3cr3t-content' });
    await parts.decide(proposalId, { kind: 'reject', reason: 's3cr3t-reason' });
    const { proposalId: second } = await parts.propose({ 'a.txt': 's3cr3t-content' });
    await parts.decide(second, { kind: 'approve', note: 's3cr3t-note' });
    await parts.executor.apply(second);
    const everything = parts.database
      .all('SELECT * FROM audit')
      .map((row) => JSON.stringify(Object.values(row)))
      .join('\n');
    for (const word of words) assert.ok(!everything.includes(word), word);
  });

  describe('is found out', () => {
    beforeEach(async () => {
      for (const text of ['one', 'two', 'three']) {
        await parts.executor.apply(await parts.approved({ 'a.txt': text }));
      }
      assert.deepEqual(parts.audit.verify(), { rows: 12, problem: null, at: null });
    });

    const CHANGES: [what: string, sql: string, problem: string, at: number][] = [
      ['an event', `UPDATE audit SET event = 'rejected' WHERE seq = 6`, 'changed', 6],
      ['a time', 'UPDATE audit SET time = time + 1 WHERE seq = 3', 'changed', 3],
      ['a thread', `UPDATE audit SET thread_id = 'u' WHERE seq = 1`, 'changed', 1],
      ['a proposal', `UPDATE audit SET proposal_id = 'p' WHERE seq = 12`, 'changed', 12],
      ['an effect', `UPDATE audit SET effect_hash = x'00' WHERE seq = 2`, 'changed', 2],
      ['an effect taken away', 'UPDATE audit SET effect_hash = NULL WHERE seq = 2', 'changed', 2],
      ['the files', `UPDATE audit SET files = '[]' WHERE seq = 5`, 'changed', 5],
      ['files that are none', `UPDATE audit SET files = '[null, 3]' WHERE seq = 5`, 'changed', 5],
      ['files that are no JSON', `UPDATE audit SET files = '{' WHERE seq = 5`, 'changed', 5],
      ['who did it', `UPDATE audit SET by = 'executor' WHERE seq = 6`, 'changed', 6],
      ['that it was edited', 'UPDATE audit SET edited = 1 WHERE seq = 6', 'changed', 6],
      ['how long it took', 'UPDATE audit SET seconds = 9 WHERE seq = 6', 'changed', 6],
      ['a hash', `UPDATE audit SET hash = x'00' WHERE seq = 6`, 'changed', 6],
      ['a row taken out', 'DELETE FROM audit WHERE seq = 4', 'missing', 4],
      ['the first row taken out', 'DELETE FROM audit WHERE seq = 1', 'missing', 1],
      ['an end cut off', 'DELETE FROM audit WHERE seq > 9', 'cutOff', 10],
      ['everything cut off', 'DELETE FROM audit', 'cutOff', 1],
    ];
    for (const [what, sql, problem, at] of CHANGES) {
      it(`if somebody changes ${what}`, () => {
        tamper(parts.database, sql);
        assert.deepEqual(parts.audit.verify(), { rows: at - 1, problem, at });
      });
    }

    it('if two rows change places', () => {
      for (const sql of [
        'UPDATE audit SET seq = 99 WHERE seq = 4',
        'UPDATE audit SET seq = 4 WHERE seq = 5',
        'UPDATE audit SET seq = 5 WHERE seq = 99',
      ]) {
        tamper(parts.database, sql);
      }
      assert.deepEqual(parts.audit.verify(), { rows: 3, problem: 'changed', at: 4 });
    });

    it('if the whole of it is written anew, since its head is kept elsewhere', () => {
      const other = makeParts({ 'a.txt': 'old' });
      const kept = parts.head.value;
      assert.notEqual(kept, null);
      other.head.value = kept;
      assert.deepEqual(other.audit.verify(), { rows: 0, problem: 'cutOff', at: 1 });
      other.close();
    });
  });

  it('holds after any number of steps', async () => {
    const step = fc.constantFrom('approve', 'reject', 'revise', 'apply', 'undo');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40 }), async (steps) => {
        let last: string | null = null;
        for (const [index, name] of steps.entries()) {
          if (name === 'approve') last = await parts.approved({ 'a.txt': `v${index}` });
          else if (name === 'reject') {
            const { proposalId } = await parts.propose({ 'a.txt': `r${index}` });
            await parts.decide(proposalId, { kind: 'reject', reason: '' });
          } else if (name === 'revise') {
            const seen = await parts.propose({ 'a.txt': `s${index}` });
            const changes = [await parts.change('a.txt', `t${index}`)];
            const revision = { origin: 'edited', changes, stacked: false, reason: '' } as const;
            await parts.ledger.revise(seen, revision);
          } else if (last !== null && name === 'apply') await parts.executor.apply(last);
          else if (last !== null) await undoEffect(parts, parts.find(last), 'undo');
        }
        assert.equal(parts.audit.verify().problem, null);
      }),
      { numRuns: 6 },
    );
  });
});
