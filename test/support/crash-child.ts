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
        if (deciding.looks === 1) pass(`claimed ${deciding.path}`);
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
threads.onEvent(({ event }) => {
  if (event.kind === 'item' && event.item.kind === 'tool' && deciding !== null) {
    const { state, review } = event.item;
    if (review?.path === deciding.path) pass(`${state} ${deciding.path}`);
  }
  changed.resolve(null);
  changed = Promise.withResolvers();
});

async function settled(threadId: string): Promise<ThreadView> {
  for (;;) {
    const next = changed.promise;
    const { view } = await threads.open(threadId);
    if (view.status !== 'running') return view;
    await next;
  }
}

async function finish(threadId: string): Promise<void> {
  for (;;) {
    const view = await settled(threadId);
    // Answers when the run has really ended.
    await threads.stop(threadId);
    if (view.status === 'idle') return;
    if (view.status === 'unfinished') {
      if (stopAt.startsWith('done but')) pass(stopAt);
      await threads.resume(threadId);
      await settled(threadId);
      continue;
    }
    const open = view.items.find((item) => item.kind === 'tool' && item.review?.interruptId);
    if (open?.kind !== 'tool' || open.review?.interruptId == null) throw new Error('Nothing waits');
    const { path, interruptId } = open.review;
    pass(`asked ${path}`);
    const decision = REJECTED.has(path)
      ? ({ kind: 'reject', reason: 'no' } as const)
      : ({ kind: 'approve' } as const);
    deciding = { path, looks: 0 };
    pass(`deciding ${path}`);
    await threads.decide(threadId, interruptId, decision);
    await settled(threadId);
    deciding = null;
  }
}

const [entry] = threads.list();
const known = entry?.threadId ?? null;
const isEmpty = known === null || (await threads.open(known)).view.items.length === 0;
const threadId = known === null || isEmpty ? await threads.send(known, WORDS) : known;
pass('sent');
await finish(threadId);
pass('finished');
await core.close();
