import type { CheckpointPendingWrite } from '@langchain/langgraph-checkpoint';
import { unpack } from '../serializer.ts';

/** Channels that are stored with a checkpoint, and what was written on it, each in arrays of one length. */
export interface StoredRow {
  readonly channels: readonly string[] | null;
  readonly types: readonly string[] | null;
  readonly blobs: readonly Uint8Array[] | null;
  readonly tasks: readonly string[] | null;
  readonly written: readonly string[] | null;
  readonly write_types: readonly string[] | null;
  readonly write_blobs: readonly Uint8Array[] | null;
}

/** PostgreSQL's "C" order of UTF-8 is that of `writesSortKey`, by code points. */
const APPLIED = 'ORDER BY task_path COLLATE "C", task_id COLLATE "C", idx';

/** For a `SELECT` from the blobs, as `b`. */
export const VALUES = `array_agg(b.channel ORDER BY b.channel) AS channels,
  array_agg(b.type ORDER BY b.channel) AS types, array_agg(b.blob ORDER BY b.channel) AS blobs`;

/** For a `SELECT` from the writes. */
export const WRITTEN = `array_agg(task_id ${APPLIED}) AS tasks, array_agg(channel ${APPLIED}) AS written,
  array_agg(type ${APPLIED}) AS write_types, array_agg(blob ${APPLIED}) AS write_blobs`;

export function valuesIn({ channels, types, blobs }: StoredRow): Record<string, unknown> {
  return Object.fromEntries(
    (channels ?? []).map((channel, index) => [
      channel,
      unpack(types?.[index] ?? '', blobs?.[index] ?? ''),
    ]),
  );
}

/** In the order in which they were applied. */
export function writesIn({
  tasks,
  written,
  write_types: types,
  write_blobs: blobs,
}: StoredRow): CheckpointPendingWrite[] {
  return (tasks ?? []).map((task, index) => [
    task,
    written?.[index] ?? '',
    unpack(types?.[index] ?? '', blobs?.[index] ?? ''),
  ]);
}
