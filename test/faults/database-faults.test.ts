import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { ProposalState } from '../../src/shared/decision.ts';
import type { PartsOptions } from '../unit/support/parts.ts';
import { type FaultBench, ONE, THREE, makeFaultBench } from './fault-bench.ts';
import { type DatabaseCall, type DatabaseFault, makeFaultyDatabase } from './faulty-database.ts';
import { isTemporary } from './kill/checker.ts';

const FAULTS: readonly DatabaseFault[] = [
  { code: 'SQLITE_FULL', when: 'before' },
  { code: 'SQLITE_IOERR', when: 'before' },
  { code: 'SQLITE_BUSY', when: 'before' },
  { code: 'SQLITE_IOERR', when: 'after' },
];

/** A fault at one call, until it is mended. */
interface Broken {
  readonly wrap: NonNullable<PartsOptions['wrap']>;
  readonly failed: () => DatabaseCall | null;
  readonly mend: () => void;
}

function breakAt(number: number, fault: DatabaseFault): Broken {
  let failed: DatabaseCall | null = null;
  let mended = false;
  return {
    wrap: (database) =>
      makeFaultyDatabase(database, (call) => {
        if (mended || call.number !== number) return null;
        failed = call;
        return fault;
      }),
    failed: () => failed,
    mend: () => {
      mended = true;
    },
  };
}

describe('when a call of the database fails', () => {
  /** One run for each call, until one is through without a failure. */
  const atEachCall = async (
    fault: DatabaseFault,
    run: (broken: Broken) => Promise<FaultBench>,
  ): Promise<void> => {
    for (let number = 1; ; number++) {
      const broken = breakAt(number, fault);
      let bench: FaultBench | null = null;
      try {
        bench = await run(broken);
      } catch (error) {
        const { name = '', sql = '' } = broken.failed() ?? {};
        throw new Error(`call ${number}, ${name} ${sql}`, { cause: error });
      } finally {
        bench?.close();
      }
      if (broken.failed() === null) {
        assert.ok(number > 3, 'there were calls');
        return;
      }
    }
  };
  /** Asked again, the user approves again, and answers how to go on with what is unclear. */
  const untilEnded = async (bench: FaultBench, may: readonly ProposalState[]): Promise<void> => {
    let { state, reason } = await bench.attempt();
    bench.check();
    for (let again = 0; again < 3 && state === 'proposed'; again++) {
      ({ state, reason } = await bench.attempt());
      bench.check();
    }
    assert.ok(may.includes(state), `${state}: ${reason}`);
    const left = readdirSync(bench.parts.folder, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(left.filter(isTemporary), []);
  };
  const outcome = (work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: unknown) => error);

  for (const [what, effect] of [
    ['one file', ONE],
    ['three files', THREE],
  ] as const) {
    for (const fault of FAULTS) {
      const { code, when } = fault;
      it(`${what}, ${code} ${when}: the next attempt settles it, and nothing is lost or done twice`, () =>
        atEachCall(fault, async ({ wrap, mend }) => {
          const bench = makeFaultBench(effect, { wrap });
          await outcome(bench.attempt());
          mend();
          bench.check();
          await untilEnded(bench, ['applied', 'failed']);
          return bench;
        })).timeout(120_000);

      it(`${what}, ${code} ${when}: the next process settles it, and nothing is lost or done twice`, () =>
        atEachCall(fault, async ({ wrap }) => {
          const first = makeFaultBench(effect, { wrap });
          await outcome(first.attempt());
          first.check();
          const bench = first.restart();
          await bench.parts.executor.recover('t');
          bench.check();
          await untilEnded(bench, ['applied', 'failed']);
          return bench;
        })).timeout(120_000);
    }

    const left: readonly (readonly [files: number, ends: readonly ProposalState[]])[] = [
      [0, ['applied']],
      ...(effect === ONE ? [] : [[2, ['partial']] as const]),
      [Object.keys(effect).length, ['applied']],
    ];
    for (const [files, ends] of left) {
      for (const fault of FAULTS) {
        const { code, when } = fault;
        it(`${what}, ${code} ${when}: killed after ${files}, a start that fails is made good by the next`, () =>
          atEachCall(fault, async ({ wrap, mend }) => {
            const killed = makeFaultBench(effect);
            await killed.cutOff(files);
            const broken = killed.restart({ wrap });
            await outcome(broken.parts.executor.recover('t'));
            broken.check();
            mend();
            const bench = broken.restart();
            await bench.parts.executor.recover('t');
            bench.check();
            await untilEnded(bench, ends);
            return bench;
          })).timeout(120_000);
      }
    }
  }
});
