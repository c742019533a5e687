import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonicalJson } from '../../src/approval/canonical-json.ts';
import { effectHash, envelopeOf } from '../../src/approval/envelope.ts';
import type { FileChange } from '../../src/approval/operation.ts';
import type { Proposal } from '../../src/approval/proposal.ts';
import type { SqlValue } from '../../src/checkpoint/database.ts';
import { atFailpoints } from '../../src/shared/failpoint.ts';
import { type Parts, bytesOf, makeParts, snapshot } from './support/parts.ts';
import { tamper } from '../support/tamper.ts';

interface Vector {
  readonly envelope: Parameters<typeof effectHash>[0];
  readonly canonical: string;
  readonly effectHash: string;
}

const vector = JSON.parse(
  readFileSync(join(import.meta.dirname, '../cases/approval-vector.json'), 'utf8'),
) as Vector;

describe('the envelope of an effect', () => {
  it('is canonical and hashed as the vector says', () => {
    assert.equal(canonicalJson(vector.envelope), vector.canonical);
    assert.equal(effectHash(vector.envelope), vector.effectHash);
  });

  it('of a proposal in the ledger has the form of the vector, whatever its operations are', async () => {
    const parts = makeParts({ 'a.ts': 'a' });
    const { operations } = await parts.freeze({ 'a.ts': 'b' });
    const binding = {
      ...{ threadId: 't1', interruptId: 'i', nonce: 'n' },
      ...{ policyVersion: 7, trusted: true },
    };
    const [written] = operations;
    const moved = {
      ...written!,
      op: 'move' as const,
      to: { realPath: '/new', displayPath: 'new' },
      folder: '/old',
    };
    const keysOf = (value: unknown): string[] => Object.keys(value as object).toSorted();
    const built = JSON.parse(
      canonicalJson(
        envelopeOf({ kind: 'edit', operations: [written!, moved], command: null }, binding),
      ),
    ) as Record<string, object[]>;
    const given = vector.envelope as unknown as Record<string, object[]>;
    assert.deepEqual(keysOf(built), keysOf(given));
    assert.deepEqual(keysOf(built['ops']?.[0]), keysOf(given['ops']?.[0]));
    assert.deepEqual(
      keysOf(built['ops']?.[1]),
      [...keysOf(given['ops']?.[0]), 'folder', 'to'].toSorted(),
    );
    parts.close();
  });

  it('is one text for one value, in whatever order its keys were set', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.nat(), (value, seed) => {
        const entries = Object.entries(value);
        const turned = entries.map((_, at) => entries[(at + seed) % entries.length]!);
        const other = Object.fromEntries(turned) as Parameters<typeof canonicalJson>[0];
        const text = canonicalJson(value as Parameters<typeof canonicalJson>[0]);
        assert.equal(canonicalJson(other), text);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

type Row = 'operation' | 'proposal';

const WHEN = ['shown', 'approved', 'checked'] as const;

interface Field {
  readonly row: Row;
  readonly column: string;
  readonly idx: number;
  readonly value: SqlValue;
}

/** What the envelope covers, with values that not every row has. */
const COLUMNS: [row: Row, column: string, values: SqlValue[]][] = [
  ['operation', 'op', ['write', 'delete', 'move', 'other']],
  ['operation', 'real_path', ['/etc/passwd', '']],
  ['operation', 'to_real_path', ['/etc/passwd', null]],
  ['operation', 'folder', ['/etc', null]],
  ['operation', 'base_sha256', ['0'.repeat(64), null]],
  ['operation', 'new_sha256', ['0'.repeat(64), null]],
  ['operation', 'mode', ['100755', '120000']],
  ['operation', 'encoding', ['utf16le', 'binary']],
  ['operation', 'bom', [1]],
  ['operation', 'eol', ['crlf', 'mixed']],
  ['operation', 'revision', [7]],
  ['proposal', 'thread_id', ['u']],
  ['proposal', 'interrupt_id', ['other']],
  ['proposal', 'nonce', ['00000000000000000000000000000001']],
  ['proposal', 'policy_version', [2, 0]],
  ['proposal', 'trusted', [0]],
  ['proposal', 'kind', ['read', 'delete']],
  ['proposal', 'revision', [1]],
  ['proposal', 'approved_hash', ['0'.repeat(64), '']],
];

describe('an effect that is stored otherwise than it was shown', () => {
  let parts: Parts;
  beforeEach(() => {
    parts = makeParts({
      ...{ 'edit.txt': 'old\n', 'gone.txt': 'gone\n', 'move.txt': 'moves\n' },
      'dir/in.txt': 'in\n',
    });
  });
  afterEach(() => {
    atFailpoints(null);
    parts.close();
  });

  let calls = 0;
  const changes = async (): Promise<FileChange[]> => [
    await parts.change('edit.txt', 'new\n'),
    await parts.change('made.txt', 'made\n'),
    await parts.change('gone.txt', null),
    {
      ...(await parts.change('move.txt', 'moved\n')),
      to: { realPath: parts.at('to.txt'), displayPath: 'to.txt' },
    },
    { ...(await parts.change('dir/in.txt', null)), folder: parts.at('dir') },
  ];
  const shown = async (): Promise<Proposal> => {
    const call = { threadId: 't', toolCallId: `envelope-${calls++}` };
    const { proposalId } = await parts.ledger.freeze(call, 'edit', await changes());
    await parts.ledger.ask(proposalId, `i-${proposalId}`, true);
    return parts.find(proposalId);
  };
  const refusals = (proposalId: string): number =>
    parts.audit.rows().filter((row) => row.event === 'refused' && row.proposalId === proposalId)
      .length;
  const read = (id: string, { row, column, idx }: Omit<Field, 'value'>): SqlValue | undefined =>
    parts.database.get(
      row === 'proposal'
        ? `SELECT ${column} AS it FROM proposals WHERE proposal_id = ?`
        : `SELECT ${column} AS it FROM operations WHERE proposal_id = ? AND idx = ${idx}`,
      id,
    )?.['it'];
  const change = (id: string, { row, column, idx, value }: Field): void => {
    const where = row === 'proposal' ? '' : `AND idx = ${idx}`;
    const sql = `UPDATE ${row}s SET ${column} = ? WHERE proposal_id = ? ${where}`;
    assert.equal(tamper(parts.database, sql, value, id), 1);
  };
  const isRefused = async (proposalId: string, untouched: readonly string[]): Promise<void> => {
    const { state, reason } = await parts.executor.apply(proposalId);
    assert.equal(state, 'failed');
    assert.match(reason, /not what was approved|damaged|missing/u);
    assert.equal(refusals(proposalId), 1);
    assert.deepEqual(snapshot(parts.folder), untouched);
    assert.equal(parts.audit.verify().problem, null);
  };

  for (const [row, column, values] of COLUMNS) {
    it(`APR-05: has no effect with another ${column} of the ${row}`, async () => {
      const untouched = snapshot(parts.folder);
      // The decision itself writes this one anew.
      const times = column === 'approved_hash' ? WHEN.filter((one) => one !== 'shown') : WHEN;
      for (const [turn, value] of values.entries()) {
        for (const when of times) {
          const { proposalId, shown: showing } = await shown();
          const idx = [0, 1, 2, 3, 4]
            .map((at) => (at + turn) % 5)
            .find((at) => read(proposalId, { row, column, idx: at }) !== value);
          assert.ok(idx !== undefined, String(value));
          const field = { row, column, idx, value };
          if (when === 'shown') change(proposalId, field);
          await parts.ledger.decide(proposalId, showing!.effectHash, { kind: 'approve' });
          if (when === 'approved') change(proposalId, field);
          atFailpoints((name) => {
            if (name === 'apply.beforeClaim' && when === 'checked') change(proposalId, field);
          });
          await isRefused(proposalId, untouched);
        }
      }
    });
  }

  const WHOLE_ROWS: [what: string, sql: string][] = [
    ['a file less', 'DELETE FROM operations WHERE proposal_id = ? AND idx = 0'],
    ['a file less at the end', 'DELETE FROM operations WHERE proposal_id = ? AND idx = 4'],
    ['no file at all', 'DELETE FROM operations WHERE proposal_id = ?'],
    [
      'a file more',
      `INSERT INTO operations (proposal_id, revision, idx, op, real_path, display_path, new_sha256,
         mode, encoding, bom, eol) SELECT proposal_id, revision, 9, 'write', '/tmp/countersign-x',
         'x', new_sha256, mode, encoding, bom, eol FROM operations WHERE proposal_id = ? AND idx = 1`,
    ],
    [
      'two files in another order',
      `UPDATE operations SET idx = CASE idx WHEN 0 THEN 10 ELSE idx END WHERE proposal_id = ?`,
    ],
    [
      'the bytes before',
      `UPDATE blobs SET bytes = x'00' WHERE sha256 = (SELECT base_sha256
       FROM operations WHERE proposal_id = ? AND idx = 0)`,
    ],
    [
      'the bytes after',
      `UPDATE blobs SET bytes = x'00' WHERE sha256 = (SELECT new_sha256
       FROM operations WHERE proposal_id = ? AND idx = 0)`,
    ],
    [
      'the bytes of a move',
      `UPDATE blobs SET bytes = bytes || x'0a' WHERE sha256 = (SELECT
       new_sha256 FROM operations WHERE proposal_id = ? AND idx = 3)`,
    ],
    [
      'how bytes are packed',
      `UPDATE blobs SET packing = 'deflate' WHERE sha256 = (SELECT
       new_sha256 FROM operations WHERE proposal_id = ? AND idx = 1)`,
    ],
    [
      'bytes that are gone',
      `DELETE FROM blobs WHERE sha256 = (SELECT base_sha256
       FROM operations WHERE proposal_id = ? AND idx = 2)`,
    ],
  ];
  for (const [what, sql] of WHOLE_ROWS) {
    it(`APR-05: has no effect with ${what}`, async () => {
      const untouched = snapshot(parts.folder);
      const { proposalId } = await shown();
      await parts.decide(proposalId, { kind: 'approve' });
      assert.ok(tamper(parts.database, sql, proposalId) > 0);
      await isRefused(proposalId, untouched);
    });
  }

  it('once it is claimed, what was claimed is done, whatever is stored by then', async () => {
    const { proposalId } = await shown();
    await parts.decide(proposalId, { kind: 'approve' });
    atFailpoints((name) => {
      if (name !== 'apply.claimed') return;
      tamper(
        parts.database,
        `UPDATE operations SET real_path = '/tmp/countersign-no', new_sha256 = NULL
         WHERE proposal_id = '${proposalId}'`,
      );
    });
    assert.equal((await parts.executor.apply(proposalId)).state, 'applied');
    assert.equal(readFileSync(parts.at('edit.txt'), 'utf8'), 'new\n');
    assert.equal(readFileSync(parts.at('to.txt'), 'utf8'), 'moved\n');
  });

  it('a proposal that is said to be approved, but was not, has no effect', async () => {
    const bare = makeParts({ 'a.txt': 'old' });
    const { proposalId } = await bare.propose({ 'a.txt': 'new' });
    tamper(bare.database, `UPDATE proposals SET state = 'approved'`);
    assert.equal((await bare.executor.apply(proposalId)).state, 'failed');
    assert.equal(readFileSync(bare.at('a.txt'), 'utf8'), 'old');
    assert.deepEqual(bytesOf('old'), new Uint8Array(readFileSync(bare.at('a.txt'))));
    bare.close();
  });
});
