import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Proposal } from '../../src/approval/proposal.ts';
import { sha256 } from '../../src/checkpoint/blobs.ts';
import type { Decision } from '../../src/shared/decision.ts';
import { atFailpoints } from '../../src/shared/failpoint.ts';
import type { ToolItem } from '../../src/shared/thread-view.ts';
import type { ScriptedCall } from '../support/scripted-model.ts';
import { Flow, create, edit, patchLines, remove, write } from './support/flow.ts';

const FILES = { 'a.txt': 'a\n\n\n1\n', 'b.txt': 'b\n\n\n2\n', 'c.txt': 'c\n\n\n3\n' };

const CALLS: readonly ((id: string) => ScriptedCall)[] = [
  (id) => edit(id, 'a.txt', 'a', 'A'),
  (id) => edit(id, 'a.txt', '1', 'one'),
  (id) => patchLines(id, { 'a.txt': ['a', 'AA'], 'b.txt': ['b', 'B'], 'c.txt': ['c', 'C'] }),
  (id) => patchLines(id, { 'b.txt': ['b', 'BB'], 'a.txt': ['a', 'AAA'] }),
  (id) => patchLines(id, { 'c.txt': ['c', 'CC'], 'b.txt': ['b', 'BBB'], 'a.txt': ['a', '4A'] }),
  (id) => remove(id, 'b.txt'),
  (id) => create(id, { 'n/1.txt': 'x\n', 'n/2.txt': 'y\n', 'n/3.txt': 'z\n' }),
  (id) => ({ id, name: 'move_file', args: { from: 'c.txt', to: 'moved/c.txt' } }),
  (id) => write(id, 'b.txt', 'all new\n'),
];

const DECISIONS: readonly Decision[] = [
  { kind: 'approve' },
  { kind: 'approve', note: 'fine' },
  { kind: 'reject', reason: 'no' },
  { kind: 'edit', files: [{ operation: 0, text: 'typed\n' }] },
  { kind: 'partial', files: [{ operation: 0, changes: 'all' }], reason: '' },
  { kind: 'doneByHand' },
  { kind: 'settle', way: 'keep' },
  { kind: 'settle', way: 'finish' },
  { kind: 'settle', way: 'rollBack' },
];

interface Step {
  readonly which: number;
  readonly decision: Decision;
  /** The write that fails in what the decision leads to; 0: none. */
  readonly failing: number;
  /** And so does every one after it. */
  readonly lasting: boolean;
  /** What the user does to a file right before. */
  readonly outside: 'nothing' | 'write' | 'delete' | 'end';
  readonly restart: boolean;
}

/** Hashes of all files, by their path in the folder. */
function filesIn(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path, sha256(new Uint8Array(readFileSync(path)))]));
}

/** What each file would be if an effect were whole, and what it was before it. */
function sidesOf({ operations }: Proposal): Map<string, readonly (string | null)[]> {
  const sides = new Map<string, readonly (string | null)[]>();
  for (const { realPath, to, baseSha256, newSha256 } of operations) {
    sides.set(realPath, to === null ? [newSha256, baseSha256] : [null, baseSha256]);
    // Between the two names, the old bytes are at the new one.
    if (to !== null) sides.set(to.realPath, [newSha256, null, baseSha256]);
  }
  return sides;
}

describe('whatever is approved and whatever fails', () => {
  let flow: Flow;
  const met = new Map<string, number>();

  it('a file changes only to what was approved for it, and the ledger says what is on the disk', async function () {
    this.timeout(300_000);
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.log(`      SEED=${seed}`);
    const step: fc.Arbitrary<Step> = fc.record({
      which: fc.nat(3),
      decision: fc.oneof(
        { weight: 3, arbitrary: fc.constant<Decision>({ kind: 'approve' }) },
        { weight: 3, arbitrary: fc.constantFrom(...DECISIONS) },
      ),
      failing: fc.constantFrom(0, 0, 1, 2, 2, 3),
      lasting: fc.constantFrom(true, true, false),
      outside: fc.constantFrom('nothing', 'nothing', 'nothing', 'write', 'delete', 'end'),
      restart: fc.nat(7).map((turn) => turn === 0),
    });
    const calls = fc.array(fc.nat(CALLS.length - 1), { minLength: 1, maxLength: 3 });
    const steps = fc.array(step, { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(calls, steps, async (called, done) => {
        flow = await Flow.start(FILES, { calls: called.map((call, at) => CALLS[call]!(`${at}`)) });
        try {
          for (const one of done) await play(one);
        } finally {
          atFailpoints(null);
          await flow.close();
        }
      }),
      { numRuns: 100, seed, endOnFailure: true },
    );
    console.log(`      ${[...met].map(([state, times]) => `${state} ${times}`).join(', ')}`);
    for (const state of ['applied', 'failed', 'partial', 'rejected']) {
      assert.ok(met.has(state), `never ${state}`);
    }
  });

  async function play({
    which,
    decision,
    failing,
    lasting,
    outside,
    restart,
  }: Step): Promise<void> {
    if (restart) await flow.restart();
    if (outside === 'write') writeFileSync(flow.at('a.txt'), 'mine\n');
    if (outside === 'delete') rmSync(flow.at('b.txt'), { force: true });
    if (outside === 'end' && existsSync(flow.at('c.txt'))) {
      writeFileSync(flow.at('c.txt'), 'c\n\n\nthe end\n');
    }
    const waiting = await flow.bench.pendingItems(flow.id);
    const item: ToolItem | undefined = waiting[which % Math.max(1, waiting.length)];
    if (item === undefined) return;
    const before = filesIn(flow.bench.folder);
    const { interruptId: asked } = await flow.proposal(item.id);
    assert.notEqual(asked, null);
    let writes = 0;
    atFailpoints((name) => {
      if (name !== 'fs.tempWritten' || failing === 0) return;
      writes++;
      if (writes === failing || (lasting && writes > failing)) throw new Error('the disk is gone');
    });
    await flow.answer(decision, item.id);
    atFailpoints(null);
    const proposal = await flow.proposal(item.id);
    met.set(proposal.state, (met.get(proposal.state) ?? 0) + 1);
    check(proposal, before, filesIn(flow.bench.folder));
  }

  function check(
    proposal: Proposal,
    before: Map<string, string>,
    after: Map<string, string>,
  ): void {
    const { state, origin } = proposal;
    const sides = sidesOf(proposal);
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (path) => before.get(path) !== after.get(path),
    );
    const rows = flow.bench.core.audit.rows();
    const own = rows.filter(({ proposalId }) => proposalId === proposal.proposalId);
    if (changed.length > 0) {
      assert.ok(
        own.some(({ event }) => event === 'approved'),
        'changed without an approval',
      );
      assert.ok(['applied', 'rolledBack', 'partial', 'unknown'].includes(state), state);
    }
    for (const path of changed) {
      assert.ok(sides.has(path), `${path} was not in the proposal`);
      assert.ok(sides.get(path)?.includes(after.get(path) ?? null), `${path} has other bytes`);
    }
    for (const [path, [now = null, base = null]] of sides) {
      const found = after.get(path) ?? null;
      if (state === 'applied') assert.equal(found, now, `${path} is not as applied`);
      if (state === 'rolledBack') assert.equal(found, base, `${path} is not as before`);
    }
    if (['rejected', 'stale', 'failed', 'cancelled', 'doneByHand', 'kept'].includes(state)) {
      assert.deepEqual(after, before, `${state}, and files changed`);
    }
    if (state === 'proposed')
      assert.deepEqual(after, before, `asks again (${origin}), and changed`);
  }
});
