import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FromSubject, Job, SubjectReport, ToSubject } from '../subjects/job.ts';
import { now } from './clock.ts';

/** A subject's process under way. */
export interface Running {
  readonly startedAt: number;
  /** Rejects if the process ends without one. */
  readonly report: Promise<SubjectReport>;
  /** The thread, once the process waits where it was told to. */
  readonly holding: Promise<string>;
  /** Gives the approval that it waits for. */
  approve(): void;
  /** Ends it as a power cut would; answers when it is gone. */
  kill(): Promise<void>;
}

const { PATH, HOME, TMPDIR } = process.env;
/** Of a process that inherits nothing which could steer Node or a library. */
const ENVIRONMENT = { PATH, HOME, TMPDIR };

/** Runs Node to its end. @throws if that is not a good one */
export async function runToEnd(args: readonly string[]): Promise<{ ms: number; out: string }> {
  const started = now();
  const child = spawn(process.execPath, args, {
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += String(data)));
  child.stderr.on('data', (data) => (err += String(data)));
  const [code] = (await once(child, 'close')) as [number | null];
  const ms = now() - started;
  assert.equal(code, 0, err);
  return { ms, out };
}

/** A process of its own for one job. */
export function startSubject(program: string, job: Job, nodeArgs: readonly string[]): Running {
  const startedAt = now();
  const child = spawn(process.execPath, [...nodeArgs, program, JSON.stringify(job)], {
    env: ENVIRONMENT,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const report = told(child, (message) => (message.kind === 'done' ? message.report : null));
  const holding = told(child, (message) => (message.kind === 'holding' ? message.threadId : null));
  // Only one of the two comes; whoever waits for the other is told, nobody else.
  report.catch(() => undefined);
  holding.catch(() => undefined);
  return {
    startedAt,
    report,
    holding,
    approve() {
      child.send('approved' satisfies ToSubject);
    },
    kill: () =>
      new Promise((gone) => {
        child.on('exit', () => {
          gone();
        });
        child.kill('SIGKILL');
      }),
  };
}

/** Settles when the process has ended, so that the next one has the machine for itself. */
function told<T>(child: ChildProcess, pick: (message: FromSubject) => T | null): Promise<T> {
  return new Promise((resolve, reject) => {
    let picked: T | null = null;
    child.on('message', (message: FromSubject) => {
      picked ??= pick(message);
      if (picked !== null && message.kind === 'holding') resolve(picked);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (picked !== null && code === 0) resolve(picked);
      else reject(new Error(`A subject ended without a report (${code ?? signal ?? ''})`));
    });
  });
}
