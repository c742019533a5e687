import { atFailpoints } from '../../../src/shared/failpoint.ts';
import type { Decision } from '../../../src/shared/decision.ts';
import { Flow, patchLines } from './flow.ts';

export const FILES = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' };

/** Makes every letter a capital one. */
export const CAPITALS = patchLines('p', {
  'a.txt': ['a', 'A'],
  'b.txt': ['b', 'B'],
  'c.txt': ['c', 'C'],
});

/** A conversation in which an effect on three files waits. */
export function startHalfWay(): Promise<Flow> {
  return Flow.start(FILES, { calls: [CAPITALS] });
}

/** Approves; the second file cannot be written, and the first not be put back. */
export async function stopHalfWay(
  flow: Flow,
  decision: Decision = { kind: 'approve' },
): Promise<void> {
  let writes = 0;
  atFailpoints((name) => {
    if (name === 'fs.tempWritten' && ++writes > 1) throw new Error('the disk is gone');
  });
  await flow.takes(decision);
  atFailpoints(null);
}

/** The letters on the disk, `-` for a file that is not there. */
export function letters(flow: Flow): string {
  return Object.keys(FILES)
    .map((path) => flow.onDisk(path) ?? '-')
    .join('')
    .replaceAll('\n', '');
}
