import assert from 'node:assert/strict';
import { createBlobStore, packBlob, sha256 } from '../../src/checkpoint/blobs.ts';
import type { Database } from '../../src/checkpoint/database.ts';
import { useDatabase } from '../support/database.ts';
import { tamper } from '../support/tamper.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

describe('blobs', () => {
  let database: Database;
  useDatabase((opened) => (database = opened));

  it('come back, and the same bytes are kept once', async () => {
    const blobs = createBlobStore(database);
    const put = async (bytes: Uint8Array): Promise<string> => {
      const packed = await packBlob(bytes);
      return database.transaction(() => blobs.put(packed));
    };
    const bytes = Uint8Array.of(0, 255, 13, 10);
    assert.equal(await put(bytes), await put(bytes.slice()));
    assert.deepEqual(blobs.get(sha256(bytes)), bytes);
    assert.deepEqual({ ...database.get('SELECT count(*) AS n FROM blobs') }, { n: 1 });
    assert.deepEqual(blobs.get(await put(new Uint8Array())), new Uint8Array());
  });

  it('that are missing or damaged are an error, never other bytes', async () => {
    const blobs = createBlobStore(database);
    const packed = await packBlob(text('what the user saw'));
    const hash = await database.transaction(() => blobs.put(packed));
    tamper(database, 'UPDATE blobs SET bytes = ? WHERE sha256 = ?', text('something else'), hash);
    assert.throws(() => blobs.get(hash), /damaged/u);
    tamper(database, 'DELETE FROM blobs');
    assert.throws(() => blobs.get(hash), /missing/u);
  });
});
