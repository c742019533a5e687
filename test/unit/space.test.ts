import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { type Database, MOST_WAL } from '../../src/checkpoint/database.ts';
import { purgeThread } from '../../src/checkpoint/purge.ts';
import { measureStorage } from '../../src/checkpoint/sizes.ts';
import { diskBytes, giveBack, shortenWal, usedBytes } from '../../src/checkpoint/space.ts';
import { useDatabase } from '../support/database.ts';
import { fill, stepsOf, writeOld } from './support/fill.ts';

const MB = 1024 * 1024;

describe('the space of the database', () => {
  let database: Database;
  const { reopen } = useDatabase((opened) => (database = opened));

  const free = (): number => Number(database.get('PRAGMA freelist_count')?.['freelist_count']);
  const write = (bytes: number): Promise<number> =>
    database.transaction(() =>
      database.run(
        `INSERT INTO checkpoints (thread_id, checkpoint_id, checkpoint)
         VALUES ('large', hex(randomblob(8)), randomblob(?))`,
        bytes,
      ),
    );
  const fileBytes = (): number => {
    database.get('PRAGMA wal_checkpoint(TRUNCATE)');
    return diskBytes(database.path).file;
  };

  it('is given back once much of it is free', async () => {
    for (let i = 0; i < 5; i++) await write(MB);
    const before = fileBytes();
    await purgeThread(database, 'large', stepsOf(database));
    assert.ok(free() > 1000);
    assert.ok((await giveBack(database, stepsOf(database))) > 5 * MB - 1);
    assert.equal(free(), 0);
    assert.ok(fileBytes() < before - 5 * MB + 1);
    assert.deepEqual({ ...database.get('PRAGMA integrity_check') }, { integrity_check: 'ok' });
  });

  it('is kept for what comes next as long as little is free', async () => {
    await write(MB / 2);
    await purgeThread(database, 'large', stepsOf(database));
    assert.equal(await giveBack(database, stepsOf(database)), 0);
    assert.ok(free() > 100);
  });

  /** A file as an earlier version made it: its pages cannot be given back one by one. */
  function openOld(megabytes: number): void {
    reopen('anew', (folder) => {
      writeOld(folder, (old) => {
        const insert = old.prepare(
          `INSERT INTO checkpoints (thread_id, checkpoint_id, checkpoint)
           VALUES (?, ?, randomblob(${MB}))`,
        );
        for (let i = 0; i < megabytes; i++) insert.run(i < 3 ? 'kept' : 'large', String(i));
      });
    });
  }

  it('of a file of an earlier version is given back only if most of it is free', async () => {
    const autoVacuum = (): unknown => database.get('PRAGMA main.auto_vacuum')?.['auto_vacuum'];
    openOld(12);
    await purgeThread(database, 'large', stepsOf(database));
    assert.equal(await giveBack(database, stepsOf(database)), 0);
    openOld(25);
    assert.equal(autoVacuum(), 0);
    await purgeThread(database, 'large', stepsOf(database));
    const other = new DatabaseSync(database.path);
    other.exec('BEGIN IMMEDIATE');
    assert.equal(await giveBack(database, stepsOf(database)), 0, 'another one writes');
    other.close();
    assert.ok((await giveBack(database, stepsOf(database))) > 21 * MB);
    assert.ok(fileBytes() < 4 * MB);
    const kept = `SELECT count(*) AS rows FROM checkpoints WHERE thread_id = 'kept'`;
    assert.deepEqual({ ...database.get(kept) }, { rows: 3 });
    reopen();
    const INCREMENTAL = 2;
    assert.equal(autoVacuum(), INCREMENTAL);
  });

  it('is bounded for the log, too, as soon as nobody reads what is before it', async () => {
    const reader = new DatabaseSync(database.path);
    reader.exec('BEGIN; SELECT count(*) FROM checkpoints');
    for (let i = 0; i < 12; i++) await write(MB);
    shortenWal(database);
    assert.ok(diskBytes(database.path).wal > 12 * MB, 'the reader still needs it');
    reader.exec('COMMIT');
    shortenWal(database);
    assert.ok(diskBytes(database.path).wal <= MOST_WAL);
    assert.deepEqual(
      { ...reader.prepare('SELECT count(*) AS rows FROM checkpoints').get() },
      {
        rows: 12,
      },
    );
    reader.close();
  });

  it('is bounded for the log by the connection alone: a later write cuts it off', async () => {
    const reader = new DatabaseSync(database.path);
    reader.exec('BEGIN; SELECT count(*) FROM checkpoints');
    for (let i = 0; i < 12; i++) await write(MB);
    reader.exec('COMMIT');
    reader.close();
    await write(10);
    await write(10);
    assert.ok(diskBytes(database.path).wal <= MOST_WAL, `${diskBytes(database.path).wal}`);
  });

  it('is counted for each thread, and once for what threads have in common', async () => {
    const shared = randomBytes(50_000);
    await fill(database, 'a', { content: shared, checkpoints: 100 });
    await fill(database, 'b', { content: shared, pinned: true });
    await fill(database, 'c', { checkpoints: 5, deletedAt: 3 });
    const { threads, stored, onDisk } = measureStorage(database);
    assert.deepEqual(
      threads.map(({ threadId, pinned, deleted }) => [threadId, pinned, deleted]),
      [
        ['a', false, false],
        ['b', true, false],
        ['c', false, true],
      ],
    );
    const [a = 0, b = 0, c = 0] = threads.map(({ bytes }) => bytes);
    const blob = Number(database.get('SELECT length(bytes) AS n FROM blobs')?.['n']);
    assert.ok(c > 5 * 1100 && c < 5 * 1300, String(c));
    assert.ok(a - b > 99 * 1100 && a - b < 99 * 1300, String(a - b));
    assert.ok(b > blob + 1100 && b < blob + 2000, String(b - blob));
    assert.ok(Math.abs(stored - (a + b + c - blob - 64)) < 10);
    assert.ok(stored < usedBytes(database) && usedBytes(database) <= onDisk);
  });
});
