import { sha256 } from '../checkpoint/blobs.ts';
import { type Found, findChanges } from '../workspace/change-states.ts';
import { changesOf, withoutEnd } from '../workspace/changes.ts';
import type { ChangeMark } from './marking.ts';
import type { KeptOperation } from './proposal.ts';

export interface Texts {
  readonly operation: KeptOperation;
  readonly before: string;
  readonly agents: string;
  readonly shown: string;
}

/** What the shown text has of each change, and by which keys they are marked. */
export interface Compared {
  readonly found: Found;
  readonly keys: readonly string[];
}

/** Comparisons that are kept: a card is shown anew at every change of its state. */
const KEPT = 50;

/** By the hashes, which name the texts exactly, and by what is marked as rejected. */
const comparisons = new Map<string, Compared>();

export function compared(
  { operation, before, agents, shown }: Texts,
  marks: ReadonlyMap<string, ChangeMark>,
): Compared {
  const rejected = [...marks].flatMap(([key, { mark }]) => (mark === 'rejected' ? [key] : []));
  const { realPath, baseSha256, newSha256 } = operation;
  const wanted = sha256(Buffer.from(agents));
  const name = JSON.stringify([realPath, baseSha256, newSha256, wanted, rejected]);
  const known = comparisons.get(name);
  if (known !== undefined) return known;
  const keys = keysOf(operation, before, agents);
  const out = new Set(rejected);
  const isOut = (change: number): boolean => out.has(keys[change] ?? '');
  const comparison = { found: findChanges(before, agents, shown, isOut), keys };
  comparisons.set(name, comparison);
  for (const oldest of comparisons.keys()) {
    if (comparisons.size <= KEPT) break;
    comparisons.delete(oldest);
  }
  return comparison;
}

/** By what they are, not by where: the same after a restart, and on top of another text. */
function keysOf({ realPath }: KeptOperation, before: string, agents: string): readonly string[] {
  const seen = new Map<string, number>();
  return changesOf(before, agents).map(({ removed, added }) => {
    const what = JSON.stringify([realPath, removed.map(withoutEnd), added.map(withoutEnd)]);
    const equals = seen.get(what) ?? 0;
    seen.set(what, equals + 1);
    return sha256(Buffer.from(`${equals} ${what}`));
  });
}
