import { sizeOf } from '../support/files.ts';
import { median } from '../support/statistics.ts';
import type { Bed, Context } from './context.ts';

/** A thread after the database has been looked after. */
export interface UpkeepFigures {
  readonly bytes: number;
  /** Of the copy that upkeep makes of it; not among the others. */
  readonly backupBytes: number;
  /** From the start of a process to its first request, in milliseconds. */
  readonly resume: number;
}

/** What has been said and done in a thread so far. */
export interface Said {
  readonly where: string;
  readonly threadId: string;
  readonly results: number;
  readonly userMessages: number;
}

/** Lets a process look after the database as it does for a user, and goes on with the thread. */
export async function measureUpkeep(
  context: Context,
  bed: Bed,
  { where, threadId, results, userMessages }: Said,
): Promise<UpkeepFigures> {
  const { server, repeats } = context;
  await bed.start({ kind: 'upkeep', threadId, prompts: ['Is that all?'] }).report;
  const backupBytes = sizeOf(bed.storage, 'backup');
  const bytes = sizeOf(bed.storage) - backupBytes;
  const before = await server.report({ results, userMessages: userMessages + 1 });
  const resumes: number[] = [];
  for (let round = 1; round <= repeats; round++) {
    const again = bed.start({ threadId, prompts: ['And now?'] });
    await again.report;
    const seen = await server.report({ results, userMessages: userMessages + 1 + round });
    resumes.push((seen.arrived.at(-1) ?? NaN) - again.startedAt);
    for (const what of seen.problems) context.problem(`${where}, after upkeep`, what);
    if (seen.prefixBreaks > before.prefixBreaks)
      context.problem(where, 'upkeep broke the prompt prefix');
  }
  return { bytes, backupBytes, resume: median(resumes) };
}
