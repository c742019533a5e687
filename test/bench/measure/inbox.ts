import { NOTHING, type WaitingRow, followInbox } from '../../../src/threads/inbox.ts';
import { makeBench, shownOf } from '../../support/core.ts';
import { now } from '../support/clock.ts';
import { median, quantile } from '../support/statistics.ts';

/** From an answer to the list of all that waits without it, in milliseconds. */
export interface InboxFigures {
  readonly pending: number;
  readonly threads: number;
  readonly median: number;
  readonly p95: number;
}

const THREADS = 10;
const EACH = 5;

/** Rejects all that waits in several threads, one after the other, in the order in which it is listed. */
export async function measureInbox(): Promise<InboxFigures> {
  const names = Array.from({ length: THREADS * EACH }, (_, file) => `file-${file}.txt`);
  const calls = names.map((path) => ({
    id: path,
    name: 'write_file',
    args: { path, content: `${path}, changed\n` },
  }));
  const bench = makeBench(Object.fromEntries(names.map((name) => [name, `${name}\n`])), [
    ...Array.from({ length: THREADS }, (_, thread) => ({
      calls: calls.slice(thread * EACH, (thread + 1) * EACH),
    })),
    ...Array.from({ length: THREADS * EACH }, () => ({ text: 'All right.' })),
  ]);
  const { threads } = bench.core;
  let rows = NOTHING.rows;
  let onRows: (rows: readonly WaitingRow[]) => void = () => undefined;
  const following = followInbox(bench.core, (inbox) => {
    ({ rows } = inbox);
    onRows(rows);
  });
  const reaches = (count: number): Promise<void> =>
    new Promise((resolve) => {
      onRows = ({ length }) => {
        if (length === count) resolve();
      };
      onRows(rows);
    });
  for (let thread = 0; thread < THREADS; thread++) {
    const id = await threads.send(null, `Thread ${thread}`);
    await bench.reaches(id, 'waiting');
  }
  await reaches(names.length);
  const took: number[] = [];
  while (rows.length > 0) {
    const [row] = rows;
    if (row === undefined) break;
    const shown = shownOf(row.item);
    const started = now();
    const gone = reaches(rows.length - 1);
    const outcome = await threads.decide(row.threadId, shown, { kind: 'reject', reason: '' });
    if (outcome.kind !== 'taken') throw new Error(JSON.stringify(outcome));
    await gone;
    took.push(now() - started);
  }
  following.dispose();
  await bench.close();
  const pending = names.length;
  return { pending, threads: THREADS, median: median(took), p95: quantile(took, 0.95) };
}
