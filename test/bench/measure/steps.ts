import { readAndEdit, wrongFiles } from '../script.ts';
import type { Subject } from '../subjects.ts';
import { sizeOf } from '../support/files.ts';
import { median, quantile } from '../support/statistics.ts';
import { type Bed, type Context, makeBed } from './context.ts';
import { type Said, type UpkeepFigures, measureUpkeep } from './upkeep.ts';

/** What a subject costs over so many steps. Times in milliseconds. */
export interface StepFigures {
  readonly steps: number;
  readonly stepMedian: number;
  readonly stepP95: number;
  readonly readMedian: number;
  readonly editMedian: number;
  /** Median of the last 10 steps ÷ median of steps 5 to 14. */
  readonly drift: number;
  readonly cpuPerStep: number;
  /** From the start of a process to the first request. */
  readonly startToRequest: number;
  /** From the prompt to the first request, libraries loaded. */
  readonly promptToRequest: number;
  /** From the start of a process to its first request, on a thread with all the steps. */
  readonly resume: number;
  /** The next prompt in that process. */
  readonly liveResume: number;
  readonly peakRssMb: number;
  readonly storedPerStep: number;
  /** Of the same thread later; null for what looks after nothing. */
  readonly afterUpkeep: UpkeepFigures | null;
  readonly prefixBreaks: number;
  readonly firstRequestBytes: number;
  readonly overheads: readonly number[];
}

const PROSE = 'Everything is changed as you asked.';

export async function measureSteps(
  context: Context,
  subject: Subject,
  steps: number,
): Promise<StepFigures> {
  const { server } = context;
  const script = readAndEdit(steps);
  const where = `${subject.name}, ${steps} steps`;
  const bed = makeBed(context, subject, script);
  await server.play({ proseFirst: 0, steps: script, prose: PROSE });
  const running = bed.start({ prompts: ['Change the files.'] }, context.profileArgs);
  const report = await running.report;
  const storedPerStep = sizeOf(bed.storage) / steps;
  const first = await server.report({ results: steps, userMessages: 1 });
  for (const what of wrongFiles(script, steps, bed.workspace)) context.problem(where, what);

  for (const what of first.problems) context.problem(where, what);
  const copy = subject.key === 'countersign' ? bed.copy() : null;
  const said: Said = { where, threadId: report.threadId, results: steps, userMessages: 1 };
  const resumed = await measureResume(context, bed, said);
  const { prefixBreaks } = resumed;
  if (prefixBreaks > 0) context.problem(where, `the prompt prefix broke ${prefixBreaks} times`);
  const afterUpkeep = copy === null ? null : await measureUpkeep(context, copy, said);

  const { arrived, answered, bytes } = first;
  const overheads = Array.from(
    { length: steps },
    (_, step) => (arrived[step + 1] ?? NaN) - (answered[step] ?? NaN),
  );
  return {
    steps,
    stepMedian: median(overheads),
    stepP95: quantile(overheads, 0.95),
    readMedian: median(overheads.filter((_, index) => index % 2 === 0)),
    editMedian: median(overheads.filter((_, index) => index % 2 === 1)),
    drift: median(overheads.slice(-10)) / median(overheads.slice(4, 14)),
    cpuPerStep: report.cpuMs / steps,
    startToRequest: (arrived[0] ?? NaN) - running.startedAt,
    promptToRequest: (arrived[0] ?? NaN) - (report.promptedAt[0] ?? NaN),
    ...resumed,
    peakRssMb: report.peakRssMb,
    storedPerStep,
    afterUpkeep,
    firstRequestBytes: bytes[0] ?? NaN,
    overheads,
  };
}

async function measureResume(
  context: Context,
  bed: Bed,
  { where, threadId, results, userMessages }: Said,
): Promise<Pick<StepFigures, 'resume' | 'liveResume' | 'prefixBreaks'>> {
  const { server, repeats } = context;
  const resumes: number[] = [];
  const liveResumes: number[] = [];
  let prefixBreaks = 0;
  for (let round = 1; round <= repeats; round++) {
    const again = bed.start({ threadId, prompts: ['And now?', 'Sure?'] });
    const { promptedAt } = await again.report;
    const seen = await server.report({ results, userMessages: userMessages + 2 * round });
    for (const what of seen.problems) context.problem(`${where}, resumed`, what);
    const [cold = NaN, live = NaN] = seen.arrived.slice(-2);
    resumes.push(cold - again.startedAt);
    liveResumes.push(live - (promptedAt[1] ?? NaN));
    ({ prefixBreaks } = seen);
  }
  return { resume: median(resumes), liveResume: median(liveResumes), prefixBreaks };
}
