import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { callId, readAndEdit } from '../script.ts';
import type { Subject } from '../subjects.ts';
import { now } from '../support/clock.ts';
import { type Context, makeBed } from './context.ts';

/** How a process fares while another program keeps its database locked for writers. */
export interface LockFigures {
  readonly heldMs: number;
  /** How late its event loop was, in milliseconds, until the turn had ended. */
  readonly p99: number;
  readonly max: number;
  /** From the release to the request that follows on the stored step; null if none came. */
  readonly afterRelease: number | null;
  /** What the turn failed with. */
  readonly failure: string | null;
}

/** The lock is taken while an edit waits for its approval, which is given then. */
export async function measureLock(
  context: Context,
  subject: Subject,
  heldMs: number,
): Promise<LockFigures> {
  const script = readAndEdit(2);
  const bed = makeBed(context, subject, script);
  await context.server.play({ proseFirst: 0, steps: script, prose: 'Done.' });
  const running = bed.start({ prompts: ['Change a file.'], holdAt: callId(2) });
  await running.holding;
  const lock = new DatabaseSync(databaseIn(bed.storage));
  lock.exec('BEGIN IMMEDIATE');
  running.approve();
  await setTimeout(heldMs);
  lock.close();
  const released = now();
  const { afterHold } = await running.report;
  if (afterHold === null) throw new Error('The approval did not come');
  const { arrived } = await context.server.report({ results: 2, userMessages: 1 });
  return {
    heldMs,
    ...afterHold,
    afterRelease: arrived[2] === undefined ? null : arrived[2] - released,
  };
}

function databaseIn(folder: string): string {
  const name = readdirSync(folder).find((one) => one.endsWith('.sqlite'));
  if (name === undefined) throw new Error(`There is no database in ${folder}`);
  return join(folder, name);
}
