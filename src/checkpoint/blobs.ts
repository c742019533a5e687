import { createHash } from 'node:crypto';
import type { Database } from './database.ts';

/** Bytes kept by their SHA-256; the same bytes are kept once. */
export interface BlobStore {
  /** Answers the hash, in lower-case hex. */
  put(bytes: Uint8Array): string;
  /** @throws Error if the bytes are missing or are not what they were. */
  get(hash: string): Uint8Array;
}

export function createBlobStore(database: Database): BlobStore {
  return {
    put(bytes) {
      const hash = sha256(bytes);
      database.run('INSERT OR IGNORE INTO blobs (sha256, bytes) VALUES (?, ?)', hash, bytes);
      return hash;
    },
    get(hash) {
      const bytes = database.get('SELECT bytes FROM blobs WHERE sha256 = ?', hash)?.['bytes'];
      if (!(bytes instanceof Uint8Array)) throw new Error(`Stored bytes ${hash} are missing`);
      if (sha256(bytes) !== hash) throw new Error(`Stored bytes ${hash} are damaged`);
      return bytes;
    },
  };
}

/** SHA-256 of bytes, in lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
