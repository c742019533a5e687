import { cpus } from 'node:os';
import { ScriptedServer } from '../server/client.ts';
import { SUBJECTS, type Subject } from '../subjects.ts';
import { buildPrograms } from '../support/bundles.ts';
import type { Context } from './context.ts';
import { type DecideFigures, measureDecide } from './decide.ts';
import { type HeadlessFigures, measureHeadless } from './headless.ts';
import { type InboxFigures, measureInbox } from './inbox.ts';
import { measureKill } from './kill.ts';
import { type LockFigures, measureLock } from './lock.ts';
import { type ProseFigures, measureProse } from './prose.ts';
import { type ServedFigures, measureServed } from './served.ts';
import { type Sizes, measureSizes } from './sizes.ts';
import { type StartFigures, measureStart } from './start.ts';
import { type StepFigures, measureSteps } from './steps.ts';

/** What `only` calls the command line as a process. */
const HEADLESS = 'headless';

export interface Options {
  readonly quick: boolean;
  readonly only: readonly string[] | null;
  readonly steps: readonly number[];
  readonly profileFolder: string | null;
}

export interface SubjectResults {
  readonly key: Subject['key'];
  readonly name: string;
  readonly start: StartFigures;
  readonly steps: readonly StepFigures[];
  readonly killOk: boolean;
  readonly prose: ProseFigures | null;
  readonly lock: LockFigures | null;
  readonly decide: DecideFigures | null;
  readonly inbox: InboxFigures | null;
  readonly served: ServedFigures | null;
}

export interface Results {
  readonly date: string;
  readonly machine: string;
  readonly quick: boolean;
  readonly subjects: readonly SubjectResults[];
  readonly headless: HeadlessFigures | null;
  readonly sizes: Sizes;
  /** Failures of correctness. */
  readonly problems: readonly string[];
}

/** How long another program keeps the database locked, in milliseconds. */
const HELD = 10_000;
/** What the limits of the design are about. */
const MOST_STEPS = 300;

export async function measureAll(options: Options): Promise<Results> {
  const isChosen = (key: string): boolean => options.only?.includes(key) ?? true;
  const chosen = SUBJECTS.filter(({ key }) => isChosen(key));
  const programs = await buildPrograms(chosen);
  const server = await ScriptedServer.start();
  const problems: string[] = [];
  const context: Context = {
    server,
    programs,
    profileArgs:
      options.profileFolder === null
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${options.profileFolder}`],
    repeats: options.quick ? 1 : 5,
    problem(where, what) {
      problems.push(`${where}: ${what}`);
      console.error(`✗ ${where}: ${what}`);
    },
  };
  const subjects: SubjectResults[] = [];
  let headless: HeadlessFigures | null = null;
  try {
    for (const subject of chosen) {
      try {
        subjects.push(await measureSubject(context, subject, options));
      } catch (error) {
        context.problem(subject.name, String(error));
      }
    }
    if (isChosen(HEADLESS)) headless = await measureCommandLine(context, options);
  } finally {
    server.close();
  }
  const [cpu] = cpus();
  return {
    date: new Date().toISOString(),
    machine: `${cpus().length} × ${cpu?.model ?? 'unknown'}, Node ${process.versions.node}`,
    quick: options.quick,
    subjects,
    headless,
    sizes: measureSizes(),
    problems,
  };
}

async function measureCommandLine(
  context: Context,
  { steps }: Options,
): Promise<HeadlessFigures | null> {
  console.error('The command line …');
  try {
    return await measureHeadless(context, Math.min(MOST_STEPS, Math.max(...steps)));
  } catch (error) {
    context.problem('the command line', String(error));
    return null;
  }
}

async function measureSubject(
  context: Context,
  subject: Subject,
  { quick, steps: wanted }: Options,
): Promise<SubjectResults> {
  const { key, name, maxMessages } = subject;
  console.error(`${name} …`);
  const start = await measureStart(context, subject);
  const steps: StepFigures[] = [];
  for (const count of wanted.filter((one) => one <= subject.maxSteps)) {
    steps.push(await measureSteps(context, subject, count));
  }
  const killOk = await measureKill(context, subject, quick ? 20 : 100);
  const marks = (quick ? [100, 200] : [100, 1000, 3000]).filter((at) => at <= maxMessages);
  const prose = marks.length === 0 ? null : await measureProse(context, subject, marks);
  const lock = subject.locks ? await measureLock(context, subject, HELD) : null;
  const decide = key === 'countersign' ? await measureDecide(context, subject) : null;
  const inbox = key === 'countersign' ? await measureInbox() : null;
  const wrong = (what: string): void => {
    context.problem(name, what);
  };
  const served = key === 'countersign' ? await measureServed(wrong) : null;
  return { key, name, start, steps, killOk, prose, lock, decide, inbox, served };
}
