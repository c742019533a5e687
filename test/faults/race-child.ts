// One of two processes that answer the same question: told over IPC what and when, it decides and,
// if its answer was the first, applies. `node race-child.ts <folder> <storage>`.
import { atFailpoints } from '../../src/shared/failpoint.ts';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import { makeParts } from '../unit/support/parts.ts';
import { counting } from './counting-files.ts';

/** One round as the parent asks for it. */
export interface Round {
  readonly proposalId: string;
  readonly effectHash: string;
  readonly decision: 'approve' | 'reject';
  /** On the clock that both processes share, in nanoseconds. */
  readonly at: string;
  /** Carries on as the first one would, whatever it is told. */
  readonly stubborn: boolean;
}

export interface RoundResult {
  readonly outcome: string;
  readonly state: string;
  /** How often this process changed a file. */
  readonly changes: number;
  readonly error: string | null;
}

const [, , folder = '', storage = ''] = process.argv;
const changes = new Map<string, number>();
const parts = makeParts({}, { folder, storage, files: counting(nodeFileSystem, folder, changes) });

/** Holds an effect up where it is about to happen, so that the other one comes in between. */
let held = 0n;
atFailpoints((name) => {
  if (name !== 'fs.beforeRename') return;
  const end = process.hrtime.bigint() + held;
  while (process.hrtime.bigint() < end);
});

async function play(round: Round): Promise<RoundResult> {
  const { proposalId, effectHash, decision, at, stubborn } = round;
  changes.clear();
  held = stubborn ? 3_000_000n : 0n;
  let outcome = '';
  let error: string | null = null;
  while (process.hrtime.bigint() < BigInt(at));
  try {
    outcome = await parts.ledger.decide(
      proposalId,
      effectHash,
      decision === 'approve' ? { kind: 'approve' } : { kind: 'reject', reason: 'no' },
    );
    if (outcome === 'taken' || stubborn) await parts.executor.apply(proposalId);
  } catch (thrown) {
    error = String(thrown);
  }
  const total = [...changes.values()].reduce((sum, count) => sum + count, 0);
  return { outcome, state: parts.find(proposalId).state, changes: total, error };
}

process.on('message', (round: Round) => {
  void play(round).then((result) => process.send?.(result));
});
process.send?.('ready');
