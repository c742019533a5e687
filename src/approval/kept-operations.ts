import type { BlobStore, PackedBlob } from '../checkpoint/blobs.ts';
import type { Database } from '../checkpoint/database.ts';
import { type FileChange, formOf, opOf } from './operation.ts';

/** A change whose bytes are ready to be stored. */
export interface PackedChange {
  readonly change: FileChange;
  readonly base: PackedBlob | null;
  readonly next: PackedBlob | null;
}

export interface RevisionAddress {
  readonly proposalId: string;
  readonly revision: number;
}

export function packChanges(
  changes: readonly FileChange[],
  pack: (bytes: Uint8Array) => Promise<PackedBlob>,
): Promise<PackedChange[]> {
  const packed = async (bytes: Uint8Array | null): Promise<PackedBlob | null> =>
    bytes === null ? null : pack(bytes);
  return Promise.all(
    changes.map(async (change) => ({
      change,
      base: await packed(change.base),
      next: await packed(change.next),
    })),
  );
}

/** Within a transaction of the caller. */
export function insertOperations(
  database: Database,
  blobs: BlobStore,
  { proposalId, revision }: RevisionAddress,
  changes: readonly PackedChange[],
): void {
  for (const [index, { change, base, next }] of changes.entries()) {
    const { encoding, bom, eol } = formOf(change);
    database.run(
      `INSERT INTO operations (proposal_id, revision, idx, op, real_path, display_path,
         to_real_path, to_display_path, folder, base_sha256, new_sha256, mode, encoding, bom, eol,
         warnings)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      proposalId,
      revision,
      index,
      opOf(change),
      change.realPath,
      change.displayPath,
      change.to?.realPath ?? null,
      change.to?.displayPath ?? null,
      change.folder ?? null,
      base === null ? null : blobs.put(base),
      next === null ? null : blobs.put(next),
      change.mode ?? '100644',
      encoding,
      bom ? 1 : 0,
      eol,
      JSON.stringify(change.warnings ?? []),
    );
  }
}
