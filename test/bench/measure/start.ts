import { readAndEdit } from '../script.ts';
import type { Subject } from '../subjects.ts';
import { median } from '../support/statistics.ts';
import { type Context, makeBed } from './context.ts';

/** The start of a process on an empty storage folder, in milliseconds. */
export interface StartFigures {
  readonly startToRequest: number;
  readonly promptToRequest: number;
  /** Another new conversation in the same process. */
  readonly nextPromptToRequest: number;
  readonly firstRequestBytes: number;
  readonly timings: Readonly<Record<string, number>>;
}

export async function measureStart(context: Context, subject: Subject): Promise<StartFigures> {
  const script = readAndEdit(0);
  const starts: number[] = [];
  const prompts: number[] = [];
  const nextPrompts: number[] = [];
  const timings: Record<string, number[]> = {};
  let firstRequestBytes = NaN;
  for (let round = 0; round < context.repeats; round++) {
    const bed = makeBed(context, subject, script);
    await context.server.play({ proseFirst: 0, steps: script, prose: 'Hello.' });
    const running = bed.start({ prompts: ['Hello', 'Hello again'] });
    const { promptedAt, timings: timed } = await running.report;
    const { arrived, bytes } = await context.server.report({ results: 0, userMessages: 2 });
    starts.push((arrived[0] ?? NaN) - running.startedAt);
    prompts.push((arrived[0] ?? NaN) - (promptedAt[0] ?? NaN));
    nextPrompts.push((arrived[1] ?? NaN) - (promptedAt[1] ?? NaN));
    for (const [name, values] of Object.entries(timed)) (timings[name] ??= []).push(...values);
    firstRequestBytes = bytes[0] ?? NaN;
  }
  return {
    startToRequest: median(starts),
    promptToRequest: median(prompts),
    nextPromptToRequest: median(nextPrompts),
    firstRequestBytes,
    timings: Object.fromEntries(
      Object.entries(timings).map(([name, values]) => [name, median(values)]),
    ),
  };
}
