import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { DATABASE_FILE, type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { MIGRATIONS } from '../../src/checkpoint/migrations.ts';
import { countPending } from '../../src/checkpoint/pending.ts';
import { resolveStorageFolder } from '../../src/checkpoint/storage-folder.ts';
import { createThreadIndex } from '../../src/checkpoint/thread-index.ts';
import { UserFacingError } from '../../src/shared/errors.ts';
import { makeFolder } from '../support/core.ts';
import { makeParts } from './support/parts.ts';

describe('the database', () => {
  let folder: string;
  let opened: Database[];
  const open = (where = folder): Database => {
    const database = openDatabase(where);
    opened.push(database);
    return database;
  };
  const file = (): string => join(folder, DATABASE_FILE);
  const raw = (work: (connection: DatabaseSync) => void): void => {
    const connection = new DatabaseSync(file());
    work(connection);
    connection.close();
  };
  const refusedUnchanged = (words: RegExp): void => {
    const before = readFileSync(file());
    assert.throws(
      () => openDatabase(folder),
      (error) => {
        assert.ok(error instanceof UserFacingError);
        assert.equal(error.reason, 'storage');
        assert.match(error.message, words);
        assert.ok(error.message.includes(file()));
        return true;
      },
    );
    assert.deepEqual(readFileSync(file()), before);
  };

  beforeEach(() => {
    folder = makeFolder();
    opened = [];
  });
  afterEach(() => {
    for (const database of opened) database.close();
    rmSync(folder, { recursive: true });
  });

  it('makes its folders and file, up to date and in WAL mode', () => {
    const database = open(join(folder, 'some', 'new', 'folder'));
    assert.deepEqual({ ...database.get('PRAGMA journal_mode') }, { journal_mode: 'wal' });
    assert.deepEqual(
      { ...database.get('PRAGMA user_version') },
      { user_version: MIGRATIONS.length },
    );
    assert.ok(existsSync(join(folder, 'some', 'new', 'folder', DATABASE_FILE)));
  });

  it('syncs to the disk what is done durably, and only that', async () => {
    const database = open(folder);
    const level = (): unknown => database.get('PRAGMA synchronous')?.['synchronous'];
    const [NORMAL, FULL] = [1, 2];
    assert.equal(level(), NORMAL);
    assert.equal(await database.transaction(level, 'durable'), FULL);
    assert.equal(await database.transaction(level), NORMAL);
    await assert.rejects(
      database.transaction(() => {
        throw new Error('no');
      }, 'durable'),
    );
    assert.equal(level(), NORMAL);
  });

  for (const name of ['with spaces', 'ünïcödé 漢字 😀', "quote's", 'percent%20#?']) {
    it(`works in a folder named ${name}`, async () => {
      const where = join(folder, name);
      await createThreadIndex(open(where), () => 1).add('t', 'Title');
      assert.equal(createThreadIndex(open(where), () => 1).find('t')?.title, 'Title');
      assert.equal(countPending(where), 0);
    });
  }

  it('has what was stored when it is opened again', async () => {
    const first = openDatabase(folder);
    await createThreadIndex(first, () => 1).add('t', 'Title');
    first.close();
    assert.equal(createThreadIndex(open(), () => 1).find('t')?.title, 'Title');
  });

  it('a file without a byte, as a crash at the first start leaves it, is a new database', () => {
    writeFileSync(file(), '');
    assert.equal(countPending(folder), 0);
    assert.deepEqual(createThreadIndex(open(), () => 1).list(), []);
  });

  for (const mode of ['wal', 'delete']) {
    it(`refuses a database of a newer version (journal mode ${mode}) and leaves it as it was`, () => {
      openDatabase(folder).close();
      raw((connection) => {
        connection.exec(`PRAGMA journal_mode = ${mode}; PRAGMA user_version = 99`);
      });
      refusedUnchanged(/newer version/u);
    });
  }

  it("refuses another application's database and leaves it as it was", () => {
    raw((connection) => {
      connection.exec(
        'PRAGMA application_id = 7; CREATE TABLE theirs (x); PRAGMA user_version = 1',
      );
    });
    refusedUnchanged(/not a database of Countersign/u);
  });

  it('refuses an unmarked database that has tables and leaves it as it was', () => {
    raw((connection) => {
      connection.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)');
    });
    refusedUnchanged(/not a database of Countersign/u);
  });

  it('refuses what is not a database and leaves it as it was', () => {
    writeFileSync(file(), 'This is a text, and a rather long one at that. '.repeat(50));
    refusedUnchanged(/cannot be opened/u);
  });

  it('refuses a database with a damaged header and leaves it as it was', () => {
    openDatabase(folder).close();
    const bytes = readFileSync(file());
    bytes.fill(0x55, 0, 100);
    writeFileSync(file(), bytes);
    refusedUnchanged(/cannot be opened/u);
  });

  it('DB-05: refuses a link in the place of the file, and of what belongs to it', () => {
    const outside = makeFolder({ 'theirs.txt': '' });
    symlinkSync(join(outside, 'theirs.txt'), file());
    refusedUnchanged(/is a link that leads elsewhere/u);
    assert.equal(readFileSync(join(outside, 'theirs.txt'), 'utf8'), '');
    rmSync(outside, { recursive: true });
  });

  it('says so if the folder cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    assert.throws(() => openDatabase(join(folder, 'file', 'below')), UserFacingError);
  });

  it('what fails in the middle of a transaction leaves nothing, and the error is the first one', async () => {
    const database = open();
    const index = createThreadIndex(database, () => 1);
    await assert.rejects(
      database.transaction(() => {
        database.run(
          "INSERT INTO threads (thread_id, title, created_at, updated_at) VALUES ('t', 'Title', 1, 1)",
        );
        throw new Error('half-way');
      }),
      /half-way/u,
    );
    assert.equal(index.find('t'), null);
    await assert.rejects(
      database.transaction(() => {
        database.run('ROLLBACK');
        throw new Error('rolled back already');
      }),
      /rolled back already/u,
    );
    await index.add('t', 'Title');
    assert.equal(index.find('t')?.title, 'Title');
  });

  it('two connections see what each other stored', async () => {
    const [one, two] = [open(), open()];
    await createThreadIndex(one, () => 1).add('a', 'A');
    await createThreadIndex(two, () => 2).add('b', 'B');
    for (const database of [one, two]) {
      assert.deepEqual(
        createThreadIndex(database, () => 3)
          .list()
          .map(({ threadId }) => threadId),
        ['b', 'a'],
      );
    }
  });

  it('writes only within a transaction', () => {
    assert.throws(() => open().run('DELETE FROM threads'), /outside of a transaction/u);
  });

  it('SQL-08: is opened and read while another program has the lock for writing', async () => {
    const first = open();
    await first.transaction(() =>
      first.run(`INSERT INTO upkeep (job, done_at) VALUES ('tidy', 7)`),
    );
    raw((other) => {
      other.exec('BEGIN IMMEDIATE');
      assert.equal(open().get('SELECT done_at FROM upkeep')?.['done_at'], 7);
    });
  });

  it('SQL-08: waits for a lock that somebody else holds, in order, and holds up nobody', async () => {
    const database = open();
    const other = new DatabaseSync(file());
    other.exec('BEGIN IMMEDIATE');
    const index = createThreadIndex(database, () => 1);
    const done: string[] = [];
    const waiting = ['a', 'b', 'c'].map(async (id) => {
      await index.add(id, id);
      done.push(id);
    });
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    await setTimeout(300);
    delays.disable();
    assert.deepEqual(done, []);
    assert.deepEqual(index.list(), []);
    other.exec('ROLLBACK');
    await Promise.all(waiting);
    other.close();
    assert.deepEqual(done, ['a', 'b', 'c']);
    assert.ok(delays.max < 200e6, `${delays.max / 1e6} ms`);
  });

  describe('pending approvals', () => {
    it('are counted without opening anything for writing', async () => {
      const parts = makeParts({}, { storage: folder });
      await createThreadIndex(parts.database, () => 1).add('t', 'Title');
      const [first] = [
        await parts.propose({ a: '1' }),
        await parts.propose({ b: '2' }),
        await parts.propose({ c: '3' }),
      ];
      await parts.decide(first.proposalId, { kind: 'reject', reason: '' });
      assert.equal(countPending(folder), 2);
      parts.database.close();
    });

    it('are none where there is no folder, and none is made', () => {
      assert.equal(countPending(join(folder, 'none')), 0);
      assert.deepEqual(readdirSync(folder), []);
    });
  });

  describe("a workspace's storage folder", () => {
    const id = '0123456789abcdef0123456789abcdef';
    const cases = [
      ...[1, 2, 9].map((n) => [`${id}-${n}`, id]),
      [id, id],
      [`${id}-0`, `${id}-0`],
      [`${id}-10`, `${id}-10`],
      [`${id}-a`, `${id}-a`],
    ];
    for (const [given = '', expected = ''] of cases) {
      it(`${given.slice(30)} is ${expected.slice(30)}`, () => {
        const at = (workspace: string): string =>
          join('/data', 'User-1', 'workspaceStorage', workspace, 'countersign.countersign');
        assert.equal(resolveStorageFolder(at(given)), at(expected));
      });
    }

    it('is the same database for two windows that were handed different folders', async () => {
      const at = (workspace: string): string => join(folder, workspace, 'countersign.countersign');
      mkdirSync(at(`${id}-1`), { recursive: true });
      await createThreadIndex(open(resolveStorageFolder(at(id))), () => 1).add('t', 'Title');
      const second = open(resolveStorageFolder(at(`${id}-1`)));
      assert.equal(createThreadIndex(second, () => 1).find('t')?.title, 'Title');
    });
  });
});
