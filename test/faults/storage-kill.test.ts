import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { backupDatabase, findBackup } from '../../src/checkpoint/backup.ts';
import { openDatabase } from '../../src/checkpoint/database.ts';
import { BACKUP_FILE, DATABASE_FILE, versionFile } from '../../src/checkpoint/files.ts';
import { checkIntegrity } from '../../src/checkpoint/integrity.ts';
import { createThreadIndex } from '../../src/checkpoint/thread-index.ts';
import { isStorageProblem } from '../../src/shared/storage.ts';
import { makeFolder } from '../support/core.ts';
import { change, makeHistory, makeMarker, titlesIn } from '../unit/support/storage.ts';

const CHILD = join(import.meta.dirname, 'storage-child.ts');

describe('a process that is killed at work on the database itself', () => {
  let folder: string;
  const file = (name = DATABASE_FILE): string => join(folder, name);
  const killedAt = (point: string, work = 'open'): void => {
    const { signal, stderr } = spawnSync(process.execPath, [CHILD, folder, work, point], {
      encoding: 'utf8',
    });
    assert.equal(signal, 'SIGKILL', stderr);
  };
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  for (const version of [1, 2, 3]) {
    for (const point of ['migration.backup', 'migration.step', 'migration.beforeCommit']) {
      it(`K-16: in the migration from version ${version}, ${point}: the same history, of the old version and then of the new`, () => {
        const at = join(import.meta.dirname, `../fixtures/version-${version}.sqlite.gz`);
        folder = makeFolder({ [DATABASE_FILE]: gunzipSync(readFileSync(at)) });
        killedAt(point);
        const connection = new DatabaseSync(file(), { readOnly: true });
        assert.equal(connection.prepare('PRAGMA user_version').get()?.['user_version'], version);
        connection.close();
        assert.equal(existsSync(file(versionFile(version))), point !== 'migration.backup');
        assert.deepEqual(titlesIn(folder), ['Say goodbye', 'What is two and two?']);
        assert.deepEqual(checkIntegrity(folder), { ok: true });
      });
    }
  }

  it('K-16: in making the database: there is none, and then a whole one', () => {
    folder = makeFolder();
    killedAt('creation.made');
    assert.equal(existsSync(file()), false);
    assert.deepEqual(titlesIn(folder), []);
  });

  it('K-16: in a backup: the last one stays, and the next is whole', async () => {
    folder = makeFolder();
    const marker = makeMarker();
    await makeHistory(folder, marker, ['a']);
    await backupDatabase(folder);
    const before = readFileSync(file(BACKUP_FILE));
    await makeHistory(folder, marker, ['b']);
    killedAt('backup.beforeRename', 'backup');
    assert.deepEqual(readFileSync(file(BACKUP_FILE)), before);
    await backupDatabase(folder);
    assert.ok(findBackup(folder, marker.value));
    assert.notDeepEqual(readFileSync(file(BACKUP_FILE)), before);
  });

  for (const work of ['checkpoint', 'vacuum']) {
    it(`K-16: at some moment of a ${work}: everything that was stored is there`, async () => {
      for (const lines of [4, 5, 43]) {
        folder = makeFolder();
        const child = spawn(process.execPath, [CHILD, folder, work], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const exited = once(child, 'exit');
        let last = -1;
        for await (const line of createInterface({ input: child.stdout })) {
          last = Number(line);
          if (last === lines) child.kill('SIGKILL');
        }
        await exited;
        assert.ok(last >= lines);
        const database = openDatabase(folder);
        const ids = new Set(
          createThreadIndex(database, () => 1)
            .list()
            .map(({ threadId }) => threadId),
        );
        for (let n = 0; n <= last; n++) assert.ok(ids.has(`t${n}`), `t${n} of ${last}`);
        database.close();
        assert.deepEqual(checkIntegrity(folder), { ok: true });
        if (lines !== 43) rmSync(folder, { recursive: true });
      }
    });
  }
});

describe('what SQLite keeps beside the database', () => {
  let folder: string;
  let other: string;
  const file = (side = '', where = folder): string => join(where, `${DATABASE_FILE}${side}`);
  const opens = (): string[] | 'told' => {
    try {
      return titlesIn(folder);
    } catch (error) {
      assert.ok(isStorageProblem(error), String(error));
      return 'told';
    }
  };

  /** As a crash leaves it: the last threads are in the log only. */
  async function makeCrashed(titles: readonly string[], more: readonly string[]): Promise<string> {
    const alive = makeFolder();
    await makeHistory(alive, makeMarker(), titles);
    const database = openDatabase(alive);
    const index = createThreadIndex(database, () => 1);
    for (const title of more) await index.add(title, title);
    const copy = makeFolder();
    for (const name of readdirSync(alive)) copyFileSync(join(alive, name), join(copy, name));
    database.close();
    rmSync(alive, { recursive: true });
    return copy;
  }

  beforeEach(async () => {
    folder = await makeCrashed(['a', 'b'], ['c']);
    other = await makeCrashed(
      Array.from({ length: 300 }, (_, n) => `their ${n}`),
      ['their last'],
    );
  });
  afterEach(() => {
    for (const one of [folder, other]) rmSync(one, { recursive: true });
  });

  it('SQL-07: without its index, everything is there', () => {
    rmSync(file('-shm'));
    assert.deepEqual(opens(), ['a', 'b', 'c']);
  });

  it('SQL-07: without its log, all is there that was in the file', () => {
    rmSync(file('-wal'));
    assert.deepEqual(opens(), ['a', 'b']);
    assert.deepEqual(checkIntegrity(folder), { ok: true });
  });

  it("SQL-07: with another database's index, everything is there", () => {
    copyFileSync(file('-shm', other), file('-shm'));
    assert.deepEqual(opens(), ['a', 'b', 'c']);
  });

  for (const withIndex of [true, false]) {
    it(`SQL-07: with another database's log${withIndex ? ' and index' : ''}, it is told, again and again, and the file is left as it was`, () => {
      copyFileSync(file('-wal', other), file('-wal'));
      if (withIndex) copyFileSync(file('-shm', other), file('-shm'));
      else rmSync(file('-shm'));
      const before = readFileSync(file());
      for (let again = 0; again < 3; again++) assert.equal(opens(), 'told');
      assert.deepEqual(readFileSync(file()), before);
      // Of that, what is in the file itself can still be read.
      assert.deepEqual(titlesIn(folder, { mode: 'readOnly' }), ['a', 'b']);
    });
  }

  it('SQL-07: with a log that is none, or was cut off, all is there that was kept whole', () => {
    const log = readFileSync(file('-wal'));
    change(file('', other), 'PRAGMA wal_checkpoint(TRUNCATE)');
    for (const [bytes, titles] of [
      [Buffer.from('This is a text. '.repeat(1000)), ['a', 'b']],
      [log.subarray(0, log.length - 100), ['a', 'b']],
      [log.subarray(0, 10), ['a', 'b']],
    ] as const) {
      const copy = makeFolder({
        [DATABASE_FILE]: readFileSync(file()),
        [`${DATABASE_FILE}-wal`]: bytes,
      });
      assert.deepEqual(titlesIn(copy), titles);
      rmSync(copy, { recursive: true });
    }
  });
});
