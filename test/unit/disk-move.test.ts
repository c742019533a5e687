import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import { MAX_FILE_BYTES } from '../../src/workspace/limits.ts';
import {
  type FileCall,
  type Plan,
  firstOf,
  makeFaulty,
  recording,
} from '../faults/faulty-files.ts';
import { type DiskBench, bytes, fine, makeDisk, stop } from './support/disk-bench.ts';

const BEFORE = ['a.txt', 'sub', 'sub/b.txt'];
const noLinks: Plan = ({ name }) => (name === 'link' ? { code: 'EPERM', when: 'before' } : null);

/** Runs something right before the first call of this name; the call itself is made. */
const before = (name: string, path: string, run: () => void): Plan => {
  let ran = false;
  return (call) => {
    if (!ran && call.name === name && call.path.endsWith(path)) {
      ran = true;
      run();
    }
    return null;
  };
};

describe('a move', () => {
  let bench: DiskBench;
  let plan: Plan;
  const at = (path: string): string => bench.at(path);
  const text = (path: string): string => readFileSync(at(path), 'utf8');
  const move = (from: string, to: string, check = fine): Promise<void> =>
    bench.disk.move(at(from), at(to), check);

  beforeEach(() => {
    plan = () => null;
    const files = makeFaulty(nodeFileSystem, (call) => plan(call));
    bench = makeDisk({ 'a.txt': 'old', 'sub/b.txt': 'b' }, { files });
  });
  afterEach(() => {
    bench.close();
  });

  for (const [where, always] of [
    ['where there are links', (): null => null],
    ['where there are none', noLinks],
  ] as const) {
    describe(where, () => {
      beforeEach(() => {
        plan = always;
      });

      for (const mode of [0o644, 0o755, 0o600, 0o444, 0o4755]) {
        it(`gives a file another name, with its bytes and mode ${mode.toString(8)}`, async () => {
          const odd = Uint8Array.of(0, 255, 13, 10, 0xef, 0xbb, 0xbf);
          writeFileSync(at('a.txt'), odd);
          chmodSync(at('a.txt'), mode);
          await move('a.txt', 'x/y/c.txt');
          assert.deepEqual(new Uint8Array(readFileSync(at('x/y/c.txt'))), odd);
          assert.equal(statSync(at('x/y/c.txt')).mode & 0o7777, mode);
          assert.equal(statSync(at('x/y/c.txt')).nlink, 1);
          assert.deepEqual(bench.all(), ['sub', 'sub/b.txt', 'x', 'x/y', 'x/y/c.txt']);
        });
      }

      it('PATH-22: to no name that something has', async () => {
        mkdirSync(at('folder'));
        symlinkSync(at('nowhere'), at('broken-link'));
        const refused = { code: 'EEXIST', message: /nothing was overwritten/u };
        for (const to of ['sub/b.txt', 'folder', 'broken-link', 'a.txt']) {
          await assert.rejects(move('a.txt', to), refused);
        }
        linkSync(at('a.txt'), at('twin.txt'));
        await assert.rejects(move('a.txt', 'twin.txt'), refused);
        assert.deepEqual([text('a.txt'), text('sub/b.txt')], ['old', 'b']);
        assert.deepEqual(bench.all(), [
          'a.txt',
          'broken-link',
          'folder',
          ...BEFORE.slice(1),
          'twin.txt',
        ]);
      });

      it('PATH-22: to no name that something got after the check', async () => {
        const race = (): Promise<void> => {
          writeFileSync(at('x/c.txt'), 'theirs');
          return Promise.resolve();
        };
        await assert.rejects(move('a.txt', 'x/c.txt', race), { code: 'EEXIST' });
        assert.deepEqual([text('a.txt'), text('x/c.txt')], ['old', 'theirs']);
        assert.deepEqual(bench.all(), [...BEFORE, 'x', 'x/c.txt']);
      });

      it('changes nothing if the check stops it', async () => {
        await assert.rejects(move('a.txt', 'x/y/c.txt', stop), /^Error: stopped$/u);
        assert.deepEqual(bench.all(), BEFORE);
      });

      it('FS-23: of no folder, and of nothing that is not there', async () => {
        await assert.rejects(move('sub', 'x/sub'), /sub is not a file but a folder/u);
        await assert.rejects(move('none', 'x/none'), { code: 'ENOENT' });
        await assert.rejects(move('a.txt/none', 'x/none'), { code: 'ENOENT' });
        assert.deepEqual(bench.all(), BEFORE);
      });

      it('FS-28: out of no workspace folder that is gone', async () => {
        rmSync(bench.folder, { recursive: true });
        await assert.rejects(move('a.txt', 'c.txt'), { code: 'ENOENT' });
        assert.equal(existsSync(bench.folder), false);
      });

      it('takes back the new name if another program put a new file in the old place', async () => {
        let looks = 0;
        plan = firstOf(always, ({ name, path }) => {
          if (name !== 'lstat' || path !== at('a.txt') || !existsSync(at('c.txt'))) return null;
          if (looks++ > 0) return null;
          writeFileSync(at('saved'), 'theirs');
          renameSync(at('saved'), at('a.txt'));
          return null;
        });
        await assert.rejects(move('a.txt', 'c.txt'), { message: /the file is in use/u });
        assert.equal(text('a.txt'), 'theirs');
        assert.deepEqual(bench.all(), BEFORE);
      });

      it('leaves another file alone that took the new name', async () => {
        plan = firstOf(always, ({ name, path }) => {
          if (name !== 'unlink' || path !== at('a.txt')) return null;
          writeFileSync(at('saved'), 'theirs');
          renameSync(at('saved'), at('c.txt'));
          return { code: 'EACCES', when: 'before' };
        });
        await assert.rejects(move('a.txt', 'c.txt'), { code: 'EACCES' });
        assert.deepEqual([text('a.txt'), text('c.txt')], ['old', 'theirs']);
      });
    });
  }

  it('FS-22: by copying, never loses what is written into the old file meanwhile', async () => {
    plan = firstOf(
      noLinks,
      before('handle.close', 'c.txt', () => {
        writeFileSync(at('a.txt'), 'theirs');
      }),
    );
    await assert.rejects(move('a.txt', 'c.txt'), { message: /the file is in use/u });
    assert.equal(text('a.txt'), 'theirs');
    assert.deepEqual(bench.all(), BEFORE);
  });

  it('FS-22: by copying, reads again what it wrote, under both names that it gets', async () => {
    for (const temporary of [true, false]) {
      plan = firstOf(noLinks, (call) => {
        const isTemporary = basename(call.path).startsWith('.countersign-');
        const spoilt = call.name === 'handle.write' && isTemporary === temporary;
        if (spoilt) call.args[0] = bytes('bad');
        return null;
      });
      await assert.rejects(move('a.txt', 'c.txt'), { message: /the disk reported an error/u });
      assert.equal(text('a.txt'), 'old');
      assert.deepEqual(bench.all(), BEFORE);
    }
  });

  it('FS-22: by copying, checks again once the copy is there', async () => {
    plan = noLinks;
    let checks = 0;
    const check = (): Promise<void> => (checks++ === 0 ? fine() : stop());
    await assert.rejects(move('a.txt', 'x/c.txt', check), /^Error: stopped$/u);
    assert.equal(checks, 2);
    assert.deepEqual(bench.all(), BEFORE);
  });

  it('FS-22: by copying, moves a file of the largest size, and none that is larger', async () => {
    plan = noLinks;
    writeFileSync(at('a.txt'), Buffer.alloc(MAX_FILE_BYTES, 'x'));
    await move('a.txt', 'c.txt');
    assert.equal(statSync(at('c.txt')).size, MAX_FILE_BYTES);
    writeFileSync(at('a.txt'), Buffer.alloc(MAX_FILE_BYTES + 1, 'x'));
    await assert.rejects(move('a.txt', 'd.txt'), { message: /too large/u });
    assert.deepEqual(bench.all(), ['a.txt', 'c.txt', 'sub', 'sub/b.txt']);
  });

  it('of a file of any size needs no copy on one disk', async () => {
    const calls: FileCall[] = [];
    plan = recording(calls);
    writeFileSync(at('a.txt'), Buffer.alloc(MAX_FILE_BYTES + 1, 'x'));
    await move('a.txt', 'c.txt');
    assert.equal(statSync(at('c.txt')).size, MAX_FILE_BYTES + 1);
    assert.deepEqual(
      calls.filter(({ name }) => /read|write|rename/u.test(name)),
      [],
    );
  });

  for (const [where, code] of [
    ['where there are links', 'EEXIST'],
    ['where there are none', 'EPERM'],
  ] as const) {
    it(`FS-26: changes the case of a name where case does not count, ${where}`, async () => {
      const found = (path: unknown): string | undefined =>
        bench.all().find((name) => at(name).toLowerCase() === String(path).toLowerCase());
      plan = (call) => {
        const taken = found(call.path);
        if (call.name === 'lstat' && taken !== undefined) call.args[0] = at(taken);
        if (call.name === 'link' && found(call.args[1]) !== undefined)
          return { code, when: 'before' };
        const isNew = call.name === 'open' && call.args[1] === 'wx';
        return isNew && taken !== undefined ? { code: 'EEXIST', when: 'before' } : null;
      };
      await move('a.txt', 'A.txt');
      assert.deepEqual(bench.all(), ['A.txt', 'sub', 'sub/b.txt']);
      assert.equal(text('A.txt'), 'old');
      writeFileSync(at('c.txt'), 'c');
      await assert.rejects(move('A.txt', 'C.txt'), { code: 'EEXIST' });
      await assert.rejects(bench.disk.create(at('C.txt'), bytes('new'), '100644', fine), {
        code: 'EEXIST',
      });
      assert.deepEqual([text('A.txt'), text('c.txt')], ['old', 'c']);
    });
  }

  const elsewhere = ['/dev/shm', dirname(tmpdir())].find(
    (place) => existsSync(place) && statSync(place).dev !== statSync(tmpdir()).dev,
  );
  if (elsewhere !== undefined) {
    it('FS-22: across real devices', async () => {
      const other = makeDisk({}, { parent: elsewhere });
      chmodSync(at('a.txt'), 0o640);
      await bench.disk.move(at('a.txt'), other.at('x/a.txt'), fine);
      assert.equal(readFileSync(other.at('x/a.txt'), 'utf8'), 'old');
      assert.equal(statSync(other.at('x/a.txt')).mode & 0o7777, 0o640);
      assert.deepEqual(bench.all(), ['sub', 'sub/b.txt']);
      await assert.rejects(bench.disk.move(at('sub/b.txt'), other.at('x/a.txt'), fine), {
        code: 'EEXIST',
      });
      await assert.rejects(bench.disk.move(at('sub/b.txt'), other.at('y/b.txt'), stop), /stopped/u);
      await bench.disk.move(other.at('x/a.txt'), at('back/a.txt'), fine);
      assert.equal(text('back/a.txt'), 'old');
      assert.deepEqual(other.all(), ['x']);
      other.close();
    });
  }
});
