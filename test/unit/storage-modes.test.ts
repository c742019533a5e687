import { ToolMessage } from '@langchain/core/messages';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DATABASE_FILE } from '../../src/checkpoint/files.ts';
import { freeSpace } from '../../src/checkpoint/free-space.ts';
import { UserFacingError } from '../../src/shared/errors.ts';
import { type Bench, makeBench, openBench, shownOf } from '../support/core.ts';
import type { ScriptedReply } from '../support/scripted-model.ts';
import { bytesIn, problemOf } from './support/storage.ts';

const WRITE: ScriptedReply = {
  text: 'I write it. ',
  calls: [{ id: 'c', name: 'write_file', args: { path: 'new.txt', content: 'x\n' } }],
};
const copies = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('countersign-copy-'));

describe('a history that cannot be written', () => {
  let bench: Bench;
  let threadId: string;
  const opened: Bench[] = [];
  const reopen = (...[replies, options]: Parameters<Bench['restart']>): Bench => {
    const next = openBench(bench.folder, bench.storage, replies, options);
    opened.push(next);
    return next;
  };
  const file = (): string => join(bench.storage, DATABASE_FILE);

  beforeEach(async () => {
    bench = makeBench({ 'a.txt': 'a\n' }, [WRITE]);
    threadId = await bench.core.threads.send(null, 'Write it');
    await bench.reaches(threadId, 'waiting');
    await bench.core.close();
  });
  afterEach(async () => {
    for (const path of [bench.storage, file()]) if (existsSync(path)) chmodSync(path, 0o755);
    for (const one of opened.splice(0)) await one.core.close();
    for (const path of [bench.folder, bench.storage]) rmSync(path, { recursive: true });
    assert.deepEqual(copies(), []);
  });

  for (const [what, path] of [
    ['file', file],
    ['folder', (): string => dirname(file())],
  ] as const) {
    it(`SQL-13: a read-only ${what} is told; the chat goes on in memory, and can change nothing`, async () => {
      chmodSync(path(), 0o555);
      const before = bytesIn(bench.storage);
      const { trouble, ways, message } = problemOf(() => reopen([]).core);
      assert.equal(trouble, 'readOnly');
      assert.match(message, /is read-only, or its folder is/u);
      assert.deepEqual(ways, ['readOnly', 'inMemory', 'retry']);

      const chat = reopen([WRITE, { text: 'Then I do not.' }], { storageMode: 'inMemory' });
      assert.deepEqual(chat.core.threads.list(), []);
      const id = await chat.core.threads.send(null, 'Write it');
      const { items } = await chat.reaches(id, 'idle');
      assert.deepEqual(
        items.map((item) => (item.kind === 'tool' ? item.state : item.text)),
        ['Write it', 'I write it. ', 'failed', 'Then I do not.'],
      );
      const told = chat.model.requests[1]?.findLast((one) => ToolMessage.isInstance(one));
      assert.match(
        told?.text ?? '',
        /^Nothing can be changed now: this conversation is not saved/u,
      );
      assert.deepEqual(await chat.core.threads.pending(), []);
      assert.deepEqual(readdirSync(bench.folder), ['a.txt']);
      assert.deepEqual(bytesIn(bench.storage), before);
    });

    it(`SQL-13: a read-only ${what}: what is in it can be read, and nothing else`, async () => {
      chmodSync(path(), 0o555);
      const before = bytesIn(bench.storage);
      const reading = reopen([], { storageMode: 'readOnly' });
      const { threads } = reading.core;
      assert.deepEqual(
        threads.list().map(({ title }) => title),
        ['Write it'],
      );
      const { items } = await reading.view(threadId);
      assert.equal(items.length, 3);
      const [item] = await reading.pendingItems(threadId);
      assert.ok(item?.review);
      const { proposalId } = item.review;
      for (const refused of [
        threads.send(threadId, 'More'),
        threads.send(null, 'More'),
        threads.decide(threadId, shownOf(item), { kind: 'approve' }),
        threads.resume(threadId),
        threads.rename(threadId, 'x'),
        threads.remove(threadId),
        threads.restore(threadId),
        threads.undo(threadId, proposalId, 'undo'),
        threads.edit(proposalId, item.review.effectHash, new Map([[0, 'y']])),
      ]) {
        await assert.rejects(refused, /open for reading only/u);
      }
      assert.deepEqual(readdirSync(bench.folder), ['a.txt']);
      assert.deepEqual(bytesIn(bench.storage), before);
      assert.equal(copies().length, 1);
      await opened.pop()?.core.close();
    });
  }

  it('what was approved in a history that is only read is not carried out', async () => {
    const other = reopen([]);
    const [item] = await other.pendingItems(threadId);
    assert.ok(item?.review);
    await opened.pop()?.core.close();
    const reading = reopen([], { storageMode: 'readOnly' });
    await reading.core.threads.open(threadId);
    assert.deepEqual(readdirSync(bench.folder), ['a.txt']);
    await opened.pop()?.core.close();
    assert.equal(reopen([]).core.audit.verify().problem, null);
  });

  it('of a damaged one, what can be read is shown', async () => {
    const others = reopen([{ text: 'One.' }, { text: 'Two.' }]);
    for (const text of ['Say one', 'Say two']) {
      await others.reaches(await others.core.threads.send(null, text), 'idle');
    }
    await opened.pop()?.core.close();
    const bytes = readFileSync(file());
    let read = 0;
    for (let page = 1; page < bytes.length / 4096; page += 6) {
      const damaged = Buffer.from(bytes);
      damaged.fill(0x55, page * 4096, (page + 1) * 4096);
      writeFileSync(file(), damaged);
      try {
        const reading = reopen([], { storageMode: 'readOnly' });
        if (reading.core.threads.list().length === 3) read++;
      } catch (error) {
        assert.ok(error instanceof UserFacingError);
      }
      await opened.pop()?.core.close();
      assert.deepEqual(readFileSync(file()), damaged);
    }
    assert.ok(read > bytes.length / 4096 / 12, `${read} of ${bytes.length / 4096}`);
  });
});

