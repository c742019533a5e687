import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inflateRawSync } from 'node:zlib';

/** One file of a revision. */
export interface StoredOperation {
  readonly path: string;
  readonly to: string | null;
  readonly base: string | null;
  readonly next: string | null;
}

export interface StoredProposal {
  readonly proposalId: string;
  readonly callId: string;
  readonly state: string;
  readonly origin: string;
  /** The one that was approved as a whole, should the last only finish it or roll it back. */
  readonly revision: number;
  readonly effectHash: string | null;
  readonly undoes: string | null;
  readonly reason: string;
  /** By revision. */
  readonly operations: ReadonlyMap<number, readonly StoredOperation[]>;
}

export type Row = Readonly<Record<string, unknown>>;

/** What a database file holds, read with SQL of the tests' own. */
export interface Stored {
  readonly proposals: readonly StoredProposal[];
  /** Every row of the audit, by `seq`. */
  readonly audit: readonly Row[];
  /** Bytes kept under a hash, if they are what the hash says. */
  readonly bytes: (sha256: string) => Buffer | null;
}

export function readStored(storage: string): Stored {
  const path = join(storage, 'countersign.sqlite');
  if (!existsSync(path)) return { proposals: [], audit: [], bytes: () => null };
  const connection = new DatabaseSync(path, { readOnly: true });
  try {
    const all = (sql: string): Row[] => connection.prepare(sql).all();
    if (Number(all('PRAGMA user_version')[0]?.['user_version']) === 0) {
      return { proposals: [], audit: [], bytes: () => null };
    }
    const operations = all('SELECT * FROM operations ORDER BY proposal_id, revision, idx');
    const blobs = new Map(all('SELECT * FROM blobs').map((row) => [row['sha256'], row]));
    return {
      proposals: all('SELECT * FROM proposals ORDER BY rowid').map((row) =>
        toProposal(row, operations),
      ),
      audit: all('SELECT * FROM audit ORDER BY seq'),
      bytes: (sha256) => unpacked(blobs.get(sha256), sha256),
    };
  } finally {
    connection.close();
  }
}

function toProposal(row: Row, operations: readonly Row[]): StoredProposal {
  const revisions = new Map<number, StoredOperation[]>();
  for (const one of operations) {
    if (one['proposal_id'] !== row['proposal_id']) continue;
    const revision = Number(one['revision']);
    const known = revisions.get(revision) ?? [];
    revisions.set(revision, [
      ...known,
      {
        path: String(one['real_path']),
        to: optional(one['to_real_path']),
        base: optional(one['base_sha256']),
        next: optional(one['new_sha256']),
      },
    ]);
  }
  return {
    proposalId: String(row['proposal_id']),
    callId: String(row['tool_call_id']),
    state: String(row['state']),
    origin: String(row['origin']),
    revision: Number(row['settles'] ?? row['revision']),
    effectHash: optional(row['effect_hash']),
    undoes: optional(row['undoes']),
    reason: String(row['reason']),
    operations: revisions,
  };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function optional(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function unpacked(row: Row | undefined, sha256: string): Buffer | null {
  if (!(row?.['bytes'] instanceof Uint8Array)) return null;
  const bytes =
    row['packing'] === 'deflate' ? inflateRawSync(row['bytes']) : Buffer.from(row['bytes']);
  return sha256Of(bytes) === sha256 ? bytes : null;
}
