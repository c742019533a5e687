import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { openCore as OpenCore } from '../../../src/threads/core.ts';
import type { Threads } from '../../../src/threads/threads.ts';
import { FakeEditor } from '../../support/fake-editor.ts';
import { now } from '../support/clock.ts';
import { unwrittenFor } from '../support/files.ts';
import { type Host, type Session, runSubject } from './process.ts';
import { writeDurably } from './write.ts';

runSubject(openCountersign);

/** How long nothing is written once the upkeep is done, in milliseconds. */
const QUIET = 2000;

/** The real core without an editor; a person who approves everything at once sits in front of it. */
function openCountersign(host: Host): Session {
  const { job } = host;
  const loading = now();
  const bundle = createRequire(job.corePath)(job.corePath) as { openCore: typeof OpenCore };
  host.timing('load', now() - loading);
  const opening = now();
  let tidied = false;
  const core = bundle.openCore(
    {
      storageFolder: job.storage,
      editor: new FakeEditor([{ name: 'project', path: job.workspace }]),
      auditHead: { read: () => null, write: () => undefined },
      maintenance: {
        path: job.maintenancePath,
        retention: () => ({ keepDays: 0, maxBytes: 0 }),
        onTidied: () => {
          tidied = true;
        },
      },
      onStorageProblem: fail,
      log: fail,
      strings: {},
    },
    () => Promise.resolve({ baseUrl: job.baseUrl, model: 'scripted', apiKey: null, patience: 60 }),
  );
  host.timing('open', now() - opening);
  const { threads } = core;
  approveAll(threads, host);
  let threadId = job.threadId;
  return {
    get threadId() {
      return threadId ?? '';
    },
    async turn(prompt) {
      const ended = endOfTurn(threads);
      threadId = await threads.send(threadId, prompt);
      await ended;
      // The thread says that it is idle shortly before it takes the next prompt.
      await setImmediate();
    },
    async carryOn() {
      const ended = endOfTurn(threads);
      await threads.pending();
      await ended;
    },
    async reopen() {
      const waiting = await threads.pending();
      host.timing('reopen', now() - opening);
      if (waiting.length !== 1) throw new Error(`${waiting.length} approvals wait, not one`);
    },
    async upkeep() {
      // The upkeep itself keeps no process alive.
      while (!tidied) await setTimeout(100);
      await unwrittenFor(job.storage, QUIET);
    },
    close: () => core.close(),
  };
}

function approveAll(threads: Threads, host: Host): void {
  const { job } = host;
  let decided: number | null = null;
  threads.onAsked(({ threadId, item }) => {
    const { interruptId = null, effectHash = '' } = item.review ?? {};
    if (interruptId === null) throw new Error('Nothing to decide');
    const shown = { interruptId, effectHash };
    const approve = async (): Promise<void> => {
      await host.approval(threadId, item.id);
      if (job.compareWrites) compareWrite(host, item.review?.path ?? '');
      decided = now();
      const outcome = await threads.decide(threadId, shown, { kind: 'approve' });
      if (outcome.kind !== 'taken') throw new Error(JSON.stringify(outcome));
    };
    if (job.kind !== 'reopen') approve().catch(fail);
  });
  threads.onEvent(({ event }) => {
    if (event.kind !== 'item' || event.item.kind !== 'tool') return;
    if (decided === null || event.item.state !== 'applied') return;
    host.timing('decideToApplied', now() - decided);
    decided = null;
  });
}

/** The same bytes written as safely, beside the file that the approval is about. */
function compareWrite(host: Host, path: string): void {
  const file = join(host.job.workspace, path);
  const bytes = readFileSync(file);
  const started = now();
  writeDurably(`${file}.bare`, bytes);
  host.timing('bareWrite', now() - started);
}

function endOfTurn(threads: Threads): Promise<void> {
  return new Promise((resolve, reject) => {
    const subscription = threads.onEvent(({ event }) => {
      if (event.kind !== 'status') return;
      if (event.status === 'unfinished' || event.failure !== null) {
        reject(new Error(`The run ended early: ${event.failure?.message ?? 'unfinished'}`));
      }
      if (event.status !== 'idle') return;
      subscription.dispose();
      resolve();
    });
  });
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
