import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import type { ProposalState } from '../../src/shared/decision.ts';
import { type FaultBench, ONE, THREE, makeFaultBench } from './fault-bench.ts';
import { makeFaultyDatabase } from './faulty-database.ts';
import { type FileCall, type Plan, atCall, firstOf, fromCall, recording } from './faulty-files.ts';
import { isTemporary } from './kill/checker.ts';

const CODES = ['ENOSPC', 'EDQUOT', 'EIO', 'EACCES', 'EROFS', 'EBUSY', 'EMFILE', 'ENFILE', 'EINTR'];
const EFFECTS = { 'one file': ONE, 'three files': THREE } as const;

/** One run: the disk has faults while the effect is applied, and none any more later. */
async function runWith(
  effect: (typeof EFFECTS)[keyof typeof EFFECTS],
  plan: Plan,
): Promise<{ bench: FaultBench; state: ProposalState; calls: readonly FileCall[] }> {
  const calls: FileCall[] = [];
  let mended = false;
  const until: Plan = (call) => (mended ? null : firstOf(recording(calls), plan)(call));
  const bench = makeFaultBench(effect, { plan: until });
  const { state } = await bench.attempt();
  mended = true;
  return { bench, state, calls };
}

describe('when a call of the file system fails while an effect is applied', () => {
  const atEachCall = async (
    effect: (typeof EFFECTS)[keyof typeof EFFECTS],
    planOf: (number: number) => Plan,
    judge: (bench: FaultBench, state: ProposalState) => Promise<void>,
  ): Promise<void> => {
    for (let number = 1; ; number++) {
      const { bench, state, calls } = await runWith(effect, planOf(number));
      try {
        bench.check();
        if (calls.length < number) {
          assert.equal(state, 'applied');
          assert.ok(number > 20, 'there were calls');
          return;
        }
        await judge(bench, state);
      } catch (error) {
        const { name, path } = calls[number - 1] ?? { name: 'none', path: '' };
        throw new Error(`call ${number}, ${name} ${path}: ${state}`, { cause: error });
      } finally {
        bench.close();
      }
    }
  };
  /** Ended, and said how; or open, and settled once the disk is whole again. */
  const settles = async (bench: FaultBench, state: ProposalState): Promise<void> => {
    const [proposal] = bench.parts.ledger.ofThread('t');
    if (state !== 'applied') assert.notEqual(proposal?.reason, '', 'it says why');
    const open: ProposalState[] = ['proposed', 'partial', 'unknown'];
    assert.ok([...open, 'applied', 'failed', 'stale'].includes(state));
    if (state === 'proposed') assert.equal((await bench.attempt()).state, 'applied');
    bench.check();
    const again = bench.restart();
    await again.parts.executor.recover('t');
    again.check();
    again.close();
  };
  const leavesNothing = (bench: FaultBench): void => {
    const names = readdirSync(bench.parts.folder, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(names.filter(isTemporary), []);
  };

  for (const [what, effect] of Object.entries(EFFECTS)) {
    for (const code of CODES) {
      it(`FS-04: ${what}, ${code}: applied, or as it was; never a silent half`, () =>
        atEachCall(
          effect,
          (number) => atCall(number, { code, when: 'before' }),
          async (bench, state) => {
            // One call fails, and what was done until then can be put back.
            assert.ok(['applied', 'failed', 'stale', 'proposed'].includes(state), state);
            await settles(bench, state);
          },
        )).timeout(60_000);
    }

    for (const when of ['partly', 'after'] as const) {
      it(`FS-04: ${what}, a call that fails ${when} is done: never a silent half`, () =>
        atEachCall(effect, (number) => atCall(number, { code: 'EIO', when }), settles)).timeout(
        60_000,
      );
    }

    for (const when of ['before', 'partly', 'after'] as const) {
      it(`FS-04: ${what}, the disk is gone from a call on, and fails ${when}: never a silent half`, async () => {
        const found = new Set<ProposalState>();
        await atEachCall(
          effect,
          (number) => fromCall(number, { code: 'EIO', when }),
          async (bench, state) => {
            found.add(state);
            await settles(bench, state);
          },
        );
        // What cannot be looked at any more is not known.
        assert.ok(found.has('unknown'), [...found].join());
      }).timeout(60_000);
    }

    it(`FS-04: ${what}, the disk becomes read-only: what cannot be put back is said, file by file`, async () => {
      const found = new Set<ProposalState>();
      const changes = new Set(['open', 'rename', 'link', 'unlink', 'mkdir', 'rmdir']);
      const readOnlyFrom = (number: number): Plan => {
        const all = fromCall(number, { code: 'EROFS', when: 'before' });
        return (call) =>
          changes.has(call.name) && call.args[1] !== 'r' && typeof call.args[1] !== 'number'
            ? all(call)
            : null;
      };
      await atEachCall(effect, readOnlyFrom, async (bench, state) => {
        found.add(state);
        await settles(bench, state);
      });
      assert.equal(found.has('partial'), effect === THREE, [...found].join());
    }).timeout(60_000);
  }

  it('FS-01: a disk that is full from the start changes nothing and leaves nothing', async () => {
    const full: Plan = ({ name }) =>
      name === 'handle.write' ? { code: 'ENOSPC', when: 'partly' } : null;
    const { bench, state } = await runWith(THREE, full);
    assert.equal(state, 'failed');
    bench.check();
    leavesNothing(bench);
    bench.close();
  });
});

describe('FS-02: when what a file had cannot be kept', () => {
  const full = (armed: () => boolean): NonNullable<Parameters<typeof makeFaultBench>[1]> => ({
    wrap: (database) =>
      makeFaultyDatabase(database, ({ sql }) =>
        armed() && sql.includes('INTO blobs') ? { code: 'SQLITE_FULL', when: 'before' } : null,
      ),
  });

  it('FS-02: nothing is proposed, and so nothing starts', async () => {
    const bench = makeFaultBench(
      THREE,
      full(() => true),
    );
    await assert.rejects(bench.attempt(), /no space/u);
    assert.deepEqual(bench.parts.ledger.ofThread('t'), []);
    bench.check();
    bench.close();
  });

  it('FS-02: an approved change is not started', async () => {
    let armed = false;
    const bench = makeFaultBench(
      ONE,
      full(() => armed),
    );
    const { parts } = bench;
    const path = parts.at('a.txt');
    // What was typed is the base; what the disk has is the preimage that is to be kept.
    parts.editor.open(path);
    parts.editor.type(path, 'typed\n');
    const { proposalId } = await parts.propose({ 'a.txt': 'typed\nand more\n' });
    await parts.decide(proposalId, { kind: 'approve' });
    armed = true;
    const { state, reason } = await parts.executor.apply(proposalId);
    assert.equal(state, 'failed');
    assert.match(reason, /no space/u);
    assert.equal(readFileSync(path, 'utf8'), 'a as it was');
    assert.equal(parts.editor.textOf(path), 'typed\n');
    assert.equal(bench.changes.size, 0);
    bench.close();
  });
});
