import type { Command } from '../../../src/shared/command.ts';
import type { BenchOptions } from '../../support/core.ts';
import { commandIn, freezeCommand } from '../../support/frozen-command.ts';
import { Flow, write } from './flow.ts';

/** A conversation in which a command waits: its proposal is there before its call `c` is made. */
export async function startCommand(
  options: BenchOptions = {},
  over: Partial<Command> = {},
): Promise<Flow> {
  const released = Promise.withResolvers<undefined>();
  const call = { calls: [write('c', 'a.txt', 'never')], until: released.promise };
  const flow = await Flow.startWith(options, {}, { text: 'Ready.' }, call);
  const running = flow.say('Test it');
  const { folder, storage } = flow.bench;
  await freezeCommand(storage, { threadId: flow.id, toolCallId: 'c' }, commandIn(folder, over));
  released.resolve(undefined);
  await running;
  return flow;
}
