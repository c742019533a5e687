import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import { findBackup } from '../../src/checkpoint/backup.ts';
import { openDatabase } from '../../src/checkpoint/database.ts';
import { DATABASE_FILE, versionFile } from '../../src/checkpoint/files.ts';
import { MIGRATIONS } from '../../src/checkpoint/migrations.ts';
import { countPending } from '../../src/checkpoint/pending.ts';
import type { ThreadView } from '../../src/shared/thread-view.ts';
import { type Bench, makeFolder, openBench } from '../support/core.ts';
import { bytesIn, change, makeMarker, problemOf, titlesIn } from './support/storage.ts';

/** The files that these databases speak of had this place, which is a part of what is approved. */
const PLACE = '/tmp/countersign-fixture';

/** A table that the migration from each version makes. */
const MADE_NEXT = ['audit', 'leases', 'change_marks', 'plan_edits'];

const fixture = (version: number): Uint8Array =>
  gunzipSync(readFileSync(join(import.meta.dirname, `../fixtures/version-${version}.sqlite.gz`)));

const versionOf = (path: string): unknown => {
  const connection = new DatabaseSync(path, { readOnly: true });
  const row = connection.prepare('PRAGMA user_version').get();
  connection.close();
  return row?.['user_version'];
};

const outline = ({ items }: ThreadView): string[] =>
  items.map((item) => (item.kind === 'tool' ? `${item.title}: ${item.state}` : item.text));

/** Every version that was ever released has its file. */
for (let version = 1; version < MIGRATIONS.length; version++) {
  describe(`SQL-11: a database as version ${version} wrote it`, () => {
    let storage: string;
    let folder: string;
    let bench: Bench | null;
    const file = (name = DATABASE_FILE): string => join(storage, name);

    beforeEach(() => {
      bench = null;
      storage = makeFolder({ [DATABASE_FILE]: fixture(version) });
      folder = join(PLACE, `version-${version}`, 'project');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'greet.ts'), 'export const greeting = "Goodbye";\n');
      writeFileSync(join(folder, 'notes.md'), '- one\n');
    });
    afterEach(async () => {
      await bench?.close();
      rmSync(join(PLACE, `version-${version}`), { recursive: true });
      rmSync(storage, { recursive: true, force: true });
    });

    it('is read whole, its approval is decided, and the file as it was is kept', async () => {
      assert.equal(countPending(storage), 1);
      bench = openBench(folder, storage, [{ text: 'Two is on the list.' }]);
      const { core } = bench;
      const [words, changes] = core.threads.list();
      assert.equal(words?.title, 'What is two and two?');
      assert.deepEqual(outline(await bench.view(words.threadId)), [
        'What is two and two?',
        'Two and two are four.',
      ]);
      const threadId = changes?.threadId ?? '';
      const asked = [
        ...['Say goodbye', 'I will. ', 'Edit greet.ts: applied', 'It is done.'],
        ...['Keep a secret', 'Write secret.txt: rejected', 'I leave it, then.'],
        ...['Add two to the list', 'Now the notes. ', 'Edit notes.md: proposed'],
      ];
      assert.deepEqual(outline(await bench.view(threadId)), asked);
      const [item] = await bench.pendingItems(threadId);
      assert.ok(item);
      await bench.decide(threadId, item, { kind: 'approve' });
      const after = await bench.reaches(threadId, 'idle');
      assert.deepEqual(outline(after).slice(-2), ['Edit notes.md: applied', 'Two is on the list.']);
      assert.equal(readFileSync(join(folder, 'notes.md'), 'utf8'), '- one\n- two\n');
      assert.equal(core.audit.verify().problem, null);
      assert.deepEqual(bench.logged, []);

      assert.equal(versionOf(file()), MIGRATIONS.length);
      assert.equal(versionOf(file(versionFile(version))), version);
      assert.deepEqual(
        readdirSync(storage).filter((name) => name.includes('tmp')),
        [],
      );
    });

    it('is read by the stock saver once it is brought up to date', async () => {
      const database = openDatabase(storage);
      const stock = SqliteSaver.fromConnString(database.path);
      const ids = database.all('SELECT DISTINCT thread_id FROM checkpoints');
      assert.equal(ids.length, 2);
      for (const { thread_id } of ids) {
        const tuple = await stock.getTuple({ configurable: { thread_id: String(thread_id) } });
        assert.ok(tuple?.checkpoint.id);
      }
      (stock as unknown as { db: { close(): void } }).db.close();
      database.close();
    });

    it('goes back to the earlier version by its backup, and up again', () => {
      const marker = makeMarker();
      const titles = titlesIn(storage, { marker });
      const first = marker.value;
      assert.ok(findBackup(storage, first));
      writeFileSync(file(), readFileSync(file(versionFile(version))));
      assert.equal(versionOf(file()), version);
      assert.equal(countPending(storage), 1);
      assert.deepEqual(titlesIn(storage, { marker }), titles);
      // From version 3 on, the database itself says which one it is.
      assert.equal(marker.value === first, version >= 3);
    });

    it('is left as it is while another program keeps it locked', () => {
      const other = new DatabaseSync(file());
      other.exec('BEGIN EXCLUSIVE');
      const before = readFileSync(file());
      const { trouble, ways } = problemOf(() => openDatabase(storage));
      assert.equal(trouble, 'locked');
      assert.deepEqual(ways, ['inMemory', 'retry']);
      assert.deepEqual(readFileSync(file()), before);
      other.exec('ROLLBACK');
      other.close();
      assert.equal(titlesIn(storage).length, 2);
    });

    it('that is damaged is not brought up to date', () => {
      const bytes = readFileSync(file());
      // The root of a table in the middle.
      bytes.fill(0x55, 5 * 4096, 6 * 4096);
      writeFileSync(file(), bytes);
      const before = bytesIn(storage);
      assert.equal(problemOf(() => openDatabase(storage)).trouble, 'damaged');
      assert.deepEqual(bytesIn(storage), before);
    });

    it('with a migration that fails stays as it was', () => {
      change(file(), `CREATE TABLE ${MADE_NEXT[version - 1] ?? ''} (x)`);
      const before = bytesIn(storage)[DATABASE_FILE];
      const { trouble, message } = problemOf(() => openDatabase(storage));
      assert.equal(trouble, 'unreachable');
      assert.match(message, /already exists.*not changed/u);
      assert.equal(versionOf(file()), version);
      assert.equal(bytesIn(storage)[DATABASE_FILE]?.length, before?.length);
    });
  });
}
