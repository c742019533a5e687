import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { assertChain, assertOrder } from './audit-chain.ts';
import { checkConversation } from './conversation.ts';
import type { Line } from './lines.ts';
import type { Effect, Site } from './site.ts';
import {
  type Stored,
  type StoredOperation,
  type StoredProposal,
  readStored,
  sha256Of,
} from './stored.ts';

/**
 * What must hold whenever a process has ended, however it did: by the disk, the database file and
 * what the processes said. `I1` to `I7` are the invariants by their numbers.
 */
export function checkSite(site: Site): Stored {
  const stored = readStored(site.storage);
  checkFiles(site);
  checkEffects(site, stored);
  for (const proposal of stored.proposals) checkState(site, proposal);
  checkAnswers(site, stored);
  assertChain(stored.audit, existsSync(site.headFile) ? readFileSync(site.headFile, 'utf8') : null);
  assertOrder(stored.audit);
  for (const { lines, errors } of site.lives) {
    assert.equal(errors, '', 'I5');
    for (const line of lines) checkWords(line);
    checkAskedFirst(lines, stored);
  }
  return stored;
}

const ENDS: ReadonlySet<string> = new Set([
  ...['applied', 'rejected', 'stale', 'failed', 'cancelled'],
  ...['rolledBack', 'kept', 'doneByHand', 'answered'],
]);

/** What must hold, beside that, once everything is done. */
export function checkEnd(site: Site): Stored {
  const stored = checkSite(site);
  for (const { callId, state, undoes } of stored.proposals) {
    // Nobody waits for the answer to an undo of which not all could be put back.
    const ended = ENDS.has(state) || (state === 'unknown' && undoes !== null);
    assert.ok(ended, `${callId} is ${state} in the end`);
  }
  const names = readdirSync(site.folder, { recursive: true, encoding: 'utf8' });
  assert.deepEqual(names.filter(isTemporary), [], 'I6: temporary files are left');
  checkConversation(
    site.lives.flatMap(({ lines }) => lines),
    stored,
  );
  return stored;
}

/** I1: every file is what it was or what was done to it, and there is no other. */
function checkFiles({ folder, expected }: Site): void {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isTemporary(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path): [string, string] => [path, sha256Of(readFileSync(path))]);
  assert.deepEqual(new Map(found), expected, 'I1: a file is neither as it was nor as was done');
}

/** I2 and I3: nothing is done twice, and nothing but what was approved before. */
function checkEffects({ effects, folder }: Site, stored: Stored): void {
  const seen = new Map<string, number>();
  for (const { call, path, sha256, proposalId, approvedBy, before } of effects) {
    const what = `${call} ${relative(folder, path)}`;
    assert.ok(proposalId !== null && approvedBy !== null, `I3: ${what} without an approval`);
    const row = stored.audit[approvedBy - 1];
    assert.equal(row?.['proposal_id'], proposalId, `I3: ${what}, and its approval is not kept`);
    assert.equal(row['event'], 'approved');
    assert.notEqual(before, sha256, `I2: ${what} did what was done`);
    const key = [proposalId, approvedBy, path, sha256].join(' ');
    seen.set(key, (seen.get(key) ?? 0) + 1);
    const putBack = wasPutBack(stored.proposals.find((one) => one.proposalId === proposalId));
    assert.ok((seen.get(key) ?? 0) <= (putBack ? 2 : 1), `I2: ${what} happened twice`);
    assert.ok(before === null || stored.bytes(before) !== null, `I1: ${what} lost what was there`);
  }
}

/** An undo that stopped half-way: nobody waits for an answer, so that the next start puts it back. */
function wasPutBack(proposal: StoredProposal | undefined): boolean {
  // Claimed: its putting back was killed, too.
  const may = ['failed', 'unknown', 'claimed'].includes(proposal?.state ?? '');
  return may && proposal?.undoes !== null;
}

/** In which nothing is changed, or all is as it was again. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  ...['proposed', 'approved', 'rejected', 'stale', 'failed', 'cancelled'],
]);

/** I4: what the ledger says of a proposal is what has happened to the files. */
function checkState({ effects }: Site, proposal: StoredProposal): void {
  const { state, origin, proposalId, callId, reason } = proposal;
  const own = effects.filter((effect) => effect.proposalId === proposalId);
  const operations = proposal.operations.get(proposal.revision) ?? [];
  const left = new Map(own.map(({ path, sha256 }) => [path, sha256]));
  const missing = operations.flatMap(stepsOf).filter(([path, sha256]) => left.get(path) !== sha256);
  // One that is to be finished or rolled back has happened by half, and waits.
  const open = state === 'proposed' || state === 'approved';
  const half = open && (origin === 'finish' || origin === 'rollBack');
  if (WITHOUT_EFFECT.has(state) && !half) {
    assert.deepEqual(changedBy(own), [], `I4: ${callId} is ${state}, and something is changed`);
  }
  // Not what each had before the first call: the user may have changed it before that.
  const bases = new Map(operations.flatMap(basesOf));
  const other = [...left].filter(([path, sha256]) => bases.get(path) !== sha256);
  if (state === 'rolledBack') {
    assert.deepEqual(other, [], `I4: ${callId} is rolled back, and not all is as it was`);
  }
  if (state === 'applied') {
    assert.deepEqual(missing, [], `I4: ${callId} is applied, and not all of it is there`);
  }
  if (state === 'partial') {
    assert.ok(other.length > 0, `I4: ${callId} is partial, and nothing of it is there`);
    assert.ok(missing.length > 0, `I4: ${callId} is partial, and all of it is there`);
    assert.equal(reason.split('\n').length, operations.length + 1, 'a line for each file');
  }
}

