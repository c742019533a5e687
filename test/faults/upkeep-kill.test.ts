import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE, type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { tidy } from '../../src/checkpoint/tidy.ts';
import { makeFolder } from '../support/core.ts';
import { fill, stepsOf, threadIds } from '../unit/support/fill.ts';

const CHILD = join(import.meta.dirname, 'upkeep-child.ts');
const MB = 1024 * 1024;
/** Of each thread. */
const ROWS = 2000;

/** Every row of every table, in its order. */
function digest(database: Database, condition = 'true'): string {
  const hash = createHash('sha256');
  for (const table of ['threads', 'checkpoints', 'writes', 'proposals']) {
    const sql = `SELECT rowid AS place, * FROM ${table} WHERE ${condition} ORDER BY rowid`;
    for (const row of database.all(sql)) {
      for (const value of Object.values(row))
        hash.update(value instanceof Uint8Array ? value : `${value};`);
    }
  }
  const named = `SELECT bytes FROM blobs JOIN operations ON sha256 = base_sha256
    JOIN proposals USING (proposal_id) WHERE ${condition} ORDER BY proposals.rowid`;
  for (const row of database.all(named)) hash.update(row['bytes'] as Uint8Array);
  return hash.digest('hex');
}

describe('K-16: a process that is killed while it looks after the database', () => {
  let original: string;
  let source: Database;
  let folder: string;

  /** All is in the log at first: a checkpoint and a vacuum have something to do. */
  before(async () => {
    original = makeFolder();
    source = openDatabase(original);
    source.get('PRAGMA wal_autocheckpoint = 0');
    for (const threadId of ['kept', 'deleted', 'pinned']) {
      const deletedAt = threadId === 'deleted' ? { deletedAt: 1 } : {};
      await fill(source, threadId, {
        state: 'applied',
        pinned: threadId === 'pinned',
        ...deletedAt,
      });
      await source.transaction(() => {
        for (let i = 0; i < ROWS; i++) {
          source.run(
            `INSERT INTO checkpoints (thread_id, checkpoint_id, checkpoint)
             VALUES (?, ?, randomblob(3000))`,
            ...[threadId, `large ${i}`],
          );
        }
      });
    }
  });
  after(() => {
    source.close();
    rmSync(original, { recursive: true });
  });
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function copy(): void {
    rmSync(join(folder, `${DATABASE_FILE}-shm`), { force: true });
    for (const end of ['', '-wal']) {
      copyFileSync(join(original, DATABASE_FILE + end), join(folder, DATABASE_FILE + end));
    }
  }

  /** The child kills itself at the moment. Tried anew, from the beginning, where it is done before. */
  async function kill(what: string, moment: string): Promise<void> {
    for (let times = 0; times < 10; times++) {
      copy();
      const child = spawn(process.execPath, [CHILD, what, moment, folder], { stdio: 'inherit' });
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
      if (signal === 'SIGKILL') return;
      assert.equal(code, 0);
    }
    assert.fail(`${what} was done before ${moment} every time`);
  }
  const isSame = (database: Database, condition?: string): void => {
    assert.deepEqual({ ...database.get('PRAGMA integrity_check') }, { integrity_check: 'ok' });
    assert.equal(digest(database, condition), digest(source, condition));
  };

  const MOMENTS: [what: string, moment: string, sql: string][] = [
    ['checkpoint', `file:${2 * MB}`, 'PRAGMA wal_checkpoint(TRUNCATE)'],
    ['checkpoint', `file:${10 * MB}`, 'PRAGMA wal_checkpoint(TRUNCATE)'],
    ['vacuum', 'log', 'VACUUM'],
  ];
  for (const [what, moment, sql] of MOMENTS) {
    it(`K-16: in a ${what} (${moment}), leaves all as it was, and it can be done again`, async () => {
      await kill(what, moment);
      const database = openDatabase(folder);
      isSame(database);
      database.get(sql);
      isSame(database);
      database.close();
    });
  }

  for (const left of [ROWS - 1, ROWS / 2]) {
    it(`K-16: while it takes a thread away (${left} rows), leaves the rest to be taken away`, async () => {
      await kill('tidy', `rows:${left}`);
      const database = openDatabase(folder);
      isSame(database, `thread_id <> 'deleted'`);
      const request = { keepDays: 0, maxBytes: 0, now: Date.now(), loaded: [] };
      await tidy(database, request, stepsOf(database));
      assert.deepEqual(threadIds(database), ['kept', 'pinned']);
      isSame(database, `thread_id <> 'deleted'`);
      database.close();
    });
  }
});
