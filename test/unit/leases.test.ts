import { emptyCheckpoint } from '@langchain/langgraph-checkpoint';
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type Database, openDatabase } from '../../src/checkpoint/database.ts';
import { type Leases, createLeases } from '../../src/checkpoint/leases.ts';
import { type Living, createLiving } from '../../src/checkpoint/living.ts';
import { CheckpointSaver } from '../../src/checkpoint/saver.ts';
import { makeFolder } from '../support/core.ts';
import { tamper } from '../support/tamper.ts';
import { makeParts } from './support/parts.ts';

interface Window {
  readonly database: Database;
  readonly living: Living;
  readonly leases: Leases;
}

describe('leases', () => {
  let folder: string;
  let windows: Window[];
  const open = (): Window => {
    const owner = `w-${windows.length}`;
    const database = openDatabase(folder);
    const living = createLiving(folder, owner);
    const window = { database, living, leases: createLeases(database, owner, living) };
    windows.push(window);
    return window;
  };

  beforeEach(() => {
    folder = makeFolder();
    windows = [];
  });
  afterEach(() => {
    for (const { database, living } of windows) {
      living.close();
      database.close();
    }
    rmSync(folder, { recursive: true });
  });

  it('of several windows, one gets a thread, and what the others do with it is refused', async () => {
    const all = [open(), open(), open()];
    const got = await Promise.all(all.map(({ leases }) => leases.acquire('t')));
    assert.deepEqual(got.toSorted(), [false, false, true]);
    for (const [index, { leases }] of all.entries()) {
      assert.equal(leases.holds('t'), got[index]);
      if (got[index] === true) leases.guard('t');
      else
        assert.throws(() => {
          leases.guard('t');
        }, /another window/u);
    }
    assert.ok(await all[got.indexOf(true)]?.leases.acquire('t'));
    assert.ok(await all[got.indexOf(false)]?.leases.acquire('another'));
  });

  it('that is given back is free', async () => {
    const [one, two] = [open(), open()];
    assert.ok(await one.leases.acquire('t'));
    await one.leases.release('t');
    assert.ok(await two.leases.acquire('t'));
    await two.leases.releaseAll();
    assert.ok(await one.leases.acquire('t'));
    assert.equal(two.leases.holds('t'), false);
  });

  it('of a window that is dead is free at once, and its lock file goes', async () => {
    const [one, two] = [open(), open()];
    assert.ok(await one.leases.acquire('t'));
    assert.equal(await two.leases.acquire('t'), false);
    one.living.close();
    assert.ok(await two.leases.acquire('t'));
    assert.equal(one.leases.holds('t'), false);
  });

  it('of windows that are dead are given back when another one begins', async () => {
    const [one, two] = [open(), open()];
    await one.leases.acquire('t');
    await two.leases.acquire('u');
    one.living.close();
    const three = open();
    await three.leases.releaseDead();
    assert.deepEqual(
      three.database.all('SELECT owner FROM leases ORDER BY thread_id').map((row) => row['owner']),
      ['', 'w-1'],
    );
    assert.ok(two.leases.holds('u'));
  });

  it('that is taken over is lost to its owner, for good', async () => {
    const [one, two] = [open(), open()];
    await one.leases.acquire('t');
    await two.leases.takeOver('t');
    assert.equal(one.leases.holds('t'), false);
    await two.leases.release('t');
    // What an earlier owner is still about must not go on, even if nobody has the thread now.
    assert.throws(() => {
      one.leases.guard('t');
    });
    assert.ok(await one.leases.acquire('t'));
    one.leases.guard('t');
  });

  it('what goes on with a thread is refused where it would be stored, and nothing of it is', async () => {
    const owned = { is: true };
    const leases = {
      guard: () => {
        if (!owned.is) throw new Error('not ours');
      },
    };
    const parts = makeParts({ 'a.txt': 'old' }, { leases });
    const { ledger, database } = parts;
    const saver = new CheckpointSaver(database, leases);
    const config = { configurable: { thread_id: 't', checkpoint_ns: '', checkpoint_id: 'c' } };
    const checkpoint = emptyCheckpoint();
    const metadata = { source: 'loop', step: 0, parents: {} } as const;
    const proposed = await parts.propose({ 'a.txt': 'new' });
    const approved = await parts.approved({ 'a.txt': 'approved' });
    const count = (): unknown =>
      ['proposals', 'operations', 'audit', 'checkpoints', 'writes'].map((table) =>
        database.all(`SELECT * FROM ${table}`),
      );
    const before = count();
    owned.is = false;
    const revision = { origin: 'edited', changes: [], stacked: false, reason: '' } as const;
    for (const attempt of [
      () => ledger.freeze({ threadId: 't', toolCallId: 'new' }, 'edit', []),
      () => ledger.ask(proposed.proposalId, 'another', true),
      () => ledger.decide(proposed.proposalId, proposed.shown!.effectHash, { kind: 'approve' }),
      () => ledger.revise(proposed, revision),
      () => ledger.mark(proposed, new Map([['key', { comment: 'lost' }]])),
      () => ledger.claim(approved),
      () => saver.put(config, checkpoint, metadata),
      () => saver.putWrites(config, [['messages', 'x']], 'task'),
    ]) {
      await assert.rejects(attempt, /not ours/u, String(attempt));
    }
    assert.deepEqual(count(), before);
    parts.close();
  });

  it('is not taken over while its owner carries out an effect', async () => {
    const [one, two] = [open(), open()];
    await one.leases.acquire('t');
    tamper(
      one.database,
      `INSERT INTO proposals (proposal_id, thread_id, tool_call_id, kind, state, owner, created_at)
       VALUES ('p', 't', 'c', 'edit', 'claimed', 'w-0', 1)`,
    );
    await assert.rejects(two.leases.takeOver('t'), /just changing files/u);
    assert.ok(one.leases.holds('t'));
    one.living.close();
    await two.leases.takeOver('t');
    assert.ok(two.leases.holds('t'));
  });
});
