import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Ledger } from '../../src/approval/ledger.ts';
import { createLedger } from '../../src/approval/ledger.ts';
import { createBlobStore, sha256 } from '../../src/checkpoint/blobs.ts';
import { openDatabase } from '../../src/checkpoint/database.ts';
import type { ProposalState } from '../../src/shared/decision.ts';
import { type Parts, bytesOf, makeParts } from './support/parts.ts';

describe('the ledger', () => {
  let parts: Parts;
  let ledger: Ledger;
  const stateOf = (id: string): ProposalState | undefined => ledger.find(id)?.state;

  beforeEach(() => {
    parts = makeParts({ 'a.txt': 'old' });
    ({ ledger } = parts);
  });
  afterEach(() => {
    parts.close();
  });

  it('freezes the bytes of a change, before and after', async () => {
    const proposal = await parts.propose('a.txt', 'new');
    assert.equal(proposal.state, 'proposed');
    assert.equal(proposal.baseSha256, sha256(bytesOf('old')));
    assert.equal(proposal.newSha256, sha256(bytesOf('new')));
    assert.deepEqual(ledger.bytes(proposal.newSha256), bytesOf('new'));
  });

  it('answers what was frozen first when the same call comes again with something else', async () => {
    const call = { threadId: 't', toolCallId: 'c' };
    const change = { realPath: '/a', displayPath: 'a', base: null, next: bytesOf('first') };
    const first = ledger.freeze(call, 'edit', change);
    const second = ledger.freeze(call, 'edit', { ...change, next: bytesOf('second') });
    assert.deepEqual(second, first);
    const elsewhere = ledger.freeze({ ...call, threadId: 'u' }, 'edit', change);
    assert.notEqual(elsewhere.proposalId, first.proposalId);
    await Promise.resolve();
  });

  it('finds a proposal by thread and interrupt, never across threads', async () => {
    const { proposalId } = await parts.propose('a.txt', 'new');
    ledger.asked(proposalId, 'i');
    assert.equal(ledger.ofInterrupt('t', 'i')?.proposalId, proposalId);
    assert.equal(ledger.ofInterrupt('other', 'i'), null);
    assert.equal(ledger.ofInterrupt('t', 'j'), null);
  });

  it('needs no lock to be told again of an interrupt that it knows', async () => {
    const { proposalId } = await parts.propose('a.txt', 'new');
    ledger.asked(proposalId, 'i');
    const other = openDatabase(parts.storage);
    other.run('BEGIN IMMEDIATE');
    ledger.asked(proposalId, 'i');
    assert.throws(() => {
      ledger.asked(proposalId, 'j');
    }, /locked/u);
    other.close();
    ledger.asked(proposalId, 'j');
    assert.equal(ledger.find(proposalId)?.interruptId, 'j');
  });

  it('takes the first decision only, whichever it is', async () => {
    const approved = await parts.propose('a.txt', 'one');
    assert.equal(ledger.decide(approved.proposalId, { kind: 'approve' }), true);
    assert.equal(ledger.decide(approved.proposalId, { kind: 'reject', reason: 'no' }), false);
    assert.equal(stateOf(approved.proposalId), 'approved');
    const rejected = await parts.propose('a.txt', 'two');
    assert.equal(ledger.decide(rejected.proposalId, { kind: 'reject', reason: 'no' }), true);
    assert.equal(ledger.decide(rejected.proposalId, { kind: 'approve' }), false);
    assert.equal(ledger.find(rejected.proposalId)?.reason, 'no');
  });

  it('lets one of two connections claim', async () => {
    const { proposalId } = await parts.propose('a.txt', 'new');
    const database = openDatabase(parts.storage);
    const other = createLedger(database, createBlobStore(database), () => 2);
    assert.equal(ledger.claim(proposalId), false);
    ledger.decide(proposalId, { kind: 'approve' });
    assert.deepEqual([other.claim(proposalId), ledger.claim(proposalId)], [true, false]);
    assert.equal(other.claim(proposalId), false);
    database.close();
  });

  it('nothing but the ways of its life leads from one state to another', async () => {
    type Move = 'approve' | 'reject' | 'claim' | 'reopen' | 'apply' | 'fail' | 'cancel';
    const LIFE: Partial<Record<ProposalState, Partial<Record<Move, ProposalState>>>> = {
      proposed: { approve: 'approved', reject: 'rejected', cancel: 'cancelled' },
      approved: { claim: 'claimed', reopen: 'proposed' },
      claimed: { apply: 'applied', fail: 'failed' },
    };
    const MOVES: Record<Move, (id: string) => unknown> = {
      approve: (id) => ledger.decide(id, { kind: 'approve' }),
      reject: (id) => ledger.decide(id, { kind: 'reject', reason: 'no' }),
      claim: (id) => ledger.claim(id),
      reopen: (id) => {
        ledger.reopen(id);
      },
      apply: (id) => ledger.finish(id, 'claimed', 'applied', ''),
      fail: (id) => ledger.finish(id, 'claimed', 'failed', 'why'),
      cancel: (id) => ledger.finish(id, 'proposed', 'cancelled', ''),
    };
    const moves = fc.array(fc.constantFrom(...(Object.keys(MOVES) as Move[])), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(moves, async (names) => {
        const { proposalId } = await parts.propose('a.txt', 'new');
        let state: ProposalState = 'proposed';
        for (const name of names) {
          const next: ProposalState | undefined = LIFE[state]?.[name];
          const said = MOVES[name](proposalId);
          if (name !== 'reopen') assert.equal(said, next !== undefined);
          state = next ?? state;
          assert.equal(stateOf(proposalId), state);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps bytes that another thread still has when one is forgotten', async () => {
    const mine = await parts.propose('a.txt', 'shared');
    const change = { realPath: '/a', displayPath: 'a', base: null, next: bytesOf('shared') };
    const theirs = ledger.freeze({ threadId: 'u', toolCallId: 'c' }, 'edit', change);
    ledger.forget('t');
    assert.equal(ledger.find(mine.proposalId), null);
    assert.deepEqual(ledger.bytes(theirs.newSha256!), bytesOf('shared'));
    assert.throws(() => ledger.bytes(sha256(bytesOf('old'))), /missing/u);
  });
});
