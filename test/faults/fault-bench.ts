import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileChange } from '../../src/approval/operation.ts';
import type { Proposal } from '../../src/approval/proposal.ts';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import { type Parts, type PartsOptions, bytesOf, makeParts } from '../unit/support/parts.ts';
import { PLACE } from '../support/place.ts';
import { makeStorage } from '../support/storage-folder.ts';
import { counting } from './counting-files.ts';
import { type Plan, makeFaulty } from './faulty-files.ts';
import { assertChain, assertOrder } from './kill/audit-chain.ts';
import { readStored, sha256Of } from './kill/stored.ts';

/** What a file was and what it is to become; null: no file. */
export type Effect = Readonly<
  Record<string, readonly [before: string | null, after: string | null]>
>;

export const ONE: Effect = { 'a.txt': ['a as it was', 'a as approved'] };
export const THREE: Effect = {
  ...ONE,
  'new/made.txt': [null, 'made as approved'],
  'gone.txt': ['to be deleted', null],
};

/** One approved effect on real folders, with everything under it that can be made to fail. */
export interface FaultBench {
  readonly parts: Parts;
  /** How often a file got other bytes or lost its name, by its path. */
  readonly changes: ReadonlyMap<string, number>;
  /** Freezes, shows, approves and applies, or goes on with that; answers how it stands. */
  attempt(): Promise<Proposal>;
  /** Claims, changes so many files as a process that is killed then, and records nothing of that. */
  cutOff(files: number): Promise<void>;
  /** The same folders for another process, which does not yet look at what this one left. */
  restart(options?: FaultOptions): FaultBench;
  /** What holds at every moment. */
  readonly check: () => void;
  readonly close: () => void;
}

export interface FaultOptions extends Pick<PartsOptions, 'wrap' | 'now'> {
  /** Faults of the file system. */
  readonly plan?: Plan;
}

export function makeFaultBench(effect: Effect, options: FaultOptions = {}): FaultBench {
  const folder = folderOf(effect);
  return benchOn(effect, { ...options, folder, storage: makeStorage() }, new Map());
}

function benchOn(
  effect: Effect,
  options: FaultOptions & { readonly folder: string; readonly storage: string },
  changes: Map<string, number>,
  head: string | null = null,
): FaultBench {
  const { folder, plan = () => null } = options;
  const files = makeFaulty(counting(nodeFileSystem, folder, changes), plan);
  const parts = makeParts({}, { ...options, files });
  parts.head.value = head;
  let isOpen = true;
  return {
    ...{ parts, changes },
    attempt: async () => parts.executor.apply(await approve(parts, effect)),
    async cutOff(files) {
      await parts.ledger.claim(await approve(parts, effect));
      for (const [path, [, after]] of Object.entries(effect).slice(0, files)) {
        const full = join(folder, path);
        mkdirSync(dirname(full), { recursive: true });
        if (after === null) rmSync(full);
        else writeFileSync(full, after);
        changes.set(path, 1);
      }
    },
    restart(next = {}) {
      parts.database.close();
      isOpen = false;
      const { storage } = parts;
      return benchOn(effect, { ...next, folder, storage }, changes, parts.head.value);
    },
    check: () => {
      check(parts, effect, changes);
    },
    close: () => {
      if (isOpen) parts.close();
    },
  };
}

/** Freezes, shows and approves, whatever of that is not done yet. */
async function approve(parts: Parts, effect: Effect): Promise<string> {
  const { ledger } = parts;
  const bytes = (text: string | null): Uint8Array | null => (text === null ? null : bytesOf(text));
  const changes = Object.entries(effect).map(([path, [before, after]]): FileChange => ({
    realPath: parts.at(path),
    displayPath: path,
    base: bytes(before),
    next: bytes(after),
  }));
  const call = { threadId: 't', toolCallId: 'c' };
  const { proposalId } = await ledger.freeze(call, 'edit', changes);
  await ledger.ask(proposalId, 'i', true);
  const { state, shown } = parts.find(proposalId);
  if (state === 'proposed') {
    await ledger.decide(proposalId, shown?.effectHash ?? '', { kind: 'approve' });
  }
  return proposalId;
}

/** I1 to I4 and I7, by the disk and the database file alone. */
function check(
  { folder, storage, head }: Pick<Parts, 'folder' | 'storage' | 'head'>,
  effect: Effect,
  changes: ReadonlyMap<string, number>,
): void {
  const { proposals, audit, bytes } = readStored(storage);
  const [proposal] = proposals;
  const found = Object.entries(effect).map(([path, [before, after]]) => {
    const full = join(folder, path);
    const now = existsSync(full) ? readFileSync(full, 'utf8') : null;
    assert.ok(now === before || now === after, `I1: ${path} is ${String(now)}`);
    if (now !== before) {
      const approved = audit.some((row) => row['event'] === 'approved');
      assert.ok(approved, `I3: ${path} is changed, and nobody approved that`);
      const kept = before === null || bytes(sha256Of(bytesOf(before))) !== null;
      assert.ok(kept, `I1: what ${path} had is not kept`);
    }
    return now !== before;
  });
  const expected = { applied: [true], partial: [true, false], claimed: [true, false] };
  const { state = 'none', reason = '' } = proposal ?? {};
  const may = state in expected ? expected[state as keyof typeof expected] : [false];
  if (state !== 'unknown') {
    assert.ok(
      found.every((changed) => may.includes(changed)),
      `I4: it is ${state}, and on the disk ${JSON.stringify(found)}`,
    );
  }
  if (state === 'partial') assert.equal(new Set(found).size, 2, 'I4: it is partial');
  if (state === 'partial' || state === 'unknown') {
    const named = Object.keys(effect).filter((path) => reason.includes(`\n${path} `));
    assert.equal(named.length, found.length, `I4: each file is spoken of: ${reason}`);
  }
  assert.doesNotMatch(reason, /\n\s+at |\.countersign-/u, 'I5');
  const claims = audit.filter((row) => row['event'] === 'claimed').length;
  for (const [index, path] of Object.keys(effect).entries()) {
    const count = changes.get(path) ?? 0;
    assert.equal(count % 2 === 1, found[index], `I1: ${path} was changed ${count} times`);
    assert.ok(count <= 2 * claims, `I2: ${path} was changed ${count} times for ${claims} claims`);
  }
  assertChain(audit, head.value);
  assertOrder(audit);
}

function folderOf(effect: Effect): string {
  const folder = realpathSync(mkdtempSync(join(PLACE, 'countersign-faults-')));
  for (const [path, [before]] of Object.entries(effect)) {
    if (before === null) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), before);
  }
  return folder;
}
