import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { atFailpoints } from '../../src/shared/failpoint.ts';
import { makeFolder } from '../support/core.ts';
import { type Parts, makeParts, snapshot } from './support/parts.ts';
import { tamper } from '../support/tamper.ts';

describe('the executor', () => {
  let parts: Parts;
  const at = (path: string): string => join(parts.folder, path);
  const onDisk = (path: string): string => readFileSync(at(path), 'utf8');
  const approved = (path: string, next: string | null): Promise<string> =>
    parts.approved({ [path]: next });

  beforeEach(() => {
    parts = makeParts({ 'a.txt': 'old', 'sub/b.txt': 'b' });
  });
  afterEach(() => {
    atFailpoints(null);
    parts.close();
  });

  it('applies an approved proposal once', async () => {
    const id = await approved('a.txt', 'new');
    const outcomes = await Promise.all([1, 2, 3].map(() => parts.executor.apply(id)));
    assert.deepEqual(
      outcomes.map(({ state }) => state),
      ['applied', 'applied', 'applied'],
    );
    writeFileSync(at('a.txt'), 'mine');
    assert.equal((await parts.executor.apply(id)).state, 'applied');
    assert.equal(onDisk('a.txt'), 'mine');
  });

  it('does nothing for a proposal that nobody approved', async () => {
    const { proposalId } = await parts.propose({ 'a.txt': 'new' });
    assert.equal((await parts.executor.apply(proposalId)).state, 'proposed');
    await parts.decide(proposalId, { kind: 'reject', reason: '' });
    assert.equal((await parts.executor.apply(proposalId)).state, 'rejected');
    assert.equal(onDisk('a.txt'), 'old');
  });

  it('of two approved changes of one file at once, one is applied and one asks anew', async () => {
    const ids = [await approved('a.txt', 'one'), await approved('a.txt', 'two')];
    const outcomes = await Promise.all(ids.map((id) => parts.executor.apply(id)));
    assert.deepEqual(
      outcomes.map(({ state, origin }) => [state, origin]),
      [
        ['applied', 'model'],
        ['proposed', 'conflict'],
      ],
    );
    assert.equal(onDisk('a.txt'), 'one');
  });

  describe('refuses, without throwing and without a trace,', () => {
    let outside: string;
    beforeEach(() => {
      outside = makeFolder({ 'b.txt': 'b', 'a.txt': 'old' });
    });
    afterEach(() => {
      rmSync(outside, { recursive: true });
    });

    const WORLD: [string, string, string | null, (() => void)?][] = [
      [
        'a file that changed',
        'a.txt',
        'new',
        () => {
          writeFileSync(at('a.txt'), 'mine');
        },
      ],
      [
        'a file that is gone',
        'a.txt',
        'new',
        () => {
          rmSync(at('a.txt'));
        },
      ],
      [
        'a file whose folder is gone',
        'sub/b.txt',
        'new',
        () => {
          rmSync(at('sub'), { recursive: true });
        },
      ],
      [
        'a file that was moved',
        'a.txt',
        'new',
        () => {
          renameSync(at('a.txt'), at('c.txt'));
        },
      ],
      [
        'a file that became a folder',
        'a.txt',
        'new',
        () => {
          rmSync(at('a.txt'));
          mkdirSync(at('a.txt'));
        },
      ],
      [
        'a new file that is there by now',
        'new.txt',
        'new',
        () => {
          writeFileSync(at('new.txt'), 'theirs');
        },
      ],
      [
        'a new file where a folder is by now',
        'new.txt',
        'new',
        () => {
          mkdirSync(at('new.txt'));
        },
      ],
      [
        'a new file below what is a file by now',
        'x/new.txt',
        'new',
        () => {
          writeFileSync(at('x'), '');
        },
      ],
      [
        'a file with unsaved changes',
        'a.txt',
        'new',
        () => {
          parts.editor.open(at('a.txt'));
          parts.editor.type(at('a.txt'), 'typed');
        },
      ],
      [
        'a file that is a link out by now',
        'a.txt',
        'new',
        () => {
          rmSync(at('a.txt'));
          symlinkSync(join(outside, 'a.txt'), at('a.txt'));
        },
      ],
      [
        'a file whose folder is a link out by now',
        'sub/b.txt',
        'new',
        () => {
          rmSync(at('sub'), { recursive: true });
          symlinkSync(outside, at('sub'));
        },
      ],
      [
        'a file that is a link to its twin by now',
        'a.txt',
        'new',
        () => {
          renameSync(at('a.txt'), at('twin.txt'));
          symlinkSync('twin.txt', at('a.txt'));
        },
      ],
      [
        'a new file whose folder is a link out by now',
        'fresh/new.txt',
        'new',
        () => {
          symlinkSync(outside, at('fresh'));
        },
      ],
      [
        'a deletion of a file that changed',
        'a.txt',
        null,
        () => {
          writeFileSync(at('a.txt'), 'mine');
        },
      ],
      [
        'a deletion of what is a link out by now',
        'a.txt',
        null,
        () => {
          rmSync(at('a.txt'));
          symlinkSync(join(outside, 'a.txt'), at('a.txt'));
        },
      ],
    ];
    for (const [what, path, next, change] of WORLD) {
      it(what, async () => {
        const id = await approved(path, next);
        change?.();
        const before = snapshot(parts.folder);
        const { state, reason, approvedHash } = await parts.executor.apply(id);
        assert.ok(state === 'stale' || (state === 'proposed' && approvedHash === null), state);
        assert.notEqual(reason, '');
        assert.deepEqual(snapshot(parts.folder), before);
        assert.equal(readFileSync(join(outside, 'a.txt'), 'utf8'), 'old');
        assert.deepEqual(readdirSync(outside).toSorted(), ['a.txt', 'b.txt']);
        assert.equal(readFileSync(join(outside, 'b.txt'), 'utf8'), 'b');
      });
    }

    it('a file that changes while the new bytes are being written', async () => {
      const id = await approved('a.txt', 'new');
      atFailpoints((name) => {
        if (name === 'fs.tempWritten') writeFileSync(at('a.txt'), 'mine');
      });
      const { state, origin } = await parts.executor.apply(id);
      assert.deepEqual([state, origin], ['proposed', 'conflict']);
      assert.equal(onDisk('a.txt'), 'mine');
      assert.deepEqual(readdirSync(parts.folder).toSorted(), ['a.txt', 'sub']);
    });

    it('a file of a folder that is not open any more', async () => {
      const id = await approved('a.txt', 'new');
      renameSync(parts.folder, `${parts.folder}-moved`);
      const { state } = await parts.executor.apply(id);
      renameSync(`${parts.folder}-moved`, parts.folder);
      assert.equal(state, 'stale');
      assert.equal(onDisk('a.txt'), 'old');
    });
  });

  it('makes the missing folders of a new file', async () => {
    const id = await approved('x/y/new.txt', 'new');
    assert.equal((await parts.executor.apply(id)).state, 'applied');
    assert.equal(onDisk('x/y/new.txt'), 'new');
  });

  it('writes nothing if the stored bytes are damaged or missing, and says so', async () => {
    for (const sql of ["UPDATE blobs SET bytes = x'00'", 'DELETE FROM blobs']) {
      const id = await approved('a.txt', 'new');
      tamper(parts.database, sql);
      const { state, reason } = await parts.executor.apply(id);
      assert.equal(state, 'failed');
      assert.match(reason, /damaged|missing/u);
      assert.equal(onDisk('a.txt'), 'old');
    }
  });

  it('a lock that keeps it from claiming leaves the approval, and the next attempt applies', async () => {
    const id = await approved('a.txt', 'new');
    const other = makeParts({}, { folder: parts.folder, storage: parts.storage, patience: 20 });
    const lock = new DatabaseSync(parts.database.path);
    lock.exec('BEGIN IMMEDIATE');
    await assert.rejects(other.executor.apply(id), /locked/u);
    lock.close();
    other.database.close();
    assert.equal(onDisk('a.txt'), 'old');
    assert.equal((await parts.executor.apply(id)).state, 'applied');
    assert.equal(onDisk('a.txt'), 'new');
  });

  it('a lock that keeps it from recording does not make it write again', async () => {
    const id = await approved('a.txt', 'new');
    const other = makeParts({}, { folder: parts.folder, storage: parts.storage, patience: 20 });
    const lock = new DatabaseSync(parts.database.path);
    let writes = 0;
    atFailpoints((name) => {
      if (name === 'fs.tempWritten') writes++;
      if (name === 'apply.opDone#0') lock.exec('BEGIN IMMEDIATE');
    });
    await assert.rejects(other.executor.apply(id), /locked/u);
    lock.close();
    other.database.close();
    assert.equal(onDisk('a.txt'), 'new');
    assert.equal(parts.ledger.find(id)?.state, 'claimed');
    assert.equal((await parts.executor.apply(id)).state, 'applied');
    assert.equal(writes, 1);
  });

  it('writes nothing once another window has taken its claim back', async () => {
    const id = await approved('a.txt', 'new');
    const other = makeParts({}, { folder: parts.folder, storage: parts.storage });
    atFailpoints((name) => {
      if (name === 'apply.claimed') void other.ledger.reopen(other.find(id), 'taken back');
    });
    await parts.executor.apply(id);
    assert.equal(onDisk('a.txt'), 'old');
    assert.equal(parts.find(id).state, 'proposed');
    other.database.close();
  });
});
