import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Breakpoints } from '../../src/shared/breakpoints.ts';
import type { Decision } from '../../src/shared/decision.ts';
import { type Bench, makeBench } from '../support/core.ts';
import type { ScriptedCall, ScriptedReply } from '../support/scripted-model.ts';

const NODES = ['guard', 'callModel', 'toolCall'];

const write = (path: string, content: string): ScriptedCall => ({
  ...{ id: `${path} ${content}`, name: 'write_file', args: { path, content } },
});

const script: readonly ScriptedReply[] = [
  {
    calls: [
      { id: 'read', name: 'read_file', args: { path: 'a' } },
      write('a', 'one'),
      write('b', 'one'),
    ],
  },
  { text: 'More.', calls: [write('a', 'two'), write('c', 'no')] },
  { text: 'Done.' },
];

/** Rejected is what says so; all else is approved. */
const answerTo = (callId: string): Decision =>
  callId.endsWith('no') ? { kind: 'reject', reason: 'No.' } : { kind: 'approve' };

function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % sides;
  };
}

describe('whatever the order of breakpoints, steps, approvals and restarts', () => {
  for (let seed = 1; seed <= 12; seed++) {
    it(`the same files and one answer for each call, with ${seed}`, async () => {
      const roll = dice(seed);
      const some = (): string[] => NODES.filter(() => roll(2) === 0);
      const breakpoints = (): Breakpoints => ({ before: some(), after: some() });
      let bench: Bench = makeBench({ a: 'old' }, script);
      let used = 0;
      const restart = async (): Promise<void> => {
        used += bench.model.requests.length;
        assert.deepEqual(bench.logged, []);
        if (roll(2) === 0) await bench.core.close();
        bench = bench.restart(script.slice(used));
      };
      const id = await bench.core.threads.send(null, 'Go', 'act', {
        ...{ step: roll(2) === 0, breakpoints: breakpoints() },
      });
      const pauses = new Set<string>();
      for (let turn = 0; turn < 100; turn++) {
        const { threads } = bench.core;
        const { status, at } = await rested(bench, id);
        if (status === 'idle') break;
        assert.notEqual(status, 'unfinished');
        if (status === 'paused') pauses.add(at.join());
        switch (roll(4)) {
          case 0:
            await restart();
            assert.deepEqual((await rested(bench, id)).status, status);
            break;
          case 1:
            await threads.setBreakpoints(id, breakpoints());
            break;
          default:
            if (status === 'paused') await threads.resume(id, roll(3) === 0);
            else await decideOne(bench, id, roll);
        }
      }
      assert.equal((await rested(bench, id)).status, 'idle');
      const onDisk = ['a', 'b'].map((path) => readFileSync(join(bench.folder, path), 'utf8'));
      assert.deepEqual(onDisk, ['two', 'one']);
      assert.throws(() => readFileSync(join(bench.folder, 'c')));
      const { values } = await bench.core.threads.state(id);
      const answers = values.messages.flatMap((one) =>
        one.type === 'tool' ? [one.tool_call_id] : [],
      );
      const calls = script.flatMap((reply) => reply.calls ?? []).map((call) => call.id);
      assert.deepEqual(answers.toSorted(), calls.toSorted());
      assert.equal(used + bench.model.requests.length, script.length);
      const applied = bench.core.audit.rows().filter(({ event }) => event === 'applied');
      assert.equal(applied.length, 3);
      assert.deepEqual(bench.logged, []);
      await bench.close();
    });
  }
});

async function decideOne(bench: Bench, id: string, roll: (sides: number) => number): Promise<void> {
  const items = await bench.pendingItems(id);
  const item = items[roll(items.length)];
  if (item !== undefined) await bench.decide(id, item, answerTo(item.id));
}

/** Waits until nothing runs. */
async function rested(bench: Bench, id: string): ReturnType<Bench['view']> {
  const { threads } = bench.core;
  const rest = Promise.withResolvers<undefined>();
  const subscription = threads.onEvent(({ event }) => {
    if (event.kind === 'status' && event.status !== 'running') rest.resolve(undefined);
  });
  await new Promise(setImmediate);
  if ((await bench.view(id)).status === 'running') await rest.promise;
  subscription.dispose();
  return bench.view(id);
}
