import { callId, readAndEdit } from '../script.ts';
import type { Subject } from '../subjects.ts';
import type { SubjectReport } from '../subjects/job.ts';
import { sizeOf } from '../support/files.ts';
import { median } from '../support/statistics.ts';
import { type Bed, type Context, makeBed } from './context.ts';
import { type UpkeepFigures, measureUpkeep } from './upkeep.ts';

/** A long conversation without tools: messages of 1 KB, two a turn. */
export interface ProseFigures {
  readonly messages: number;
  readonly megabytes: number;
  /** Median of the ten turns that end at so many messages, in milliseconds. */
  readonly turnMs: readonly { readonly at: number; readonly ms: number }[];
  readonly bytesPerMessage: readonly { readonly at: number; readonly bytes: number }[];
  /** From the start of a process to the first request of one more turn. */
  readonly resume: number;
  /** Opening the database and the thread, one approval waiting; libraries loaded. */
  readonly reopen: number | null;
  /** The same a little later; null for what looks after nothing. */
  readonly afterUpkeep: UpkeepFigures | null;
  readonly peakRssMb: number;
}

const KILOBYTE = 'All work and no play makes a long conversation. '.repeat(22).slice(0, 1024);

/** @param marks numbers of messages at which to look; the last one is where it ends */
export async function measureProse(
  context: Context,
  subject: Subject,
  marks: readonly number[],
): Promise<ProseFigures> {
  const { server } = context;
  const where = `${subject.name}, long conversation`;
  const messages = marks.at(-1) ?? 0;
  const script = readAndEdit(2);
  const bed = makeBed(context, subject, script);
  await server.play({ proseFirst: messages / 2, steps: script, prose: KILOBYTE });
  const { threadId, ...talked } = await talk(bed, marks);
  const megabytes = sizeOf(bed.storage) / 1e6;

  const last = bed.start({ threadId, prompts: ['Change a file.'], holdAt: callId(2) });
  await last.holding;
  await last.kill();
  const seen = await server.report({ results: 1, userMessages: messages / 2 + 1 });
  const reopens: number[] = [];
  for (let round = 0; round < context.repeats; round++) {
    const { timings } = await bed.start({ kind: 'reopen', threadId }).report;
    reopens.push(...(timings['reopen'] ?? []));
  }
  await bed.start({ kind: 'carryOn', threadId }).report;
  const said = { results: 2, userMessages: messages / 2 + 1 };
  const { problems } = await server.report(said);
  for (const what of problems) context.problem(where, what);
  if (seen.prefixBreaks > 0) context.problem(where, 'the prompt prefix broke');
  return {
    messages,
    megabytes,
    ...talked,
    resume: (seen.arrived[messages / 2] ?? NaN) - last.startedAt,
    reopen: reopens.length === 0 ? null : median(reopens),
    afterUpkeep:
      subject.key === 'countersign'
        ? await measureUpkeep(context, bed, { where, threadId, ...said })
        : null,
  };
}

/** The turns up to each mark in a process of their own. */
async function talk(bed: Bed, marks: readonly number[]) {
  const turns: number[] = [];
  const bytesPerMessage: { at: number; bytes: number }[] = [];
  let threadId: string | null = null;
  let peakRssMb = 0;
  let done = 0;
  for (const at of marks) {
    const rounds = (at - done) / 2;
    const report: SubjectReport = await bed.start({ threadId, prompts: [KILOBYTE], rounds }).report;
    turns.push(...report.turnMs);
    ({ threadId, peakRssMb } = report);
    bytesPerMessage.push({ at, bytes: sizeOf(bed.storage) / at });
    done = at;
  }
  const turnMs = marks.map((at) => ({ at, ms: median(turns.slice(at / 2 - 10, at / 2)) }));
  return { threadId: threadId ?? '', turnMs, bytesPerMessage, peakRssMb };
}
