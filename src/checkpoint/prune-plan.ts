import type { CheckpointFacts } from './prune-facts.ts';

/** A part of the work that leaves every checkpoint that is left reading as before. */
export interface PruneStep {
  /** Takes over what was written on those that go; null if nobody will read that again. */
  readonly bridge: string | null;
  /** One after the other. */
  readonly gone: readonly string[];
  /** The one after them, which gets a new parent. */
  readonly next: string;
  readonly parent: string | null;
}

/** Rows that one step touches at most, unless one checkpoint alone has more. */
export const ROWS_AT_ONCE = 200;

const BOUNDARIES = new Set(['input', 'update', 'fork']);

/** What can go, of the checkpoints of a thread, oldest first. */
export function planPruning(checkpoints: readonly CheckpointFacts[]): PruneStep[] {
  // Before version 4, the sent tasks of a checkpoint are read from its parent.
  if (checkpoints.some(({ version }) => version !== 4)) return [];
  const deltas = deltasOf(checkpoints);
  const byId = new Map(checkpoints.map((one) => [one.id, one]));
  const kept = keptOf(checkpoints, byId, deltas);
  return checkpoints
    .filter(({ id }) => kept.has(id))
    .flatMap((end) => {
      const run: CheckpointFacts[] = [];
      for (let at = byId.get(end.parent ?? ''); at !== undefined && !kept.has(at.id);) {
        run.unshift(at);
        at = byId.get(at.parent ?? '');
      }
      if (run.length === 0) return [];
      const isBeginning = deltas.every((channel) => end.stored.includes(channel));
      return isBeginning ? dropped(run, end) : bridged(run, end);
    });
}

/** The channels of which each checkpoint holds only what was added. */
export function deltasOf(checkpoints: readonly CheckpointFacts[]): string[] {
  return [...new Set(checkpoints.flatMap((one) => one.deltas))];
}

/**
 * Kept are the newest checkpoint, where turns begin and end, where somebody was asked, where the
 * thread forks, where it ends, and all that begins a channel anew or cannot be put into an array
 * with others.
 */
function keptOf(
  checkpoints: readonly CheckpointFacts[],
  byId: ReadonlyMap<string, CheckpointFacts>,
  deltas: readonly string[],
): Set<string> {
  const children = new Map<string, number>();
  for (const { parent } of checkpoints) {
    if (parent !== null) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  const kept = new Set<string>();
  const keepWithParent = (one: CheckpointFacts | undefined): void => {
    if (one === undefined) return;
    kept.add(one.id);
    if (one.parent !== null) kept.add(one.parent);
  };
  // The stock saver takes the one with the highest id for the newest. Its row is never touched, so
  // its parent stays.
  keepWithParent(checkpoints.at(-1));
  keepWithParent(checkpoints.toSorted((a, b) => (a.id < b.id ? -1 : 1)).at(-1));
  for (const one of checkpoints) {
    if (BOUNDARIES.has(one.source)) keepWithParent(one);
    const stays =
      one.hasAsked ||
      children.get(one.id) !== 1 ||
      !byId.has(one.parent ?? '') ||
      deltas.some((channel) => one.stored.includes(channel) || one.odd.includes(channel));
    if (stays) kept.add(one.id);
  }
  return kept;
}

/** The first of them stays, for it reads as before whatever is written on it. */
function bridged(run: readonly CheckpointFacts[], end: CheckpointFacts): PruneStep[] {
  const [bridge, ...rest] = run;
  if (bridge === undefined) return [];
  if (rest.length === 0 && bridge.isBridge) return [];
  const chunks = inChunks(rest, bridge.rows);
  return chunks.map((chunk) => {
    const last = run.indexOf(chunk.at(-1) ?? bridge);
    return {
      bridge: bridge.id,
      gone: chunk.map(({ id }) => id),
      next: (run[last + 1] ?? end).id,
      parent: bridge.id,
    };
  });
}

/** What comes after them holds every channel as a whole. The last ones first: no gap is left. */
function dropped(run: readonly CheckpointFacts[], end: CheckpointFacts): PruneStep[] {
  return inChunks(run, 0)
    .toReversed()
    .map((chunk) => ({
      bridge: null,
      gone: chunk.map(({ id }) => id),
      next: end.id,
      parent: chunk[0]?.parent ?? null,
    }));
}

/** At least one, which may be empty. */
function inChunks(run: readonly CheckpointFacts[], taken: number): CheckpointFacts[][] {
  const chunks: CheckpointFacts[][] = [[]];
  let rows = taken + 1;
  for (const one of run) {
    if (rows + one.rows > ROWS_AT_ONCE && chunks.at(-1)?.length !== 0) {
      chunks.push([]);
      rows = 2;
    }
    chunks.at(-1)?.push(one);
    rows += one.rows;
  }
  return chunks;
}
