import { now } from '../support/clock.ts';
import { Hold } from './hold.ts';
import type { FromSubject, Job, Stall } from './job.ts';

/** An agent on one thread. */
export interface Session {
  readonly threadId: string;
  /** One turn from its prompt to the model's last word. */
  turn(prompt: string): Promise<void>;
  /** Goes on with what an earlier process left unfinished, to the end of that turn. */
  carryOn(): Promise<void>;
  /** Reads the thread and everything that waits in it; throws if nothing waits. */
  reopen(): Promise<void>;
  /** Waits until the database has been looked after, if the subject does that. */
  upkeep?(): Promise<void>;
  close(): Promise<void>;
}

export interface Host {
  readonly job: Job;
  /** To be awaited before a change is approved; waits where the job says to hold. */
  readonly approval: (threadId: string, callId: string) => Promise<void>;
  readonly timing: (name: string, ms: number) => void;
}

function tell(message: FromSubject): void {
  process.send?.(message);
}

/** The whole life of a subject's process. */
export function runSubject(open: (host: Host) => Session | Promise<Session>): void {
  main(open).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}

async function main(open: (host: Host) => Session | Promise<Session>): Promise<void> {
  const job = JSON.parse(process.argv[2] ?? '') as Job;
  const timings: Record<string, number[]> = {};
  const hold = new Hold();
  const session = await open({
    job,
    approval(threadId, callId) {
      if (callId !== job.holdAt) return Promise.resolve();
      tell({ kind: 'holding', threadId });
      return hold.approved();
    },
    timing: (name, ms) => {
      (timings[name] ??= []).push(ms);
    },
  });
  const promptedAt: number[] = [];
  const turnMs: number[] = [];
  let afterHold: Stall | null = null;
  const cpuBefore = process.cpuUsage();
  if (job.kind === 'carryOn') await session.carryOn();
  if (job.kind === 'reopen') await session.reopen();
  for (const prompt of Array.from({ length: job.rounds }, () => job.prompts).flat()) {
    const started = now();
    promptedAt.push(started);
    afterHold = (await hold.during(session.turn(prompt))) ?? afterHold;
    turnMs.push(now() - started);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuMs = (user + system) / 1000;
  const peakRssMb = process.resourceUsage().maxRSS / 1024;
  const { threadId } = session;
  if (job.kind === 'upkeep') await session.upkeep?.();
  await session.close();
  tell({
    kind: 'done',
    report: { threadId, promptedAt, turnMs, cpuMs, peakRssMb, timings, afterHold },
  });
  process.disconnect();
}
