import { type StepScript, wrongFiles } from '../script.ts';
import type { Subject } from '../subjects.ts';
import { median } from '../support/statistics.ts';
import { type Context, makeBed } from './context.ts';

/** From the decision to the applied change, and a bare write as safe as that; milliseconds. */
export interface DecideFigures {
  readonly decideToApplied: number;
  readonly bareWrite: number;
}

const EDITS = 20;

/** One line of a file of 100 kB at a time. */
export async function measureDecide(context: Context, subject: Subject): Promise<DecideFigures> {
  const script: StepScript = { steps: EDITS, files: 1, lines: 2500, reads: false };
  const bed = makeBed(context, subject, script);
  await context.server.play({ proseFirst: 0, steps: script, prose: 'Done.' });
  const { timings } = await bed.start({ prompts: ['Change it.'], compareWrites: true }).report;
  const { problems } = await context.server.report({ results: EDITS, userMessages: 1 });
  for (const what of [...problems, ...wrongFiles(script, EDITS, bed.workspace)]) {
    context.problem(`${subject.name}, 100 kB file`, what);
  }
  return {
    decideToApplied: median(timings['decideToApplied'] ?? []),
    bareWrite: median(timings['bareWrite'] ?? []),
  };
}
