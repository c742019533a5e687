import assert from 'node:assert/strict';
import type { ChangeView, LineRange, ProposalChanges } from '../../../src/shared/change-view.ts';
import type { Threads } from '../../../src/threads/threads.ts';
import type { Flow } from './flow.ts';

export type State = 'accepted' | 'rejected' | 'open';

/** Marks the changes of the only call that waits, as a surface does, and looks at them. */
export class Marks {
  readonly #flow: () => Flow;

  constructor(flow: () => Flow) {
    this.#flow = flow;
  }

  get #threads(): Threads {
    return this.#flow().bench.core.threads;
  }

  async changes(callId?: string): Promise<ProposalChanges> {
    const found = this.#flow().bench.core.changes((await this.#flow().review(callId)).proposalId);
    assert.ok(found !== null);
    return found;
  }

  async views(callId?: string): Promise<readonly ChangeView[]> {
    return (await this.changes(callId)).files.flatMap((file) => file.changes);
  }

  async states(callId?: string): Promise<string[]> {
    return (await this.views(callId)).map(({ state }) => state);
  }

  async mark(change: number, state: State, operation = 0): Promise<boolean> {
    const { proposalId, effectHash } = await this.#flow().review();
    return this.#threads.markChange(proposalId, effectHash, { operation, change }, state);
  }

  async lines(shown: LineRange, state: 'accepted' | 'rejected'): Promise<boolean> {
    const { proposalId, effectHash } = await this.#flow().review();
    return this.#threads.markLines(proposalId, effectHash, 0, shown, state);
  }

  async comment(change: number, text: string, operation = 0): Promise<boolean> {
    const { proposalId } = await this.#flow().review();
    return this.#threads.commentChange(proposalId, { operation, change }, text);
  }

  /** The bytes that the first file of the proposal would have. */
  async shown(): Promise<Buffer> {
    const [operation] = (await this.#flow().proposal()).operations;
    return Buffer.from(this.#flow().bench.core.bytes(operation?.newSha256 ?? ''));
  }
}
