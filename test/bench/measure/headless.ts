import { cpSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { HeadlessHost } from '../../support/headless-host.ts';
import { type StepScript, readAndEdit, wrongFiles, writeFiles } from '../script.ts';
import { runToEnd } from '../support/child.ts';
import { now } from '../support/clock.ts';
import { makeFolder } from '../support/folders.ts';
import { median } from '../support/statistics.ts';
import type { Context } from './context.ts';

/** The command line as processes of their own. Times in milliseconds, from the start of a process. */
export interface HeadlessFigures {
  /** Node that prints one number, to its end. */
  readonly node: number;
  readonly nodeMb: number;
  /** `--version`, to its end. */
  readonly version: number;
  /** `run` of a question with one edit, which is approved, to its end. */
  readonly run: number;
  /** `serve` on an empty state folder, to the line that says where. */
  readonly serve: number;
  /** The same to the first answer of `GET /approvals`. */
  readonly approvals: number;
  /** Of the thread that is resumed, in which one approval waits. */
  readonly steps: number;
  /** `serve` on that thread, to the answer of `GET /chat/{id}` with what waits. */
  readonly resume: number;
  /** Memory of that process so far and when it idles; NaN where the system does not say. */
  readonly peakMb: number;
  readonly idleMb: number;
}

type Start = Pick<HeadlessFigures, 'node' | 'nodeMb' | 'version'>;
type Round = Omit<HeadlessFigures, 'steps' | keyof Start>;

/** Where a process works. */
interface Site {
  readonly workspace: string;
  readonly state: string;
}

interface Thread extends Site {
  readonly id: string;
  readonly steps: number;
}

const TOKEN = 'a-token-of-the-benchmark-that-is-long-enough';
const NOTHING_STEERS = { NODE_OPTIONS: undefined, NODE_COMPILE_CACHE: undefined };
/** From the answer to when the process idles; the database is not looked after yet. */
const IDLE = 3000;
/** How often the shortest figures are taken, which all others are compared with. */
const STARTS = 15;
const MEGABYTE = 1024;

export async function measureHeadless(context: Context, steps: number): Promise<HeadlessFigures> {
  const thread = await makeThread(context, steps);
  const starts: Start[] = [];
  for (let round = 0; round < STARTS; round++) {
    starts.push({ ...(await bareNode()), version: await timeVersion(context) });
  }
  const rounds: Round[] = [];
  for (let round = 0; round < context.repeats; round++) {
    rounds.push({
      run: await timeRun(context),
      ...(await timeServe(context)),
      ...(await resume(context, thread)),
    });
  }
  const start = (name: keyof Start): number => median(starts.map((one) => one[name]));
  const of = (name: keyof Round): number => median(rounds.map((round) => round[name]));
  return {
    ...{ node: start('node'), nodeMb: start('nodeMb'), version: start('version') },
    ...{ run: of('run'), serve: of('serve'), approvals: of('approvals'), steps: thread.steps },
    ...{ resume: of('resume'), peakMb: of('peakMb'), idleMb: of('idleMb') },
  };
}

async function bareNode(): Promise<Omit<Start, 'version'>> {
  const { ms, out } = await runToEnd(['-p', 'process.resourceUsage().maxRSS']);
  return { node: ms, nodeMb: Number(out) / MEGABYTE };
}

async function timeVersion({ programs }: Context): Promise<number> {
  const { ms, out } = await runToEnd([programs.commandLinePath, '--version']);
  if (!/^\d+\.\d+\.\d+\n$/u.test(out)) throw new Error(`No version: ${out}`);
  return ms;
}

async function timeRun(context: Context): Promise<number> {
  const { server, programs } = context;
  const script = { ...readAndEdit(1), reads: false };
  const { workspace, state } = makeSite(script);
  await server.play({ proseFirst: 0, steps: script, prose: 'Done.' });
  const { ms, out } = await runToEnd([
    ...[programs.commandLinePath, 'run', 'Change a file.', '--yes-edits'],
    ...['--workspace', workspace, '--state', state],
    ...['--base-url', server.baseUrl, '--model', 'scripted'],
  ]);
  if (out !== 'Done.\n') context.problem('countersign run', `it said ${out}`);
  report(context, 'countersign run', wrongFiles(script, 1, workspace));
  return ms;
}

async function timeServe(context: Context): Promise<Pick<Round, 'serve' | 'approvals'>> {
  const started = now();
  return serveOn(context, makeSite(readAndEdit(0)), async (host) => {
    const serve = now() - started;
    const { status } = await host.call('/approvals');
    const approvals = now() - started;
    if (status !== 200) context.problem('countersign serve', `GET /approvals answers ${status}`);
    return { serve, approvals };
  });
}

/** Reads and edits over HTTP, each edit being approved, up to the edit after the last step. */
async function makeThread(context: Context, wanted: number): Promise<Thread> {
  const edits = Math.floor(wanted / 2);
  const steps = 2 * edits;
  const script = readAndEdit(steps + 2);
  const site = makeSite(script);
  await context.server.play({ proseFirst: 0, steps: script, prose: 'Done.' });
  const id = await serveOn(context, site, async (host) => {
    let { body } = await host.call('/chat/start', { question: 'Change the files.' });
    const { session_id } = body;
    for (let edit = 0; edit < edits; edit++) {
      ({ body } = await host.call(`/chat/approve/${session_id}`, {}));
    }
    if (body.status !== 'pending_approval') throw new Error(JSON.stringify(body));
    return session_id;
  });
  report(context, 'countersign serve', wrongFiles(script, steps, site.workspace));
  return { ...site, id, steps };
}

/** Each time on what was stored then. */
async function resume(
  context: Context,
  { workspace, state, id }: Thread,
): Promise<Pick<Round, 'resume' | 'peakMb' | 'idleMb'>> {
  const copy = makeFolder('state');
  cpSync(state, copy, { recursive: true });
  const started = now();
  return serveOn(context, { workspace, state: copy }, async (host) => {
    const { body } = await host.call(`/chat/${id}`);
    const took = now() - started;
    if (body.status !== 'pending_approval' || body.pending_tool_calls.length !== 1) {
      context.problem('countersign serve, resumed', JSON.stringify(body));
    }
    await setTimeout(IDLE);
    return { resume: took, ...memoryOf(host.child.pid) };
  });
}

function makeSite(files: StepScript): Site {
  const workspace = makeFolder('workspace');
  writeFiles(files, workspace);
  return { workspace, state: makeFolder('state') };
}

/** Ends the process when the work is done, or has failed. */
async function serveOn<T>(
  { programs, server: { baseUrl } }: Context,
  site: Site,
  work: (host: HeadlessHost) => Promise<T>,
): Promise<T> {
  const program = [programs.commandLinePath, 'serve'];
  const options = { ...site, program, baseUrl, token: TOKEN, env: NOTHING_STEERS };
  const host = await HeadlessHost.start(options);
  try {
    return await work(host);
  } finally {
    await host.kill('SIGTERM');
  }
}

/** Only Linux says it of another process. */
function memoryOf(pid: number | undefined): Pick<Round, 'peakMb' | 'idleMb'> {
  if (process.platform !== 'linux') return { peakMb: NaN, idleMb: NaN };
  const status = readFileSync(`/proc/${pid ?? ''}/status`, 'utf8');
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'mu').exec(status)?.[1]) / MEGABYTE;
  return { peakMb: megabytes('VmHWM'), idleMb: megabytes('VmRSS') };
}

function report(context: Context, where: string, problems: readonly string[]): void {
  for (const what of problems) context.problem(where, what);
}
