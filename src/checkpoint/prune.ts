import { failpoint } from '../shared/failpoint.ts';
import type { Database } from './database.ts';
import {
  type CheckpointFacts,
  type CheckpointRows,
  factsOf,
  idsOf,
  rowsOf,
  textOf,
} from './prune-facts.ts';
import { type PruneStep, ROWS_AT_ONCE, deltasOf, planPruning } from './prune-plan.ts';
import { checkpointHash, reading, writeHash } from './row-hash.ts';

/** Stands in for the tasks whose writes were put together. */
const PRUNED_TASK = 'pruned';

/**
 * Takes the checkpoints out of a thread that nobody can want back: those in the middle of a turn.
 * What they added to the messages is put together on the first of them, its bridge. Every
 * checkpoint that is left reads as before, also with the stock saver; a bridge has its messages,
 * and no tasks. Works on rows alone, in small transactions, each of which leaves the thread whole
 * and does only what still holds then: other processes may write to the thread.
 * @throws UserFacingError if what it meets is not what was written
 */
export async function pruneThread(
  database: Database,
  threadId: string,
): Promise<{ removed: number }> {
  const known = new Map<string, CheckpointFacts>();
  for (const id of idsOf(database, threadId)) {
    const rows = rowsOf(database, threadId, id);
    if (rows !== null)
      known.set(
        id,
        reading(database, threadId, () => factsOf(rows)),
      );
  }
  const checkpoints = [...known.values()];
  const newest = checkpoints.at(-1)?.place ?? 0;
  const pruning: Pruning = { database, threadId, known, newest, deltas: deltasOf(checkpoints) };
  let removed = 0;
  for (const steps of inBatches(planPruning(checkpoints), known)) {
    removed += await database.transaction(() =>
      steps.reduce((sum, step) => sum + take(pruning, step), 0),
    );
    failpoint('prune.step');
  }
  return { removed };
}

interface Pruning {
  readonly database: Database;
  readonly threadId: string;
  /** As they were when the work was planned, or as it has left them. */
  readonly known: Map<string, CheckpointFacts>;
  /** Place of the newest checkpoint when the work was planned. */
  readonly newest: number;
  readonly deltas: readonly string[];
}

function inBatches(
  steps: readonly PruneStep[],
  known: ReadonlyMap<string, CheckpointFacts>,
): PruneStep[][] {
  const batches: PruneStep[][] = [];
  let rows = Infinity;
  for (const step of steps) {
    const ids = [step.bridge ?? '', ...step.gone];
    const more = ids.reduce((sum, id) => sum + (known.get(id)?.rows ?? 0), 1);
    if (rows + more > ROWS_AT_ONCE) {
      batches.push([]);
      rows = 0;
    }
    batches.at(-1)?.push(step);
    rows += more;
  }
  return batches;
}

/** Answers how many checkpoints are gone; none if the thread has become another one meanwhile. */
function take(pruning: Pruning, step: PruneStep): number {
  const { database, threadId, known, deltas } = pruning;
  const { bridge, gone, next } = step;
  if (isForked(pruning, [...(bridge === null ? [] : [bridge]), ...gone])) return 0;
  const end = current(pruning, next);
  const onto = bridge === null ? null : current(pruning, bridge);
  const going = gone.map((id) => current(pruning, id));
  if (end === null || (bridge !== null && onto === null)) return 0;
  if (!going.every((rows) => rows !== null) || !isConnected(pruning, step)) return 0;
  if (onto !== null && gone.length === 0 && isBridge(onto, deltas)) return 0;
  const sources = [...(onto === null ? [] : [onto]), ...going];
  for (const { checkpoint } of sources) {
    for (const table of checkpoint === onto?.checkpoint ? ['writes'] : ['writes', 'checkpoints']) {
      database.run(
        `DELETE FROM ${table} WHERE thread_id = ? AND checkpoint_ns = '' AND checkpoint_id = ?`,
        threadId,
        checkpoint.checkpoint_id,
      );
    }
  }
  if (onto !== null) makeBridge(database, onto, sources, deltas);
  if (gone.length > 0) setParent(database, end, step.parent);
  for (const id of gone) known.delete(id);
  for (const id of [bridge, next]) {
    const rows = id === null ? null : rowsOf(database, threadId, id);
    if (rows !== null) known.set(String(id), factsOf(rows));
  }
  return gone.length;
}

