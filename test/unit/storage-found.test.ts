import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDatabase, openDatabase } from '../../src/checkpoint/database.ts';
import { DATABASE_FILE } from '../../src/checkpoint/files.ts';
import { looksDamaged } from '../../src/checkpoint/pending.ts';
import { useFound } from '../../src/checkpoint/recovery.ts';
import type { StorageProblem } from '../../src/shared/storage.ts';
import { type KeptMarker, makeMarker, problemOf, titlesIn, useHistory } from './support/storage.ts';

describe('what is found where a history is', () => {
  let folder: string;
  let marker: KeptMarker;
  const file = useHistory((made) => ({ folder, marker } = made), ['a', 'b']);

  it('every flipped bit of the header leads to words or to the same history', () => {
    const whole = readFileSync(file());
    const outcomes = new Set<string>();
    for (let at = 0; at < 100; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(file(), bytes);
      for (const side of ['-wal', '-shm', '-journal'])
        rmSync(file(`${DATABASE_FILE}${side}`), { force: true });
      try {
        assert.deepEqual(titlesIn(folder, { marker }), ['a', 'b']);
        outcomes.add('the same');
      } catch (error) {
        assert.ok(error instanceof Error && 'trouble' in error, `${at}: ${String(error)}`);
        outcomes.add(String(error.trouble));
      }
    }
    assert.ok(outcomes.has('the same') && outcomes.has('damaged') && outcomes.has('notOurs'));
  });

  it('another history is taken for the one that belongs here when that is chosen', () => {
    rmSync(file());
    makeDatabase(file());
    assert.equal(problemOf(() => openDatabase(folder, { marker })).trouble, 'exchanged');
    useFound(folder, marker);
    assert.deepEqual(titlesIn(folder, { marker }), []);
  });

  it('what is found while it is in use is said in words, once for each time', async () => {
    const told: StorageProblem[] = [];
    const database = openDatabase(folder, { marker, onProblem: (one) => told.push(one) });
    const bytes = readFileSync(file());
    for (let page = 1; page < bytes.length / 4096; page++)
      bytes.fill(0, page * 4096, (page + 1) * 4096);
    writeFileSync(file(), bytes);
    assert.throws(() => database.all('SELECT * FROM threads'), /is damaged/u);
    await assert.rejects(
      database.transaction(() => database.run("UPDATE threads SET title = 'x'")),
      /is damaged/u,
    );
    database.close();
    assert.ok(told.length >= 2 && told.every(({ trouble }) => trouble === 'damaged'));
  });

  it('where there never was one, there is a new one, and no half-made file', () => {
    const fresh = join(folder, 'fresh');
    const first = makeMarker();
    assert.equal(looksDamaged(fresh, null), false);
    assert.deepEqual(titlesIn(fresh, { marker: first }), []);
    assert.deepEqual(readdirSync(fresh), [DATABASE_FILE]);
    assert.match(first.value ?? '', /^[0-9a-f]{32}$/u);
    assert.deepEqual(titlesIn(fresh, { marker: first }), []);
  });
});
