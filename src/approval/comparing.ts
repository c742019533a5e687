import { sha256 } from '../checkpoint/blobs.ts';
import { type Found, findChanges } from '../workspace/change-states.ts';
import { changesOf, withoutEnd } from '../workspace/changes.ts';
import { createKept } from './kept.ts';
import type { ChangeMark } from './marking.ts';
import type { KeptOperation } from './proposal.ts';

/** What was, what the agent wants, and what is shown; null for what is no text. */
export interface Texts {
  readonly before: string | null;
  readonly agents: string | null;
  readonly shown: string | null;
}

export interface Compare {
  readonly operation: KeptOperation;
  /** Names what the agent wants: another name, another text. */
  readonly wanted: string;
  /** Read only if they were not compared before. */
  readonly texts: Texts;
}

/** What the shown text has of each change, and by which keys they are marked. */
export interface Compared {
  readonly isText: boolean;
  /** Null where a file can only be taken or left. */
  readonly found: Found | null;
  readonly keys: readonly string[];
}

/** Comparisons that are kept: a card is shown anew at every change of its state. */
const KEPT = 1000;
/** Characters of the texts that they are of. */
const KEPT_SIZE = 30_000_000;

/** By the hashes, which name the texts exactly, and by what is marked as rejected. */
const comparisons = createKept<Compared>(KEPT, KEPT_SIZE);
const keysByTexts = createKept<readonly string[]>(KEPT, KEPT_SIZE);

export function compared(
  { operation, wanted, texts }: Compare,
  marks: ReadonlyMap<string, ChangeMark>,
): Compared {
  const { realPath, baseSha256, newSha256 } = operation;
  const keys = keysByTexts.of(JSON.stringify([realPath, baseSha256, wanted]), () => {
    const { before, agents } = texts;
    const isSame = before === null || agents === null || before === agents;
    const thing = isSame ? [] : keysOf(operation, before, agents);
    return { thing, size: thing.length };
  });
  const rejected = keys.filter((key) => marks.get(key)?.mark === 'rejected');
  const name = JSON.stringify([realPath, baseSha256, newSha256, wanted, rejected]);
  return comparisons.of(name, () => {
    const { before, agents, shown } = texts;
    const isText = before !== null && shown !== null;
    if (!isText || agents === null || newSha256 === null || before === agents) {
      return { thing: { isText, found: null, keys }, size: 1 };
    }
    const out = new Set(rejected);
    const isOut = (change: number): boolean => out.has(keys[change] ?? '');
    const found = findChanges(before, agents, shown, isOut);
    return {
      thing: { isText, found, keys },
      size: before.length + agents.length + shown.length,
    };
  });
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