/** Whether somebody has gone on from one of these since the work was planned. */
function isForked({ database, threadId, newest }: Pruning, ids: readonly string[]): boolean {
  const sql = `SELECT parent_checkpoint_id FROM checkpoints
    WHERE thread_id = ? AND checkpoint_ns = '' AND rowid > ?`;
  const parents = database.all(sql, threadId, newest).map((row) => row['parent_checkpoint_id']);
  return ids.some((id) => parents.includes(id));
}

/** Whether they still follow each other; not if an earlier step was not done. */
function isConnected({ known }: Pruning, { bridge, gone, next, parent }: PruneStep): boolean {
  const way = [bridge ?? parent, ...gone, next];
  return way.every((id, at) => at === 0 || known.get(id ?? '')?.parent === way[at - 1]);
}

/** The rows of a checkpoint, if they still are what the work was planned on. */
function current({ database, threadId, known }: Pruning, id: string): CheckpointRows | null {
  const rows = rowsOf(database, threadId, id);
  if (rows === null) return null;
  return JSON.stringify(factsOf(rows)) === JSON.stringify(known.get(id)) ? rows : null;
}

/** What a bridge needs of a checkpoint: it says of which versions its messages are. */
function slim(checkpoint: unknown, deltas: readonly string[]): string {
  const stored = JSON.parse(textOf(checkpoint)) as {
    readonly channel_versions: Record<string, unknown>;
  };
  const versions = Object.entries(stored.channel_versions).filter(([name]) =>
    deltas.includes(name),
  );
  return JSON.stringify({
    ...stored,
    channel_values: {},
    channel_versions: Object.fromEntries(versions),
    versions_seen: {},
  });
}

function isBridge(
  { checkpoint: { checkpoint }, writes }: CheckpointRows,
  deltas: readonly string[],
) {
  const isMerged = writes.every(({ task_id: task }) => task === PRUNED_TASK);
  return isMerged && textOf(checkpoint) === slim(checkpoint, deltas);
}

/** Puts what was written on a row of checkpoints onto the first of them, one array for a channel. */
function makeBridge(
  database: Database,
  { checkpoint: row }: CheckpointRows,
  sources: readonly CheckpointRows[],
  deltas: readonly string[],
): void {
  const encoder = new TextEncoder();
  for (const [idx, channel] of deltas.entries()) {
    const arrays = sources
      .flatMap(({ writes }) => writes.filter((write) => write.channel === channel))
      .map(({ value }) => textOf(value).trim().slice(1, -1))
      .filter((items) => items !== '');
    if (arrays.length === 0) continue;
    const write = {
      thread_id: row.thread_id,
      checkpoint_ns: row.checkpoint_ns,
      checkpoint_id: row.checkpoint_id,
      ...{ task_id: PRUNED_TASK, idx, channel, type: 'json', task_path: '' },
      value: encoder.encode(`[${arrays.join(',')}]`),
    };
    const names = Object.keys(write);
    database.run(
      `INSERT INTO writes (${names.join(', ')}, hash) VALUES (${names.map(() => '?').join(', ')}, ?)`,
      ...Object.values(write),
      writeHash(write),
    );
  }
  const checkpoint = encoder.encode(slim(row.checkpoint, deltas));
  database.run(
    `UPDATE checkpoints SET checkpoint = ?, hash = ?
     WHERE thread_id = ? AND checkpoint_ns = '' AND checkpoint_id = ?`,
    checkpoint,
    checkpointHash({ ...row, checkpoint }),
    row.thread_id,
    row.checkpoint_id,
  );
}

function setParent(
  database: Database,
  { checkpoint: row }: CheckpointRows,
  parent: string | null,
): void {
  database.run(
    `UPDATE checkpoints SET parent_checkpoint_id = ?, hash = ?
     WHERE thread_id = ? AND checkpoint_ns = '' AND checkpoint_id = ?`,
    parent,
    checkpointHash({ ...row, parent_checkpoint_id: parent }),
    row.thread_id,
    row.checkpoint_id,
  );
}
