import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { Database } from './database.ts';

/** Bytes made ready for storing, away from the thread that everybody waits for. */
export interface PackedBlob {
  /** Of the bytes as they were, in lower-case hex. */
  readonly sha256: string;
  readonly packing: 'deflate' | null;
  readonly stored: Uint8Array;
}

/** Bytes kept by their SHA-256; the same bytes are kept once. */
export interface BlobStore {
  /** Within a transaction of the caller. Answers the hash. */
  put(blob: PackedBlob): string;
  /** @throws Error if the bytes are missing or are not what they were. */
  get(hash: string): Uint8Array;
}

const deflate = promisify(deflateRaw);
/** Fewer bytes than this hardly get smaller. */
const WORTH_PACKING = 128;

export async function packBlob(bytes: Uint8Array): Promise<PackedBlob> {
  const hash = sha256(bytes);
  if (bytes.length >= WORTH_PACKING) {
    const stored = await deflate(bytes);
    if (stored.length < bytes.length) return { sha256: hash, packing: 'deflate', stored };
  }
  return { sha256: hash, packing: null, stored: bytes };
}

export function createBlobStore(database: Database): BlobStore {
  return {
    put({ sha256: hash, packing, stored }) {
      database.run(
        'INSERT OR IGNORE INTO blobs (sha256, packing, bytes) VALUES (?, ?, ?)',
        hash,
        packing,
        stored,
      );
      return hash;
    },
    get(hash) {
      const row = database.get('SELECT packing, bytes FROM blobs WHERE sha256 = ?', hash);
      const stored = row?.['bytes'];
      if (!(stored instanceof Uint8Array)) throw new Error(`Stored bytes ${hash} are missing`);
      const bytes = unpacked(stored, row?.['packing'] === 'deflate');
      if (bytes === null || sha256(bytes) !== hash) {
        throw new Error(`Stored bytes ${hash} are damaged`);
      }
      return bytes;
    },
  };
}

/** SHA-256 of bytes, in lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function unpacked(stored: Uint8Array, packed: boolean): Uint8Array | null {
  if (!packed) return stored;
  try {
    return inflateRawSync(stored);
  } catch {
    return null;
  }
}