/** Paths that have something else after a proposal's effects than before them. */
function changedBy(effects: readonly Effect[]): string[] {
  const paths = [...new Set(effects.map(({ path }) => path))];
  return paths.filter((path) => {
    const own = effects.filter((effect) => effect.path === path);
    return own[0]?.before !== own.at(-1)?.sha256;
  });
}

type Bytes = readonly [path: string, sha256: string | null];

function stepsOf({ path, to, next }: StoredOperation): Bytes[] {
  return to === null
    ? [[path, next]]
    : [
        [to, next],
        [path, null],
      ];
}

function basesOf({ path, to, base }: StoredOperation): Bytes[] {
  return to === null
    ? [[path, base]]
    : [
        [path, base],
        [to, null],
      ];
}

/** I3: what counts as approved is what somebody approved, and no answer that was taken is lost. */
function checkAnswers(site: Site, { audit, proposals }: Stored): void {
  const lines = site.lives.flatMap((life) => life.lines);
  const callOf = new Map(proposals.map((one) => [one.proposalId, one]));
  const given = new Set(
    lines.flatMap((line) =>
      line.kind === 'deciding' ? [`${line.callId} ${line.decision} ${line.effectHash}`] : [],
    ),
  );
  for (const row of audit) {
    if (row['event'] !== 'approved' && row['event'] !== 'rejected') continue;
    const { callId = '', undoes = null } = callOf.get(String(row['proposal_id'])) ?? {};
    const hash = Buffer.from(row['effect_hash'] as Uint8Array).toString('hex');
    const asShown = row['event'] === 'approved' ? 'approve' : 'reject';
    const was = [...given].some(
      (one) =>
        one === `${callId} ${asShown} ${hash}` ||
        (asShown === 'approve' && /^\S+ (?:edit|partial) /u.test(one) && one.startsWith(callId)),
    );
    const undone = lines.some((line) => line.kind === 'undoing' && line.proposalId === undoes);
    assert.ok(was || undone, `I3: nobody ${row['event']} ${callId} as ${hash}`);
  }
  for (const [index, line] of lines.entries()) {
    if (line.kind !== 'decided' || line.outcome !== 'taken') continue;
    const asked = lines
      .slice(0, index)
      .findLast((one) => one.kind === 'deciding' && one.callId === line.callId);
    if (asked?.kind !== 'deciding' || asked.decision === 'settle') continue;
    const event = asked.decision === 'reject' ? 'rejected' : 'approved';
    const kept = audit.some(
      (row) =>
        row['event'] === event && callOf.get(String(row['proposal_id']))?.callId === line.callId,
    );
    assert.ok(kept, `the answer to ${line.callId} was taken, and is lost`);
  }
}

/** I3: whatever a process does, the user has asked that process for; it finishes nothing by itself. */
function checkAskedFirst(lines: readonly Line[], { proposals }: Stored): void {
  const asked = new Set<string | null>();
  let ready = false;
  for (const line of lines) {
    ready ||= line.kind === 'ready';
    if (line.kind === 'deciding') asked.add(line.callId);
    if (line.kind === 'undoing') asked.add(line.proposalId);
    if (line.kind !== 'act') continue;
    const proposal = proposals.find(({ proposalId }) => proposalId === line.proposalId);
    if (!ready && wasPutBack(proposal)) continue;
    const { callId = '', undoes = null } = proposal ?? {};
    assert.ok(asked.has(callId) || asked.has(undoes), `I3: ${callId} was applied by itself`);
  }
}

/** I5: nothing that nobody foresaw, and no failure in the system's own words. */
function checkWords(line: Line): void {
  assert.notEqual(line.kind, 'error', JSON.stringify(line));
  if (line.kind === 'failure') assert.doesNotMatch(line.text, /\n\s+at |SQLITE|node:|E[A-Z]{4,}/u);
}

export function isTemporary(name: string): boolean {
  return basename(name).startsWith('.countersign-');
}
