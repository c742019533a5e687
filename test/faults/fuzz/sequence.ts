import type { BaseMessage } from '@langchain/core/messages';
import { Command } from '@langchain/langgraph';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type FuzzGraph, said } from './graphs.ts';

/** One thing that is done to a thread. `pick` chooses among what is there then. */
export interface Deed {
  readonly kind: 'input' | 'answer' | 'update' | 'inputAt' | 'updateAt' | 'prune' | 'reopen';
  readonly pick: number;
}

/** A thread in one store, driven like its twins in others. */
export interface Twin {
  readonly name: string;
  readonly threadId: string;
  graph(): FuzzGraph;
  prune?(): Promise<void>;
  reopen?(): void;
  /** Addresses of the newest checkpoints after each deed. */
  readonly points: string[];
}

/** What can be seen of a thread at a checkpoint; ids of checkpoints are random. */
export interface Seen {
  readonly messages: readonly (readonly [id: string | undefined, text: string])[];
  readonly next: readonly string[];
  /** What is asked, by task. */
  readonly asked: readonly (readonly unknown[])[];
}

const kinds = fc.constantFrom<Deed['kind'][]>(
  ...([
    'input',
    'answer',
    'answer',
    'answer',
    'update',
    'inputAt',
    'updateAt',
    'prune',
    'reopen',
  ] as const),
);

/** The first deed is an input; most sequences are pruned at the end of them. */
export const deeds: fc.Arbitrary<Deed[]> = fc
  .array(fc.record({ kind: kinds, pick: fc.nat({ max: 1000 }) }), { minLength: 2, maxLength: 6 })
  .map((rest) => [{ kind: 'input', pick: 0 }, ...rest, { kind: 'prune', pick: 0 }]);

export function configOf({ threadId }: Twin, checkpointId?: string) {
  const at = checkpointId === undefined ? {} : { checkpoint_id: checkpointId };
  return {
    configurable: { thread_id: threadId, checkpoint_ns: '', ...at },
    durability: 'sync' as const,
    recursionLimit: 12,
  };
}

/** Answers what was asked on the way, newest checkpoint last. */
export async function perform(twin: Twin, deed: Deed, number: number): Promise<void> {
  const message = said(`deed${number}`, `deed ${number}`);
  const older = twin.points[deed.pick % Math.max(1, twin.points.length)];
  switch (deed.kind) {
    case 'input':
      await run(twin, { messages: [message] });
      break;
    case 'inputAt':
      await run(twin, { messages: [message] }, older);
      break;
    case 'answer':
      await answer(twin, deed.pick);
      break;
    case 'update':
      await twin.graph().updateState(configOf(twin), { messages: [message] }, 'work');
      break;
    case 'updateAt':
      await twin.graph().updateState(configOf(twin, older), { messages: [message] }, 'work');
      break;
    case 'prune':
      await twin.prune?.();
      break;
    case 'reopen':
      twin.reopen?.();
      break;
  }
  const { config } = await twin.graph().getState(configOf(twin));
  const newest = String(config.configurable?.['checkpoint_id']);
  if (!twin.points.includes(newest)) twin.points.push(newest);
}

export async function look(twin: Twin, checkpointId?: string): Promise<Seen> {
  const state = await twin.graph().getState(configOf(twin, checkpointId));
  return seenIn(state);
}

export function seenIn(state: Awaited<ReturnType<FuzzGraph['getState']>>): Seen {
  const { messages = [] } = state.values as { readonly messages?: readonly BaseMessage[] };
  return {
    messages: messages.map(({ id, text }) => [id, text] as const),
    next: state.next,
    asked: state.tasks.map(({ interrupts }) => interrupts.map(({ value }) => value as unknown)),
  };
}

/** All twins look the same, now and at every point where a deed ended. */
export async function compare([oracle, ...others]: readonly Twin[], all: boolean): Promise<void> {
  if (oracle === undefined) return;
  const expected = await look(oracle);
  for (const twin of others) {
    assert.deepEqual(await look(twin), expected, twin.name);
    assert.equal(twin.points.length, oracle.points.length, twin.name);
  }
  if (!all) return;
  for (const [at, point] of oracle.points.entries()) {
    const then = await look(oracle, point);
    for (const twin of others) {
      assert.deepEqual(await look(twin, twin.points[at]), then, `${twin.name} at point ${at}`);
    }
  }
}

/** A run that goes on for too long is cut off, in all twins alike. */
async function run(twin: Twin, input: unknown, checkpointId?: string): Promise<void> {
  try {
    await twin
      .graph()
      .invoke(input as Parameters<FuzzGraph['invoke']>[0], configOf(twin, checkpointId));
  } catch (error) {
    if ((error as Error).name !== 'GraphRecursionError') throw error;
  }
}

/** Some of what is asked, in the order of its values, which are the same in all twins. */
async function answer(twin: Twin, pick: number): Promise<void> {
  const { tasks } = await twin.graph().getState(configOf(twin));
  const asked = tasks
    .flatMap(({ interrupts }) => interrupts)
    .toSorted((a, b) => (String(a.value) < String(b.value) ? -1 : 1));
  const chosen = asked.filter(
    (_, index) => pick % asked.length === index || (pick >> index) % 3 === 0,
  );
  if (chosen.length === 0) return;
  const resume = chosen.map(({ id, value }) => [String(id), `answer to ${String(value)}`]);
  await run(twin, new Command({ resume: Object.fromEntries(resume) as Record<string, string> }));
}
