import type { BaseMessage } from '@langchain/core/messages';
import { Command } from '@langchain/langgraph';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type FuzzGraph, said } from './graphs.ts';

type State = Awaited<ReturnType<FuzzGraph['getState']>>;

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
  /** Forgets all that is in memory; `fully` means the file, too. */
  reopen?(fully: boolean): void;
  /** Addresses of the newest checkpoints after each deed. */
  readonly points: string[];
  /** What the last look found. */
  state?: State;
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

const deed = fc.record({ kind: kinds, pick: fc.nat({ max: 1_000_000 }) });

/** The first deed is an input; at the end there is nothing left to prune. */
export const deeds: fc.Arbitrary<Deed[]> = fc
  .tuple(deed, fc.array(deed, { minLength: 1, maxLength: 5 }))
  .map(([{ pick }, rest]) => [{ kind: 'input', pick }, ...rest, { kind: 'prune', pick: 0 }]);

export function configOf({ threadId }: Twin, checkpointId?: string) {
  const at = checkpointId === undefined ? {} : { checkpoint_id: checkpointId };
  return {
    configurable: { thread_id: threadId, checkpoint_ns: '', ...at },
    durability: 'sync' as const,
    recursionLimit: 6,
  };
}

/** Does it, and looks at the thread then. */
export async function act(twin: Twin, deed: Deed, number: number): Promise<void> {
  // All that follows depends on what is said.
  const message = said(`deed${number}`, `deed ${deed.pick}`);
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
      twin.reopen?.(deed.pick % 5 === 0);
      break;
  }
  twin.state = await twin.graph().getState(configOf(twin));
  const newest = String(twin.state.config.configurable?.['checkpoint_id']);
  if (!twin.points.includes(newest)) twin.points.push(newest);
}

async function look(twin: Twin, checkpointId?: string): Promise<Seen> {
  return seenIn(await twin.graph().getState(configOf(twin, checkpointId)));
}

export function seenIn(state: State): Seen {
  const { messages = [] } = state.values as { readonly messages?: readonly BaseMessage[] };
  return {
    messages: messages.map(({ id, text }) => [id, text] as const),
    next: state.next,
    asked: state.tasks.map(({ interrupts }) => interrupts.map(({ value }) => value as unknown)),
  };
}

/** All twins look the same after a deed. */
export function compare([oracle, ...others]: readonly Twin[]): void {
  for (const twin of others) {
    assert.deepEqual(seenOf(twin), seenOf(oracle), twin.name);
    assert.equal(twin.points.length, oracle?.points.length, twin.name);
  }
}

/** All twins look the same at every point where a deed ended. */
export async function compareHistory([oracle, ...others]: readonly Twin[]): Promise<void> {
  for (const [at, point] of (oracle?.points ?? []).entries()) {
    const then = oracle === undefined ? null : await look(oracle, point);
    for (const twin of others) {
      assert.deepEqual(await look(twin, twin.points[at]), then, `${twin.name} at point ${at}`);
    }
  }
}

function seenOf(twin: Twin | undefined): Seen | null {
  return twin?.state === undefined ? null : seenIn(twin.state);
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
  const asked = (twin.state?.tasks ?? [])
    .flatMap(({ interrupts }) => interrupts)
    .toSorted((a, b) => (String(a.value) < String(b.value) ? -1 : 1));
  const chosen = asked.filter(
    (_, index) => pick % asked.length === index || (pick >> index) % 3 === 0,
  );
  if (chosen.length === 0) return;
  const resume = chosen.map(({ id, value }) => [String(id), `answer to ${String(value)}`]);
  await run(twin, new Command({ resume: Object.fromEntries(resume) as Record<string, string> }));
}
