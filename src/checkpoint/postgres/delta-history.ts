import type { CheckpointPendingWrite, DeltaChannelHistory } from '@langchain/langgraph-checkpoint';
import { type StoredRow, VALUES, WRITTEN, valuesIn, writesIn } from './rows.ts';
import { TABLES } from './schema.ts';

/** What built up the delta channels of a checkpoint, by channel. */
export type Histories = Record<string, DeltaChannelHistory>;

/** A checkpoint on the way back, the one that is asked about first. */
export interface Way extends StoredRow {
  readonly parent: string | null;
}

/** The values of channels as of a checkpoint with these `versions`, stored as a whole. */
const storedAt = (
  versions: string,
): string => `${TABLES.blobs} b WHERE b.thread_id = $1 AND b.checkpoint_ns = $2
  AND b.channel = ANY($4) AND b.version = ${versions} ->> b.channel AND b.type <> 'empty'`;

/**
 * The way from a checkpoint ($3, null: the newest) of a thread ($1, $2) back along its parents, until
 * each channel ($4) has been found stored as a whole, with the writes to these channels on the way.
 */
export const WAY_BACK = `
  WITH RECURSIVE way AS (
    (SELECT 0 AS step, checkpoint_id AS id, parent_checkpoint_id AS parent,
       checkpoint -> 'channel_versions' AS versions, '{}'::text[] AS found
     FROM ${TABLES.checkpoints}
     WHERE thread_id = $1 AND checkpoint_ns = $2 AND ($3::text IS NULL OR checkpoint_id = $3)
     ORDER BY place DESC LIMIT 1)
    UNION ALL
    SELECT way.step + 1, c.checkpoint_id, c.parent_checkpoint_id, c.versions,
      way.found || ARRAY(SELECT b.channel FROM ${storedAt('c.versions')})
    FROM way CROSS JOIN LATERAL (
      SELECT checkpoint_id, parent_checkpoint_id, checkpoint -> 'channel_versions' AS versions
      FROM ${TABLES.checkpoints}
      WHERE thread_id = $1 AND checkpoint_ns = $2 AND checkpoint_id = way.parent
    ) c
    WHERE NOT way.found @> $4::text[]
  )
  SELECT way.parent, v.*, w.* FROM way
  CROSS JOIN LATERAL (
    SELECT ${VALUES}
    FROM ${storedAt('way.versions')}
  ) v
  CROSS JOIN LATERAL (
    SELECT ${WRITTEN}
    FROM ${TABLES.writes} WHERE thread_id = $1 AND checkpoint_ns = $2
      AND checkpoint_id = way.id AND channel = ANY($4) AND way.step > 0
  ) w
  ORDER BY way.step`;

/** By channel; null if a part of the way is missing. */
export function historiesOf(
  [asked, ...way]: readonly Way[],
  channels: readonly string[],
): Histories | null {
  const histories = Object.fromEntries(
    channels.map((channel) => [channel, historyOf(channel, way)] as const),
  );
  const isWhole = Object.values(histories).every((history) => 'seed' in history);
  const parent = (way.at(-1) ?? asked)?.parent ?? null;
  return isWhole || parent === null ? histories : null;
}

function historyOf(channel: string, way: readonly Way[]): DeltaChannelHistory {
  // Newest first; turned around at the end.
  const blocks: CheckpointPendingWrite[][] = [];
  for (const link of way) {
    blocks.push(writesIn(link).filter(([, written]) => written === channel));
    if (link.channels?.includes(channel) !== true) continue;
    return { writes: blocks.toReversed().flat(), seed: valuesIn(link)[channel] };
  }
  return { writes: blocks.toReversed().flat() };
}
