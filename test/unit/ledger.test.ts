import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import type { Ledger } from '../../src/approval/ledger.ts';
import { sha256 } from '../../src/checkpoint/blobs.ts';
import type { ProposalState } from '../../src/shared/decision.ts';
import { type Parts, bytesOf, makeParts } from './support/parts.ts';

describe('the ledger', () => {
  let parts: Parts;
  let ledger: Ledger;
  const stateOf = (id: string): ProposalState => parts.find(id).state;

  beforeEach(() => {
    parts = makeParts({ 'a.txt': 'old', 'b.txt': 'b' });
    ({ ledger } = parts);
  });
  afterEach(() => {
    parts.close();
  });

  it('freezes the bytes of every file, before and after', async () => {
    const proposal = await parts.freeze({ 'a.txt': 'new', 'b.txt': null, 'c.txt': 'made' });
    assert.equal(proposal.state, 'proposed');
    assert.deepEqual(
      proposal.operations.map(({ op, baseSha256, newSha256 }) => [op, baseSha256, newSha256]),
      [
        ['write', sha256(bytesOf('old')), sha256(bytesOf('new'))],
        ['delete', sha256(bytesOf('b')), null],
        ['write', null, sha256(bytesOf('made'))],
      ],
    );
    assert.deepEqual(ledger.bytes(sha256(bytesOf('new'))), bytesOf('new'));
  });

  it('keeps large bytes packed, and gives them back exactly', async () => {
    const text = 'the same line again\n'.repeat(5000);
    await parts.freeze({ 'a.txt': text });
    const hash = sha256(bytesOf(text));
    const row = parts.database.get(
      'SELECT length(bytes) AS size FROM blobs WHERE sha256 = ?',
      hash,
    );
    assert.ok(Number(row?.['size']) < text.length / 20);
    assert.deepEqual(Buffer.from(ledger.bytes(hash)).toString(), text);
  });

  it('answers what was frozen first when the same call comes again with something else', async () => {
    const call = { threadId: 't', toolCallId: 'c' };
    const change = { realPath: '/a', displayPath: 'a', base: null, next: bytesOf('first') };
    const first = await ledger.freeze(call, 'edit', [change]);
    const second = await ledger.freeze(call, 'edit', [{ ...change, next: bytesOf('second') }]);
    assert.deepEqual(second, first);
    const elsewhere = await ledger.freeze({ ...call, threadId: 'u' }, 'edit', [change]);
    assert.notEqual(elsewhere.proposalId, first.proposalId);
  });

  it('APR-10: finds a proposal by thread and interrupt, never across threads', async () => {
    const { proposalId } = await parts.freeze({ 'a.txt': 'new' });
    await ledger.ask(proposalId, 'i', true);
    assert.equal(ledger.ofInterrupt('t', 'i')?.proposalId, proposalId);
    assert.equal(ledger.ofInterrupt('other', 'i'), null);
    assert.equal(ledger.ofInterrupt('t', 'j'), null);
  });

  it('binds an effect to its interrupt when it is shown, and not before', async () => {
    const { proposalId } = await parts.freeze({ 'a.txt': 'new' });
    assert.equal(parts.find(proposalId).shown, null);
    assert.equal(await ledger.decide(proposalId, '', { kind: 'approve' }), 'changed');
    await ledger.ask(proposalId, 'i', true);
    const first = parts.find(proposalId).shown;
    await ledger.ask(proposalId, 'i', true);
    assert.deepEqual(parts.find(proposalId).shown, first);
    await ledger.ask(proposalId, 'j', true);
    const second = parts.find(proposalId).shown;
    assert.notEqual(second?.effectHash, first?.effectHash);
    assert.notEqual(second?.binding.nonce, first?.binding.nonce);
    const old = await ledger.decide(proposalId, first!.effectHash, { kind: 'approve' });
    assert.equal(old, 'changed');
    assert.equal(stateOf(proposalId), 'proposed');
  });

  it('needs no lock to be told again of an interrupt that it knows', async () => {
    const { proposalId } = await parts.freeze({ 'a.txt': 'new' });
    await ledger.ask(proposalId, 'i', true);
    const other = new DatabaseSync(parts.database.path);
    other.exec('BEGIN IMMEDIATE');
    await ledger.ask(proposalId, 'i', true);
    const asked = ledger.ask(proposalId, 'j', true);
    assert.equal(parts.find(proposalId).interruptId, 'i');
    other.close();
    await asked;
    assert.equal(parts.find(proposalId).interruptId, 'j');
  });

  it('takes the first decision only, whichever it is', async () => {
    const approved = await parts.approved({ 'a.txt': 'one' });
    assert.equal(await parts.decide(approved, { kind: 'reject', reason: 'no' }), 'tooLate');
    assert.equal(stateOf(approved), 'approved');
    const { proposalId: rejected } = await parts.propose({ 'a.txt': 'two' });
    assert.equal(await parts.decide(rejected, { kind: 'reject', reason: 'no' }), 'taken');
    assert.equal(await parts.decide(rejected, { kind: 'approve' }), 'tooLate');
    assert.equal(parts.find(rejected).reason, 'no');
  });

  it('shows a revision under the same interrupt with another hash; the old answer does not count', async () => {
    const before = await parts.propose({ 'a.txt': 'new' });
    const changes = [await parts.change('a.txt', 'newer')];
    const revision = { origin: 'edited', changes, stacked: false, reason: '' } as const;
    assert.equal(await ledger.revise(before, revision), true);
    assert.equal(await ledger.revise(before, revision), false, 'seen before the revision');
    const after = parts.find(before.proposalId);
    assert.equal(after.interruptId, before.interruptId);
    assert.equal(
      await ledger.decide(after.proposalId, before.shown!.effectHash, { kind: 'approve' }),
      'changed',
    );
    assert.equal(await parts.decide(after.proposalId, { kind: 'approve' }), 'taken');
    assert.equal(parts.find(after.proposalId).approvedHash, after.shown!.effectHash);
  });

  it('approves other changes under a hash of their own', async () => {
    const { proposalId, shown } = await parts.propose({ 'a.txt': 'new', 'b.txt': 'bb' });
    const changes = [await parts.change('a.txt', 'mine')];
    const decision = { kind: 'edit', files: [{ operation: 0, text: 'mine' }] } as const;
    const said = await ledger.decide(proposalId, shown!.effectHash, decision, changes);
    assert.equal(said, 'taken');
    const approved = parts.find(proposalId);
    assert.notEqual(approved.approvedHash, shown!.effectHash);
    assert.equal(approved.operations.length, 1);
    assert.equal(ledger.operations(proposalId, approved.proposedRevision).length, 2);
  });

  it('lets one of two connections claim, and knows who', async () => {
    const other = makeParts({}, { folder: parts.folder, storage: parts.storage });
    const { proposalId } = await parts.propose({ 'a.txt': 'new' });
    assert.equal(await ledger.claim(proposalId), null);
    await parts.decide(proposalId, { kind: 'approve' });
    const claimed = await other.ledger.claim(proposalId);
    assert.notEqual(claimed, null);
    assert.equal(await ledger.claim(proposalId), null);
    assert.equal(other.ledger.holds(claimed!), true);
    assert.equal(ledger.holds(claimed!), false);
    await ledger.reopen(claimed!, 'taken back');
    assert.equal(other.ledger.holds(claimed!), false);
    assert.equal(await other.ledger.finish(claimed!, 'applied', ''), false);
    other.database.close();
  });

  it('nothing but the ways of its life leads from one state to another', async () => {
    type Move = 'approve' | 'reject' | 'byHand' | 'keep' | 'claim' | 'reopen' | 'apply' | 'doubt';
    const LIFE: Partial<Record<ProposalState, Partial<Record<Move, ProposalState>>>> = {
      proposed: {
        ...{ approve: 'approved', reject: 'rejected', byHand: 'doneByHand' },
        ...{ reopen: 'proposed', apply: 'applied', doubt: 'unknown' },
      },
      approved: { claim: 'claimed', reopen: 'proposed', apply: 'applied', doubt: 'unknown' },
      claimed: { reopen: 'proposed', apply: 'applied', doubt: 'unknown' },
      unknown: { keep: 'kept', reopen: 'proposed', apply: 'applied', doubt: 'unknown' },
    };
    const MOVES: Record<Move, (id: string) => unknown> = {
      approve: (id) => parts.decide(id, { kind: 'approve' }),
      reject: (id) => parts.decide(id, { kind: 'reject', reason: 'no' }),
      byHand: (id) => parts.decide(id, { kind: 'doneByHand' }),
      keep: (id) => parts.decide(id, { kind: 'settle', way: 'keep' }),
      claim: (id) => ledger.claim(id),
      reopen: (id) => ledger.reopen(parts.find(id), ''),
      apply: (id) => ledger.finish(parts.find(id), 'applied', ''),
      doubt: (id) => ledger.finish(parts.find(id), 'unknown', 'why'),
    };
    /** Whoever ends or reopens says what it saw; only these states are ever seen by them. */
    const byState = (move: Move, state: ProposalState): boolean =>
      !['reopen', 'apply', 'doubt'].includes(move) || LIFE[state] !== undefined;
    const moves = fc.array(fc.constantFrom(...(Object.keys(MOVES) as Move[])), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(moves, async (names) => {
        const { proposalId } = await parts.propose({ 'a.txt': 'new' });
        let state: ProposalState = 'proposed';
        for (const name of names) {
          if (!byState(name, state)) continue;
          const next: ProposalState | undefined = LIFE[state]?.[name];
          await MOVES[name](proposalId);
          state = next ?? state;
          assert.equal(stateOf(proposalId), state, name);
          if (name === 'reopen') await ledger.ask(proposalId, `interrupt-${proposalId}`, true);
        }
        assert.equal(parts.audit.verify().problem, null);
      }),
      { numRuns: 60 },
    );
  });
});
