import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Row } from './stored.ts';

/** Computes every hash of the audit anew, from the rows alone. Answers the hash after each row. */
export function chainOf(rows: readonly Row[]): string[] {
  let previous = '';
  return rows.map((row) => (previous = hashOf(previous, row)));
}

/** I7: no row is missing, changed or out of order, and the head kept elsewhere is one of them. */
export function assertChain(rows: readonly Row[], head: string | null): void {
  const chain = chainOf(rows);
  for (const [index, row] of rows.entries()) {
    assert.equal(row['seq'], index + 1, 'a row of the audit is missing');
    assert.equal(hexOf(row['hash']), chain[index], `row ${index + 1} of the audit does not verify`);
  }
  if (head === null) return;
  const [, seq = '', hash = ''] = /^(\d+):([0-9a-f]{64})$/u.exec(head) ?? [];
  assert.equal(chain[Number(seq) - 1], hash, `the head ${head} is not in the audit`);
}

/** What the ledger may do with one proposal, by what is in the audit: nothing is left out. */
export function assertOrder(rows: readonly Row[]): void {
  const last = new Map<unknown, string>();
  for (const row of rows) {
    const event = String(row['event']);
    const before = last.get(row['proposal_id']) ?? '';
    const may = BEFORE[event];
    assert.ok(
      may === undefined || may.includes(before),
      `row ${String(row['seq'])} of the audit: ${event} after “${before}”`,
    );
    if (event !== 'refused') last.set(row['proposal_id'], event);
  }
}

/** What must come right before: claimed means approved, and whatever was done was claimed. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  approved: ['shown'],
  rejected: ['shown'],
  claimed: ['approved'],
  applied: ['claimed', 'partial', 'unknown'],
  rolledBack: ['claimed', 'partial', 'unknown'],
  partial: ['claimed', 'approved', 'shown'],
  reopened: ['approved', 'claimed'],
};

function hashOf(previous: string, row: Row): string {
  const files = row['files'];
  const fields = {
    by: row['by'],
    edited: row['edited'] === 1,
    effectHash: row['effect_hash'] === null ? null : hexOf(row['effect_hash']),
    event: row['event'],
    files: typeof files === 'string' ? (JSON.parse(files) as unknown) : null,
    previous,
    proposalId: row['proposal_id'],
    seconds: row['seconds'],
    seq: row['seq'],
    threadId: row['thread_id'],
    time: row['time'],
  };
  return createHash('sha256')
    .update(`countersign-audit-v1\0${JSON.stringify(fields, sorted)}`)
    .digest('hex');
}

/** For `JSON.stringify`: objects with their fields in order. */
function sorted(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function hexOf(value: unknown): string {
  return Buffer.from(value as Uint8Array).toString('hex');
}
