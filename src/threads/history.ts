import type { BaseCheckpointSaver, CheckpointTuple } from '@langchain/langgraph';
import { type PlaceDeps, nextNodes, ranBefore } from './place.ts';
import { threadConfig } from './standing.ts';

/** A checkpoint, as far as it can be told without reading the conversation. */
export interface HistoryEntry {
  readonly checkpointId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What made it: the `input` of a run, a step of it (`loop`), the user (`update`), or a `fork`. */
  readonly source: string;
  /** The nodes whose work it is. */
  readonly ran: readonly string[];
  /** The nodes that come next; none where a run was done. */
  readonly next: readonly string[];
  /** Somebody was asked there. */
  readonly asked: boolean;
}

export interface HistoryPage {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** There are older ones. */
  readonly more: boolean;
}

export interface PageOptions {
  /** Begins with what is older than this checkpoint. */
  readonly before?: string;
  readonly limit?: number;
}

const PAGE = 20;

/** Reads no more of a thread than the page takes, however long the conversation is. */
export async function readHistory(
  deps: PlaceDeps,
  threadId: string,
  { before, limit = PAGE }: PageOptions = {},
): Promise<HistoryPage> {
  const entries: HistoryEntry[] = [];
  let last = before;
  for (;;) {
    const tuples = await pageOf(deps.saver, threadId, last, limit + 1);
    for (const tuple of tuples) {
      if (entries.length === limit) return { entries, more: true };
      last = tuple.checkpoint.id;
      if (!isBridge(tuple)) entries.push(await entryOf(deps, tuple));
    }
    if (tuples.length <= limit) return { entries, more: false };
  }
}

async function pageOf(
  saver: BaseCheckpointSaver,
  threadId: string,
  before: string | undefined,
  limit: number,
): Promise<readonly CheckpointTuple[]> {
  const { configurable } = threadConfig(threadId);
  const place = { configurable: { ...configurable, checkpoint_id: before } };
  const tuples: CheckpointTuple[] = [];
  const options = { limit, ...(before === undefined ? {} : { before: place }) };
  for await (const tuple of saver.list(
    { configurable: { ...configurable, checkpoint_ns: '' } },
    options,
  )) {
    tuples.push(tuple);
  }
  return tuples;
}

async function entryOf(deps: PlaceDeps, tuple: CheckpointTuple): Promise<HistoryEntry> {
  const { checkpoint, metadata, pendingWrites = [] } = tuple;
  return {
    checkpointId: checkpoint.id,
    at: Date.parse(checkpoint.ts),
    source: metadata?.source ?? 'loop',
    ran: await ranBefore(deps, tuple),
    next: nextNodes(deps.agent, tuple),
    asked: pendingWrites.some(([, channel]) => channel === '__interrupt__'),
  };
}

/** What pruning has left of several: it has their messages, and nothing that could go on. */
export function isBridge({ checkpoint, metadata }: CheckpointTuple): boolean {
  return metadata?.source === 'loop' && Object.keys(checkpoint.versions_seen).length === 0;
}
