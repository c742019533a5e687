import type { RunnableConfig } from '@langchain/core/runnables';
import type {
  CheckpointPendingWrite,
  CheckpointTuple,
  DeltaChannelHistory,
} from '@langchain/langgraph-checkpoint';

/** What built up the delta channels of a checkpoint, by channel. */
type Histories = Record<string, DeltaChannelHistory>;

interface Known {
  readonly checkpointId: string;
  readonly histories: Histories;
}

/** Threads whose last history is kept in memory. */
const KEPT_THREADS = 8;

/**
 * The history of delta channels, walked along the parents of a checkpoint as
 * `BaseCheckpointSaver.getDeltaChannelHistory` does, but only as far as the checkpoint that was asked
 * for before: what led to a checkpoint never changes. Every answer to an interrupt starts a run, and
 * so asks; without this, each would read the whole conversation again.
 */
export class DeltaHistory {
  readonly #read: (config: RunnableConfig) => Promise<CheckpointTuple | undefined>;
  readonly #known = new Map<string, Known>();

  constructor(read: (config: RunnableConfig) => Promise<CheckpointTuple | undefined>) {
    this.#read = read;
  }

  async of(config: RunnableConfig, channels: readonly string[]): Promise<Histories> {
    const target = await this.#read(config);
    if (target === undefined) return emptyHistories(channels);
    const { thread_id: threadId, checkpoint_ns: namespace } = addressOf(target.config);
    const key = JSON.stringify([threadId, namespace, channels]);
    const histories = await this.#walk(target, channels, this.#known.get(key));
    this.#known.delete(key);
    this.#known.set(key, { checkpointId: target.checkpoint.id, histories });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT_THREADS) break;
      this.#known.delete(oldest);
    }
    return histories;
  }

  forget(): void {
    this.#known.clear();
  }

  async #walk(
    target: CheckpointTuple,
    channels: readonly string[],
    known: Known | undefined,
  ): Promise<Histories> {
    if (known?.checkpointId === target.checkpoint.id) return known.histories;
    const remaining = new Set(channels);
    // Newest first; turned around at the end.
    const blocks = new Map<string, (readonly CheckpointPendingWrite[])[]>(
      channels.map((channel) => [channel, []]),
    );
    const histories = emptyHistories(channels);
    let parent = target.parentConfig;
    while (parent !== undefined && remaining.size > 0) {
      const tuple = await this.#read(parent);
      if (tuple === undefined) break;
      const isKnown = known?.checkpointId === tuple.checkpoint.id;
      for (const channel of [...remaining]) {
        const own = (tuple.pendingWrites ?? []).filter((write) => write[1] === channel);
        blocks.get(channel)?.push(own);
        const seed = seedOf(tuple, channel) ?? (isKnown ? known.histories[channel] : undefined);
        if (seed === undefined) continue;
        histories[channel] = seed;
        remaining.delete(channel);
      }
      parent = tuple.parentConfig;
    }
    for (const channel of channels) {
      const { writes, ...seed } = histories[channel] ?? { writes: [] };
      const newer = (blocks.get(channel) ?? []).toReversed().flat();
      histories[channel] = { ...seed, writes: [...writes, ...newer] };
    }
    return histories;
  }
}

/** A channel whose whole value is stored begins there. */
function seedOf({ checkpoint }: CheckpointTuple, channel: string): DeltaChannelHistory | undefined {
  return Object.hasOwn(checkpoint.channel_values, channel)
    ? { writes: [], seed: checkpoint.channel_values[channel] }
    : undefined;
}

function emptyHistories(channels: readonly string[]): Histories {
  return Object.fromEntries(channels.map((channel) => [channel, { writes: [] }]));
}

function addressOf(config: RunnableConfig): { thread_id: string; checkpoint_ns: string } {
  return config.configurable as { thread_id: string; checkpoint_ns: string };
}
