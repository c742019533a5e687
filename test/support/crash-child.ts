// Runs the core with the demo model until everything is decided: `node crash-child.ts <folder>
// <storage> [<point>]`. Says each point it passes on a line of its own, and stops for ever at the one
// that is named, so that the parent can kill it right there.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/checkpoint/database.ts';
import type { ThreadView } from '../../src/shared/thread-view.ts';
import { openCore } from '../../src/threads/core.ts';

const [, , folder = '', storage = '', stopAt = ''] = process.argv;

/** What the user says; the last two are rejected, and none of them is ever done twice unseen. */
const WORDS = [
  'replace one with one-one in 1.txt',
  'create new/2.txt with two',
  'delete 3.txt',
  'replace four with four-four in 4.txt',
  'delete 5.txt',
].join('\n');
const REJECTED = new Set(['4.txt', '5.txt']);

function pass(point: string): void {
  writeSync(1, `${point}\n`);
  if (point === stopAt) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** While a decision is carried out: the path it is about, and how often the executor has looked. */
let deciding: { path: string; looks: number } | null = null;

const core = openCore(
  {
    storageFolder: storage,
    editor: {
      folders: () => [{ name: 'p', path: folder }],
      hasUnsavedChanges: (realPath) => {
        if (deciding === null || realPath !== join(folder, deciding.path)) return false;
        deciding.looks++;
        if (deciding.looks === 1) pass(`taken ${deciding.path}`);
        if (deciding.looks === 2) {
          pass(`written beside ${deciding.path}`);
          if (stopAt === `done but not recorded ${deciding.path}`) lockForEver();
        }
        return false;
      },
      moveToTrash: () => Promise.resolve(false),
    },
    log: (error) => {
      writeSync(2, `${String(error)}\n`);
    },
    strings: {},
  },
  () => Promise.resolve(null),
);

/** Another window holds the database: the effect happens, but nothing can be recorded any more. */
function lockForEver(): void {
  openDatabase(storage).run('BEGIN IMMEDIATE');
}

const { threads } = core;
let changed = Promise.withResolvers<null>();
let runs = 0;
threads.onEvent(({ event }) => {
  if (event.kind === 'item' && event.item.kind === 'tool' && deciding !== null) {
    const { state, review } = event.item;
    if (review?.path === deciding.path) pass(`${state} ${deciding.path}`);
  }
  if (event.kind === 'status' && event.status === 'running') runs++;
  changed.resolve(null);
  changed = Promise.withResolvers();
});

/** The view after a run that `start` brings about. */
async function afterRun(threadId: string, start: () => Promise<unknown>): Promise<ThreadView> {
  const before = runs;
  await start();
  for (;;) {
    const next = changed.promise;
    const { view } = await threads.open(threadId);
    if (runs > before && view.status !== 'running') return view;
    await next;
  }
}

async function decideOne(view: ThreadView): Promise<ThreadView> {
  const reviews = view.items.flatMap((item) => (item.kind === 'tool' ? [item.review] : []));
  const open = reviews.find((review) => review !== null && review.interruptId !== null);
  if (!open?.interruptId) throw new Error('Nothing waits');
  const { path, interruptId } = open;
  pass(`asked ${path}`);
  deciding = { path, looks: 0 };
  pass(`deciding ${path}`);
  const next = await afterRun(view.threadId, () =>
    threads.decide(
      view.threadId,
      interruptId,
      REJECTED.has(path) ? { kind: 'reject', reason: 'no' } : { kind: 'approve' },
    ),
  );
  if (stopAt === `done but not recorded ${path}`) pass(stopAt);
  deciding = null;
  return next;
}

async function finish(view: ThreadView): Promise<void> {
  if (view.status === 'idle') return;
  if (view.status === 'waiting') {
    await finish(await decideOne(view));
    return;
  }
  // Answers when the run has really ended.
  await threads.stop(view.threadId);
  await finish(await afterRun(view.threadId, () => threads.resume(view.threadId)));
}

/** A thread that has its first message, now or from before. */
async function begin(): Promise<ThreadView> {
  const [entry] = threads.list();
  const before = entry === undefined ? null : (await threads.open(entry.threadId)).view;
  if (before !== null && before.items.length > 0) return before;
  const threadId = await threads.send(entry?.threadId ?? null, WORDS);
  for (;;) {
    const next = changed.promise;
    const { view } = await threads.open(threadId);
    if (view.status !== 'running') return view;
    await next;
  }
}

const view = await begin();
pass('begun');
await finish(view);
pass('finished');
await core.close();
