import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlainMessage } from '../../../src/agent/plain-messages.ts';
import type { Breakpoints } from '../../../src/shared/breakpoints.ts';
import type { Decision } from '../../../src/shared/decision.ts';
import type { StateOutcome } from '../../../src/threads/state-update.ts';
import { type Bench, type BenchOptions, makeBench } from '../../support/core.ts';
import type { ScriptedReply } from '../../support/scripted-model.ts';

export const write: ScriptedReply = {
  text: 'I will.',
  calls: [{ id: 'w', name: 'write_file', args: { path: 'a.txt', content: 'new\n' } }],
};
export const both: ScriptedReply = {
  calls: [
    { id: 'r', name: 'read_file', args: { path: 'a.txt' } },
    { id: 'w', name: 'write_file', args: { path: 'a.txt', content: 'new\n' } },
  ],
};
export const done: ScriptedReply = { text: 'Done.' };

/** One conversation whose runs stop here and there. */
export class Pausing {
  bench!: Bench;
  id = '';

  async start(
    replies: readonly ScriptedReply[],
    stops: Partial<Breakpoints> = {},
    { step = false, ...options }: BenchOptions & { readonly step?: boolean } = {},
  ): Promise<void> {
    this.bench = makeBench({ 'a.txt': 'old\n', 'b.txt': 'old\n' }, replies, options);
    const breakpoints = { before: [], after: [], ...stops };
    this.id = await this.bench.core.threads.send(null, 'Go', 'act', { step, breakpoints });
  }

  /** With breakpoints before these nodes, and waits until it stands there; without, at an approval. */
  async startAt(before: readonly string[], ...replies: readonly ScriptedReply[]): Promise<void> {
    await this.start(replies, { before });
    await this.bench.reaches(this.id, before.length === 0 ? 'waiting' : 'paused');
  }

  onDisk(path = 'a.txt'): string {
    return readFileSync(join(this.bench.folder, path), 'utf8');
  }

  async pausesAt(...nodes: readonly string[]): Promise<void> {
    const { at } = await this.bench.reaches(this.id, 'paused');
    assert.deepEqual(at, nodes);
  }

  async goesOn(status: 'idle' | 'waiting', id = this.id): Promise<void> {
    await this.bench.core.threads.resume(id);
    await this.bench.reaches(id, status);
  }

  /** Answers the only call that waits. */
  async answer(decision: Decision = { kind: 'approve' }, id = this.id): Promise<void> {
    await this.bench.reaches(id, 'waiting');
    const [item, ...others] = await this.bench.pendingItems(id);
    assert.equal(others.length, 0);
    await this.bench.decide(id, item!, decision);
  }

  async approve(id = this.id): Promise<void> {
    await this.answer({ kind: 'approve' }, id);
    await this.bench.reaches(id, 'idle');
  }

  async messages(id = this.id): Promise<readonly PlainMessage[]> {
    return (await this.bench.core.threads.state(id)).values.messages;
  }

  /** Who spoke; of tool messages, for which call, and their first words. */
  async outline(): Promise<string[]> {
    return (await this.messages()).map((message) =>
      message.type === 'tool'
        ? `${message.tool_call_id}: ${message.content.split(/[:.\n]/u)[0]}`
        : message.type,
    );
  }

  update(values: unknown, asNode?: string): Promise<StateOutcome> {
    const as = asNode === undefined ? {} : { asNode };
    return this.bench.core.threads.updateState(this.id, { values, ...as });
  }

  /** The change must be taken, and these nodes come next. */
  async applies(values: unknown, ...next: readonly string[]): Promise<void> {
    assert.deepEqual(await this.update(values), { kind: 'applied', next });
  }

  /** What the model said last, with this for the arguments of its calls, or of one of them. */
  async withArguments(args: object, callId?: string): Promise<PlainMessage> {
    const said = (await this.messages()).findLast(({ type }) => type === 'ai');
    assert.ok(said?.type === 'ai');
    const changed = said.tool_calls.map((call) =>
      callId === undefined || call.id === callId ? { ...call, args: { ...args } } : call,
    );
    return { ...said, tool_calls: changed };
  }

  /** With these replies left. */
  async restart(kind: 'close' | 'die', ...replies: readonly ScriptedReply[]): Promise<void> {
    assert.deepEqual(this.bench.logged, []);
    if (kind === 'close') await this.bench.core.close();
    this.bench = this.bench.restart(replies);
  }

  async close(): Promise<void> {
    assert.deepEqual(this.bench.logged, []);
    await this.bench.close();
  }
}
