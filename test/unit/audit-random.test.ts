import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SqlValue } from '../../src/checkpoint/database.ts';
import { type Parts, makeParts } from './support/parts.ts';
import { tamper, undone } from '../support/tamper.ts';

const COLUMNS = [
  ...['seq', 'time', 'event', 'thread_id', 'proposal_id', 'effect_hash', 'files', 'by'],
  ...['edited', 'seconds', 'hash'],
];

describe('whatever is changed in the audit', () => {
  let parts: Parts;
  beforeEach(async () => {
    parts = makeParts({ 'a.txt': 'old', 'b.txt': 'b' });
    for (const text of ['one', 'two']) {
      await parts.executor.apply(await parts.approved({ 'a.txt': text, 'b.txt': text }));
    }
    const { proposalId } = await parts.propose({ 'a.txt': 'three' });
    await parts.decide(proposalId, { kind: 'reject', reason: 'no' });
  });
  afterEach(() => {
    parts.close();
  });

  it('is found out: any value of any field, of any type', async () => {
    const rows = parts.audit.verify().rows;
    assert.equal(rows, 10);
    const values: fc.Arbitrary<SqlValue> = fc.oneof(
      fc.constantFrom<SqlValue>(null, 0, 1, 2, -1, '', '1', 'user', 'applied', '[]', '[null]'),
      fc.constantFrom<SqlValue>('[{"path":"a.txt"}]', '{"path":"a.txt"}', 2 ** 53, 0.5),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
      fc.string(),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
    );
    const field = fc.record({
      column: fc.constantFrom(...COLUMNS),
      seq: fc.integer({ min: 1, max: rows }),
      value: values,
    });
    await fc.assert(
      fc.asyncProperty(field, async ({ column, seq, value }) => {
        const { database, audit } = parts;
        const stored = (): string =>
          database
            .all(`SELECT quote(seq) AS seq, quote(${column}) AS it FROM audit ORDER BY 1`)
            .map(({ seq: at, it }) => `${String(at)} ${String(it)}`)
            .join('\n');
        const before = stored();
        await undone(database, () => {
          try {
            database.run(`UPDATE audit SET ${column} = ? WHERE seq = ?`, value, seq);
          } catch (error) {
            if (/constraint|mismatch/u.test(String(error))) fc.pre(false);
            throw error;
          }
          // A column may store it as what was there: '1' in a column of numbers.
          fc.pre(stored() !== before);
          const { problem, at } = audit.verify();
          assert.notEqual(problem, null);
          assert.ok(at !== null && at <= seq);
        });
      }),
      { numRuns: 600 },
    );
    assert.equal(parts.audit.verify().problem, null);
  });

  it('in the text of its files is found out, even where it means the same', async () => {
    for (const change of [
      `files || ' '`,
      `replace(files, '"path"', '"note":"x","path"')`,
      `replace(files, 'a.txt', '\\u0061.txt')`,
      `replace(files, '[{', '[{"path":"z",')`,
    ]) {
      await undone(parts.database, () => {
        assert.equal(parts.database.run(`UPDATE audit SET files = ${change} WHERE seq = 2`), 1);
        assert.deepEqual(parts.audit.verify(), { rows: 1, problem: 'changed', at: 2 }, change);
      });
    }
  });

  it('an end that was cut off stays found out when rows are added to what is left', async () => {
    tamper(parts.database, 'DELETE FROM audit WHERE seq > 6');
    assert.deepEqual(parts.audit.verify(), { rows: 6, problem: 'cutOff', at: 7 });
    await parts.executor.apply(await parts.approved({ 'a.txt': 'four' }));
    assert.notEqual(parts.audit.verify().problem, null);
    await parts.executor.apply(await parts.approved({ 'a.txt': 'five' }));
    assert.notEqual(parts.audit.verify().problem, null);
  });

  it('a head that was lost says nothing, and is kept again from the next row on', async () => {
    parts.head.value = null;
    assert.equal(parts.audit.verify().problem, null);
    await parts.approved({ 'a.txt': 'four' });
    assert.match(String(parts.head.value), /^12:[0-9a-f]{64}$/u);
    parts.head.value = 'not a head';
    assert.equal(parts.audit.verify().problem, null);
  });
});
