import { callId, readAndEdit, wrongFiles } from '../script.ts';
import type { Subject } from '../subjects.ts';
import { type Context, makeBed } from './context.ts';

/**
 * Kills the process while the edit in the middle waits for its approval, goes on in a new process,
 * and looks for anything lost or done twice. Answers whether all is well.
 */
export async function measureKill(
  context: Context,
  subject: Subject,
  steps: number,
): Promise<boolean> {
  const { server } = context;
  const script = readAndEdit(steps);
  const middle = 2 * Math.round(steps / 4);
  const bed = makeBed(context, subject, script);
  await server.play({ proseFirst: 0, steps: script, prose: 'Done.' });
  const first = bed.start({ prompts: ['Change the files.'], holdAt: callId(middle) });
  const threadId = await first.holding;
  await first.kill();
  const problems = wrongFiles(script, middle - 1, bed.workspace);
  await bed.start({ kind: 'carryOn', threadId }).report;
  const seen = await server.report({ results: steps, userMessages: 1 });
  problems.push(...seen.problems, ...wrongFiles(script, steps, bed.workspace));
  if (seen.arrived.length !== steps + 1) {
    problems.push(`${seen.arrived.length} requests came, not ${steps + 1}`);
  }
  if (seen.prefixBreaks > 0) problems.push('the prompt prefix broke');
  for (const what of problems) context.problem(`${subject.name}, killed in mid-approval`, what);
  return problems.length === 0;
}
