// Does a part of the work on a thread, and ends: `node long-thread-child.ts <part as JSON>`.
import { openBench } from '../support/core.ts';
import { type Part, repliesFor } from './long-thread.ts';

const part = JSON.parse(process.argv[2] ?? '') as Part;
const bench = openBench(part.folder, part.storage, repliesFor(part));
const { threads } = bench.core;

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}

threads.onAsked(({ threadId, item }) => {
  // The model keeps what it is asked; the product keeps none of it.
  bench.model.requests.length = 0;
  bench.decide(threadId, item, { kind: 'approve' }).catch(fail);
});
threads.onEvent(({ event }) => {
  if (event.kind === 'status' && event.failure !== null) fail(event.failure);
});
const threadId = await threads.send(part.threadId, 'Go on.');
await bench.reaches(threadId, 'idle');
await bench.core.close();
if (bench.logged.length > 0) fail(bench.logged);
console.log(threadId);
