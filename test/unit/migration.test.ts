import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_FILE } from '../../src/checkpoint/database.ts';
import { MIGRATIONS } from '../../src/checkpoint/migrations.ts';
import { countPending } from '../../src/checkpoint/pending.ts';
import { undoEffect } from '../../src/approval/undo.ts';
import { makeFolder } from '../support/core.ts';
import { type Parts, makeParts } from './support/parts.ts';

const APPLICATION_ID = 0x4353474e;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a database of version 1', () => {
  let folder: string;
  let storage: string;
  let parts: Parts;

  /** As version 1 wrote it: bytes as they are, one file a proposal. */
  function writeVersion1(): void {
    const database = new DatabaseSync(join(storage, DATABASE_FILE));
    database.exec(MIGRATIONS[0] ?? '');
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1;`);
    database.exec(`INSERT INTO threads VALUES ('t', 'Title', 1, 1, NULL)`);
    for (const text of ['old', 'new', 'before', 'after', 'gone']) {
      database
        .prepare('INSERT INTO blobs VALUES (?, ?)')
        .run(hashOf(text), new TextEncoder().encode(text));
    }
    const insert = database.prepare(
      `INSERT INTO proposals (proposal_id, thread_id, tool_call_id, interrupt_id, kind, real_path,
         display_path, base_sha256, new_sha256, state, reason, created_at)
       VALUES (?, 't', ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
    );
    const at = (name: string): string => join(folder, name);
    const [old, next] = [hashOf('old'), hashOf('new')];
    insert.run('p1', 'c1', 'i1', 'edit', at('a.txt'), 'a.txt', old, next, 'proposed', '');
    const [before, after] = [hashOf('before'), hashOf('after')];
    insert.run('p2', 'c2', 'i2', 'edit', at('b.txt'), 'b.txt', before, after, 'applied', '');
    insert.run('p3', 'c3', 'i3', 'edit', at('c.txt'), 'c.txt', old, next, 'rejected', 'no');
    insert.run(
      'p4',
      'c4',
      'i4',
      'delete',
      at('d.txt'),
      'd.txt',
      hashOf('gone'),
      null,
      'unknown',
      '',
    );
    database.close();
  }

  beforeEach(() => {
    folder = makeFolder({ 'a.txt': 'old', 'b.txt': 'after', 'd.txt': 'mine' });
    storage = makeFolder();
    writeVersion1();
  });
  afterEach(() => {
    parts.close();
  });

  it('is counted without being brought up to date, and keeps everything once it is', () => {
    assert.equal(countPending(storage), 1);
    parts = makeParts({}, { folder, storage });
    const states = parts.ledger
      .ofThread('t')
      .map(({ proposalId, state, reason }) => [...[proposalId, state, reason]]);
    assert.deepEqual(states, [
      ['p1', 'proposed', ''],
      ['p2', 'applied', ''],
      ['p3', 'rejected', 'no'],
      // Its call was answered then; it asks nothing any more.
      ['p4', 'kept', ''],
    ]);
    const [operation] = parts.find('p4').operations;
    assert.equal(operation?.op, 'delete');
    assert.equal(Buffer.from(parts.ledger.bytes(hashOf('gone'))).toString(), 'gone');
    assert.equal(countPending(storage), 1);
  });

  it('has its pending proposal shown anew, and applied once it is approved', async () => {
    parts = makeParts({}, { folder, storage });
    assert.equal(parts.find('p1').shown, null);
    await parts.ledger.ask('p1', 'i1', true);
    assert.equal(await parts.decide('p1', { kind: 'approve' }), 'taken');
    assert.equal((await parts.executor.apply('p1')).state, 'applied');
    assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'new');
  });

  it('has its applied effects undone', async () => {
    parts = makeParts({}, { folder, storage });
    assert.deepEqual(await undoEffect(parts, parts.find('p2'), 'undo'), { kind: 'done' });
    assert.equal(readFileSync(join(folder, 'b.txt'), 'utf8'), 'before');
    writeFileSync(join(folder, 'b.txt'), 'mine');
    const refused = await undoEffect(parts, parts.find('p2'), 'redo');
    assert.equal(refused.kind, 'refused');
    assert.equal(readFileSync(join(folder, 'b.txt'), 'utf8'), 'mine');
  });

  it('with an approval that was never carried out asks again', async () => {
    const database = new DatabaseSync(join(storage, DATABASE_FILE));
    database.exec("UPDATE proposals SET state = 'approved' WHERE proposal_id = 'p1'");
    database.close();
    parts = makeParts({}, { folder, storage });
    await parts.executor.recover('t');
    assert.equal(parts.find('p1').state, 'proposed');
    assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'old');
    rmSync(join(folder, 'a.txt'));
    assert.equal(await parts.executor.revalidate('p1'), true);
    assert.equal(parts.find('p1').origin, 'stale');
  });
});
