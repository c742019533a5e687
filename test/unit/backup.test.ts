import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { backupDatabase, findBackup } from '../../src/checkpoint/backup.ts';
import { createBlobStore, packBlob } from '../../src/checkpoint/blobs.ts';
import { type Database, makeDatabase, openDatabase } from '../../src/checkpoint/database.ts';
import { BACKUP_FILE, DATABASE_FILE, nameAside } from '../../src/checkpoint/files.ts';
import { checkIntegrity } from '../../src/checkpoint/integrity.ts';
import { restoreBackup } from '../../src/checkpoint/recovery.ts';
import { createThreadIndex } from '../../src/checkpoint/thread-index.ts';
import { makeFolder } from '../support/core.ts';
import { commandIn } from '../support/frozen-command.ts';
import { makeParts } from './support/parts.ts';
import {
  type KeptMarker,
  change,
  makeHistory,
  makeMarker,
  titlesIn,
  useHistory,
} from './support/storage.ts';

describe('a backup', () => {
  let folder: string;
  let marker: KeptMarker;
  const file = useHistory((made) => ({ folder, marker } = made));

  /** Writes a thread and bytes, one transaction after the other, until it is told to stop. */
  async function writeAlong(database: Database, isOver: () => boolean): Promise<number> {
    const index = createThreadIndex(database, () => 1);
    const blobs = createBlobStore(database);
    let written = 0;
    while (!isOver()) {
      await index.add(`thread-${written}`, `thread ${written}`);
      const packed = await packBlob(randomBytes(20_000));
      await database.transaction(() => blobs.put(packed));
      written++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return written;
  }

  it('SQL-17: while it is written to has a whole history, which is restored and verified', async () => {
    await makeHistory(folder, marker);
    const database = openDatabase(folder, { marker });
    const blobs = createBlobStore(database);
    const packed = await Promise.all(
      Array.from({ length: 100 }, () => packBlob(randomBytes(50_000))),
    );
    await database.transaction(() => {
      for (const one of packed) blobs.put(one);
    });
    let isOver = false;
    const writing = writeAlong(database, () => isOver);
    const sizes: number[] = [];
    for (let n = 0; n < 3; n++) {
      await backupDatabase(folder);
      sizes.push(findBackup(folder, marker.value) === null ? 0 : 1);
    }
    isOver = true;
    const written = await writing;
    assert.ok(written > 3, `${written} transactions meanwhile`);
    assert.deepEqual(sizes, [1, 1, 1]);
    database.close();
    truncateSync(file(), 4096);
    restoreBackup(folder, marker, nameAside(0));
    assert.deepEqual(checkIntegrity(folder), { ok: true });
    const titles = titlesIn(folder, { marker });
    assert.ok(titles.includes('Title') && titles.length <= written + 1);
    // A prefix of what was written, without a gap.
    const numbers = titles.flatMap((title) => /\d+/u.exec(title)?.map(Number) ?? []);
    assert.deepEqual(
      numbers.toSorted((a, b) => a - b),
      numbers.map((_, n) => n),
    );
  });

  it('leaves one file, whole, and takes the place of the last one', async () => {
    await makeHistory(folder, marker, ['a']);
    await backupDatabase(folder);
    await makeHistory(folder, marker, ['b']);
    await backupDatabase(folder);
    const others = readdirSync(folder).filter((name) => !/-(?:wal|shm)$/u.test(name));
    assert.deepEqual(others.toSorted(), [BACKUP_FILE, DATABASE_FILE]);
    assert.ok(!readdirSync(folder).some((name) => name.startsWith(`${BACKUP_FILE}-`)));
    copyFileSync(file(BACKUP_FILE), file());
    assert.deepEqual(titlesIn(folder, { marker }), ['a', 'b']);
  });

  it('is not taken of a damaged database, and the last one stays', async () => {
    await makeHistory(folder, marker);
    await backupDatabase(folder);
    const before = readFileSync(file(BACKUP_FILE));
    const bytes = readFileSync(file());
    bytes.fill(0, 8192, 12_288);
    writeFileSync(file(), bytes);
    await assert.rejects(backupDatabase(folder));
    truncateSync(file(), 0);
    await assert.rejects(backupDatabase(folder), /nothing to back up/u);
    assert.deepEqual(readFileSync(file(BACKUP_FILE)), before);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('of another history is kept', async () => {
    await makeHistory(folder, marker);
    await backupDatabase(folder);
    const theirs = readFileSync(file(BACKUP_FILE));
    rmSync(file());
    makeDatabase(file());
    await backupDatabase(folder);
    const kept = `countersign.backup-${marker.value ?? ''}.sqlite`;
    assert.deepEqual(readFileSync(file(kept)), theirs);
    assert.equal(findBackup(folder, marker.value), null);
  });
});

describe('the integrity check', () => {
  it('finds nothing in a whole database that is in use', async () => {
    const parts = makeParts({});
    await parts.propose({ 'a.txt': 'new' });
    const command = commandIn(parts.folder);
    await parts.ledger.freeze({ threadId: 't', toolCallId: 'run' }, 'execute', [], { command });
    assert.deepEqual(checkIntegrity(parts.storage), { ok: true });
    parts.close();
  });

  for (const [what, sql, found] of [
    ['bytes that are missing', 'DELETE FROM blobs', /1 operations without their bytes/u],
    [
      'operations that are missing',
      'DELETE FROM operations',
      /1 proposals without their operations/u,
    ],
    [
      'marks on changes of nothing',
      `INSERT INTO change_marks VALUES ('gone', 'key', 'accepted', '')`,
      /1 marks on changes of no proposal/u,
    ],
    ['proposals that are missing', 'DELETE FROM proposals', /1 operations of no proposal/u],
  ] as const) {
    it(`finds ${what}`, async () => {
      const parts = makeParts({});
      await parts.propose({ 'a.txt': 'new' });
      change(parts.database.path, `PRAGMA foreign_keys = OFF; ${sql}`);
      const verdict = checkIntegrity(parts.storage);
      assert.ok(!verdict.ok);
      assert.match(verdict.problems.join(), found);
      parts.close();
    });
  }

  it('finds a damaged page, and a missing or foreign file, without an exception', async () => {
    const folder = makeFolder();
    assert.equal(checkIntegrity(folder).ok, false);
    await makeHistory(folder, makeMarker());
    assert.equal(checkIntegrity(folder).ok, true);
    const path = join(folder, DATABASE_FILE);
    const bytes = readFileSync(path);
    bytes.fill(0x55, 8192, 12_288);
    writeFileSync(path, bytes);
    assert.equal(checkIntegrity(folder).ok, false);
    writeFileSync(path, 'no database');
    assert.equal(checkIntegrity(folder).ok, false);
    rmSync(folder, { recursive: true });
  });
});
