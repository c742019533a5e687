import { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import { type Address, fieldsOf } from './address.ts';
import type { Leases } from './leases.ts';
import type { ThreadIndex } from './thread-index.ts';

/** What several hosts see of their threads; what files are changed by stays with the files. */
export interface SharedParts {
  readonly saver: BaseCheckpointSaver;
  readonly leases: Leases;
  readonly index: ThreadIndex;
}

/** What a machine has for itself, and says of itself. */
export interface LocalParts extends SharedParts {
  /** Identity of the ledger. */
  readonly home: string;
  /** Where that is, in words. */
  readonly host: string;
  /** True for a thread of this machine alone, deleted ones included. */
  readonly isLocal: (threadId: string) => boolean;
  /**
   * The newest checkpoint of a thread, '' if there is none, or null if it is in the middle of a turn.
   */
  readonly restingAt: (threadId: string) => Promise<string | null>;
}

/** Threads that are shared with other hosts; those of this machine alone stay where they are. */
export interface SharedHistory {
  /** Where it is, without user and password. */
  readonly name: string;
  /** To be called once, before anything is asked for. */
  join(local: LocalParts): SharedParts;
  /** True if another host has stored anything since this was asked for the last time. */
  takeNews(): boolean;
  /** What goes on may end, but nothing is waited for much longer. */
  leave(): void;
  close(): Promise<void>;
}

/** Takes each thread to the saver that has it. */
export class RoutedSaver extends BaseCheckpointSaver {
  readonly #local: BaseCheckpointSaver;
  readonly #shared: BaseCheckpointSaver;
  readonly #isLocal: (threadId: string) => boolean;

  constructor(
    local: BaseCheckpointSaver,
    shared: BaseCheckpointSaver,
    isLocal: (threadId: string) => boolean,
  ) {
    super(shared.serde);
    this.#local = local;
    this.#shared = shared;
    this.#isLocal = isLocal;
  }

  /** One rule for both: whose thread it is for is not known here. */
  override getNextVersion(current: number | undefined): number {
    return this.#shared.getNextVersion(current);
  }

  override getTuple(...args: Parameters<BaseCheckpointSaver['getTuple']>) {
    return this.#of(args[0]).getTuple(...args);
  }

  override list(...args: Parameters<BaseCheckpointSaver['list']>) {
    return this.#of(args[0]).list(...args);
  }

  override getDeltaChannelHistory(
    ...args: Parameters<BaseCheckpointSaver['getDeltaChannelHistory']>
  ) {
    return this.#of(args[0].config).getDeltaChannelHistory(...args);
  }

  override put(...args: Parameters<BaseCheckpointSaver['put']>) {
    return this.#of(args[0]).put(...args);
  }

  override putWrites(...args: Parameters<BaseCheckpointSaver['putWrites']>) {
    return this.#of(args[0]).putWrites(...args);
  }

  override deleteThread(threadId: string): Promise<void> {
    return this.#where(threadId).deleteThread(threadId);
  }

  #of(config: Parameters<BaseCheckpointSaver['getTuple']>[0]): BaseCheckpointSaver {
    return this.#where(fieldsOf(config)['thread_id']);
  }

  #where(threadId: Address['threadId'] | undefined): BaseCheckpointSaver {
    return threadId !== undefined && this.#isLocal(threadId) ? this.#local : this.#shared;
  }
}