describe('the space on the disk', () => {
  it('SQL-16: is looked at before each run; less than 50 MB are told, and the run starts all the same', async () => {
    const told: unknown[] = [];
    let free = 49_999_999;
    const bench = makeBench({}, [{ text: 'One.' }, { text: 'Two.' }, { text: 'Three.' }], {
      freeSpace: () =>
        free < 0 ? Promise.reject(new Error('no such disk')) : Promise.resolve(free),
      onSpace: (bytes, isLow) => told.push([bytes, isLow, bench.model.requests.length]),
    });
    const id = await bench.core.threads.send(null, 'Count');
    await bench.reaches(id, 'idle');
    free = 50_000_000;
    await bench.core.threads.send(id, 'Go on');
    await bench.reaches(id, 'idle');
    await bench.core.threads.resume(id);
    free = -1;
    await bench.core.threads.send(id, 'Go on');
    await bench.reaches(id, 'idle');
    assert.deepEqual(told, [
      [49_999_999, true, 0],
      [50_000_000, false, 1],
      [50_000_000, false, 2],
    ]);
    assert.match(String(bench.logged[0]), /no such disk/u);
    await bench.close();
  });

  it('is what the file system says', async () => {
    const free = await freeSpace(tmpdir());
    const { stdout } = spawnSync('df', ['-B1', '--output=avail', tmpdir()], { encoding: 'utf8' });
    const said = Number(stdout.split('\n')[1]);
    assert.ok(Math.abs(free - said) < 1e9, `${free}, ${said}`);
  });
});

describe('where the history is', () => {
  it('DB-04: a database that the workspace brings along is never opened', async () => {
    const theirs = makeBench({}, [{ text: 'Yours.' }]);
    await theirs.reaches(await theirs.core.threads.send(null, 'Theirs'), 'idle');
    await theirs.core.close();
    const shipped = readFileSync(join(theirs.storage, DATABASE_FILE));
    const names = ['', '.vscode/', '.countersign/', 'countersign.countersign/'].flatMap((at) => [
      `${at}${DATABASE_FILE}`,
      `${at}agent.db`,
    ]);
    const bench = makeBench(Object.fromEntries(names.map((name) => [name, shipped])), [
      { text: 'Mine.' },
    ]);
    assert.deepEqual(bench.core.threads.list(), []);
    await bench.reaches(await bench.core.threads.send(null, 'Mine'), 'idle');
    for (const name of names) assert.deepEqual(readFileSync(join(bench.folder, name)), shipped);
    const made = readdirSync(bench.folder, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      made.filter((name) => /-(?:wal|shm|journal)$/u.test(name)),
      [],
    );
    await bench.close();
    for (const path of [theirs.folder, theirs.storage]) rmSync(path, { recursive: true });
  });

  it('DB-04: comes from the editor alone: no setting, no variable and no file says it', () => {
    const root = join(import.meta.dirname, '../..');
    const having = (form: RegExp): string[] =>
      readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .filter((name) => form.test(readFileSync(join(root, 'src', name), 'utf8')))
        .toSorted();
    assert.deepEqual(having(/\bstorageUri\b/u), ['extension.ts', 'vscode/core-host.ts']);
    assert.deepEqual(having(/\bresolveStorageFolder\(/u), [
      'checkpoint/storage-folder.ts',
      'vscode/core-host.ts',
    ]);
    // Without an editor, the command line says it. The programs that call the user get the
    // environment as it is; threads are shared in a database that it may name.
    assert.deepEqual(having(/\bglobalStorageUri\b|\bprocess\.env\b/u), [
      'server/cli-conversation.ts',
      'server/cli.ts',
      'server/place.ts',
      'vscode/share-history.ts',
      'vscode/system-notice.ts',
    ]);
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      contributes: { configuration: { properties: Record<string, unknown> } };
    };
    const settings = Object.keys(manifest.contributes.configuration.properties);
    assert.deepEqual(
      settings.filter((name) => /storage|database|path|folder/iu.test(name)),
      [],
    );
  });
});

describe('an editor without SQLite', () => {
  it('SQL-14: says so, opens nothing, counts nothing, and changes nothing', () => {
    const bench = makeBench({ 'a.txt': 'a\n' }, []);
    const before = bytesIn(bench.storage);
    const child = join(import.meta.dirname, 'support', 'no-sqlite-child.ts');
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--no-experimental-sqlite', child, bench.storage],
      { encoding: 'utf8' },
    );
    assert.equal(stderr, '');
    const said = stdout.trimEnd().split('\n');
    assert.deepEqual(
      said.map((line) => JSON.parse(line) as unknown),
      ['normal', 'readOnly', 'inMemory'].map((mode) => ({
        ...{ mode, has: false, pending: 0, reason: 'notReady' },
        message: 'This editor has no SQLite. Countersign needs VS Code 1.103 or later.',
      })),
    );
    assert.deepEqual(bytesIn(bench.storage), before);
    return bench.close();
  });
});
