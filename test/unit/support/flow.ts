import { type BaseMessage, ToolMessage } from '@langchain/core/messages';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Proposal } from '../../../src/approval/proposal.ts';
import type { Decision, DecisionOutcome } from '../../../src/shared/decision.ts';
import type { ReviewView, ThreadStatus, ToolItem } from '../../../src/shared/thread-view.ts';
import { type Bench, type BenchOptions, makeBench, shownOf } from '../../support/core.ts';
import type { ScriptedCall, ScriptedReply } from '../../support/scripted-model.ts';

/** What the model says once its script is over. */
const REST: readonly ScriptedReply[] = Array.from({ length: 5 }, () => ({ text: 'All right.' }));

/** One conversation about a folder of files: its calls are proposed, decided and told of. */
export class Flow {
  bench: Bench;
  id = '';

  private constructor(bench: Bench) {
    this.bench = bench;
  }

  /** Begins a conversation and waits until it rests. */
  static async start(
    files: Record<string, string | Uint8Array>,
    ...replies: readonly ScriptedReply[]
  ): Promise<Flow> {
    return Flow.startWith({}, files, ...replies);
  }

  static async startWith(
    options: BenchOptions,
    files: Record<string, string | Uint8Array>,
    ...replies: readonly ScriptedReply[]
  ): Promise<Flow> {
    const flow = new Flow(makeBench(files, [...replies, ...REST], options));
    await flow.say('Do it');
    return flow;
  }

  at(path: string): string {
    return join(this.bench.folder, path);
  }

  /** The text of a file; null if there is none. */
  onDisk(path: string): string | null {
    return existsSync(this.at(path)) ? readFileSync(this.at(path), 'utf8') : null;
  }

  async say(text: string): Promise<ThreadStatus> {
    this.id = await this.bench.core.threads.send(this.id === '' ? null : this.id, text);
    return this.rests();
  }

  /** Waits until no run is under way. */
  async rests(): Promise<ThreadStatus> {
    const { threads } = this.bench.core;
    const rested = Promise.withResolvers<ThreadStatus>();
    const subscription = threads.onEvent(({ event }) => {
      if (event.kind === 'status' && event.status !== 'running') rested.resolve(event.status);
    });
    const { status } = await this.bench.view(this.id);
    if (status !== 'running') rested.resolve(status);
    const reached = await rested.promise;
    subscription.dispose();
    return reached;
  }

  /** The item of a call; without an id, of the only call that waits. */
  async item(callId?: string): Promise<ToolItem> {
    if (callId === undefined) {
      const [one, ...more] = await this.bench.pendingItems(this.id);
      assert.ok(one !== undefined && more.length === 0, 'not exactly one call waits');
      return one;
    }
    const { items } = await this.bench.view(this.id);
    const found = items.find(({ id }) => id === callId);
    assert.ok(found?.kind === 'tool', `no call ${callId}`);
    return found;
  }

  async review(callId?: string): Promise<ReviewView> {
    const { review } = await this.item(callId);
    assert.ok(review !== null);
    return review;
  }

  async proposal(callId?: string): Promise<Proposal> {
    const { proposalId } = await this.review(callId);
    const found = this.bench.core.proposal(proposalId);
    assert.ok(found !== null);
    return found;
  }

  /** Answers what is shown now. If a run goes on with it, waits until it rests. */
  async answer(decision: Decision, callId?: string): Promise<DecisionOutcome> {
    const { threads } = this.bench.core;
    const item = await this.item(callId);
    const rested = Promise.withResolvers<undefined>();
    let ran = false;
    const subscription = threads.onEvent(({ event }) => {
      if (event.kind !== 'status') return;
      if (event.status === 'running') ran = true;
      else if (ran) rested.resolve(undefined);
    });
    const outcome = await threads.decide(this.id, shownOf(item), decision);
    const { review } = await this.item(item.id);
    if (outcome.kind === 'taken' && review?.interruptId === null) await rested.promise;
    subscription.dispose();
    return outcome;
  }

  /** Answers what is shown now; the answer must be taken. */
  async takes(decision: Decision, callId?: string): Promise<void> {
    assert.deepEqual(await this.answer(decision, callId), { kind: 'taken' });
  }

  /** Answers what is shown now; the answer must be refused with these words, and change nothing. */
  async refuses(decision: Decision, words: RegExp, callId?: string): Promise<void> {
    const before = await this.bench.view(this.id);
    const outcome = await this.answer(decision, callId);
    assert.equal(outcome.kind, 'refused');
    assert.match(outcome.reason, words);
    assert.deepEqual(await this.bench.view(this.id), before);
  }

  /** What the model was told of a call in the last request. */
  told(callId: string): string {
    const results = (this.bench.model.requests.at(-1) ?? [])
      .filter((message: BaseMessage) => ToolMessage.isInstance(message))
      .filter((message) => message.tool_call_id === callId);
    assert.equal(results.length, 1, `${results.length} answers to ${callId}`);
    return results[0]?.text ?? '';
  }

  events(): string[] {
    return this.bench.core.audit.rows().map(({ event }) => event);
  }

  /** The same folder and database in a new process, as far as the core can tell. */
  async restart(options: BenchOptions = {}, ...replies: readonly ScriptedReply[]): Promise<void> {
    const old = this.bench;
    await old.core.close();
    this.bench = old.restart([...replies, ...REST], options);
    await this.rests();
  }

  /** Nothing was logged, and the audit holds. */
  async close(): Promise<void> {
    assert.deepEqual(this.bench.logged, []);
    assert.equal(this.bench.core.audit.verify().problem, null);
    await this.bench.close();
  }
}

export const edit = (id: string, path: string, from: string, to: string): ScriptedCall => ({
  id,
  name: 'replace_in_file',
  args: { path, old_text: from, new_text: to },
});

export const write = (id: string, path: string, content: string): ScriptedCall => ({
  id,
  name: 'write_file',
  args: { path, content },
});

export const remove = (id: string, path: string): ScriptedCall => ({
  id,
  name: 'delete_file',
  args: { path },
});

/** A patch that writes new files. */
export const create = (id: string, files: Record<string, string>): ScriptedCall => ({
  id,
  name: 'apply_patch',
  args: {
    patch: Object.entries(files)
      .map(([path, text]) => {
        const lines = text.split('\n').slice(0, -1);
        const rows = lines.map((line) => `+${line}\n`).join('');
        return `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n${rows}`;
      })
      .join(''),
  },
});

/** A patch that changes the one line of each file. */
export const patchLines = (
  id: string,
  files: Record<string, readonly [from: string, to: string]>,
): ScriptedCall => ({
  id,
  name: 'apply_patch',
  args: {
    patch: Object.entries(files)
      .map(([path, [from, to]]) => `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-${from}\n+${to}\n`)
      .join(''),
  },
});
