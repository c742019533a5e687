import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { atFailpoints } from '../../src/shared/failpoint.ts';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import { type Plan, firstOf, makeFaulty } from '../faults/faulty-files.ts';
import { type DiskBench, bytes, fine, makeDisk } from './support/disk-bench.ts';

describe('the disk writes down', () => {
  let bench: DiskBench;
  let plan: Plan;
  /** What was done, in order: syncs, names given and taken away, failpoints passed. */
  let done: string[];
  const at = (path: string): string => bench.at(path);

  beforeEach(() => {
    done = [];
    plan = () => null;
    const watch: Plan = ({ name, path }) => {
      const inside = path.slice(bench.folder.length + 1);
      const what = basename(path).startsWith('.countersign-') ? 'temporary' : inside || 'root';
      if (['handle.sync', 'link', 'rename', 'unlink'].includes(name)) done.push(`${name} ${what}`);
      return null;
    };
    const files = makeFaulty(
      nodeFileSystem,
      firstOf(watch, (call) => plan(call)),
    );
    bench = makeDisk({ 'a.txt': 'old' }, { files });
    atFailpoints((name) => done.push(name));
  });
  afterEach(() => {
    atFailpoints(null);
    bench.close();
  });

  it('a new file before it gets its name, and then the names of its folders', async () => {
    await bench.disk.create(at('x/y/new'), bytes('new'), '100644', () => {
      done.push('check');
      return Promise.resolve();
    });
    assert.deepEqual(done, [
      'fs.beforeTemp',
      'handle.sync temporary',
      'fs.tempWritten',
      'check',
      'fs.beforeRename',
      'link temporary',
      'unlink temporary',
      'handle.sync x/y',
      'handle.sync x',
      'handle.sync root',
    ]);
  });

  it('a file before it takes the place of another', async () => {
    await bench.disk.replace(at('a.txt'), bytes('new'), fine);
    assert.deepEqual(done.slice(0, 5), [
      'fs.beforeTemp',
      'handle.sync temporary',
      'fs.tempWritten',
      'fs.beforeRename',
      'rename temporary',
    ]);
    assert.equal(done.at(-1), 'handle.sync root');
  });

  it('the new name of a moved file before the old one goes', async () => {
    await bench.disk.move(at('a.txt'), at('x/y/b.txt'), fine);
    assert.deepEqual(done, [
      'fs.beforeRename',
      'link a.txt',
      'handle.sync x/y',
      'handle.sync x',
      'handle.sync root',
      'unlink a.txt',
      'handle.sync root',
    ]);
  });

  it('a copy, and its name, before the old name goes', async () => {
    plan = ({ name }) => (name === 'link' ? { code: 'EPERM', when: 'before' } : null);
    await bench.disk.move(at('a.txt'), at('x/b.txt'), fine);
    assert.deepEqual(done, [
      'fs.beforeRename',
      'link a.txt',
      'fs.beforeTemp',
      'handle.sync temporary',
      'fs.tempWritten',
      'fs.beforeRename',
      'link temporary',
      'handle.sync x/b.txt',
      'unlink temporary',
      'handle.sync x',
      'handle.sync root',
      'unlink a.txt',
      'handle.sync root',
    ]);
  });

  it('what it can, where folders cannot be synced', async () => {
    const isFolder = (path: string): boolean => !/b\.txt$|\.countersign-[^/]*$/u.test(path);
    for (const code of ['EINVAL', 'EPERM', 'ENOTSUP']) {
      plan = ({ name, path }) =>
        name === 'handle.sync' && isFolder(path) ? { code, when: 'before' } : null;
      await bench.disk.create(at('b.txt'), bytes('new'), '100644', fine);
      await bench.disk.move(at('b.txt'), at('x/b.txt'), fine);
      await bench.disk.remove(at('x/b.txt'), fine);
    }
    assert.deepEqual(bench.all(), ['a.txt', 'x']);
  });

  for (const name of ['fs.beforeTemp', 'fs.tempWritten', 'fs.beforeRename']) {
    it(`nothing if it stops at ${name}, and leaves nothing`, async () => {
      atFailpoints((passed) => {
        if (passed === name) throw Object.assign(new Error(name), { code: 'ENOSPC' });
      });
      const words = { code: 'ENOSPC', message: /no space is left on the disk/u };
      await assert.rejects(bench.disk.create(at('x/b'), bytes('new'), '100644', fine), words);
      await assert.rejects(bench.disk.replace(at('a.txt'), bytes('new'), fine), words);
      assert.deepEqual(bench.all(), ['a.txt']);
    });
  }
});
