import assert from 'node:assert/strict';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type DiskBench, bytes, fine, makeDisk, stop } from './support/disk-bench.ts';

const BEFORE = ['a.txt', 'sub', 'sub/b.txt'];

describe('the disk', () => {
  let bench: DiskBench;
  const at = (path: string): string => bench.at(path);
  const text = (path: string): string => readFileSync(at(path), 'utf8');
  const replace = (path: string, words: string | Uint8Array, check = fine): Promise<void> =>
    bench.disk.replace(at(path), typeof words === 'string' ? bytes(words) : words, check);
  const create = (path: string, words: string, check = fine): Promise<void> =>
    bench.disk.create(at(path), bytes(words), '100644', check);

  beforeEach(() => {
    bench = makeDisk({ 'a.txt': 'old', 'sub/b.txt': 'b' });
  });
  afterEach(() => {
    bench.close();
  });

  describe('replaces', () => {
    it('a file by exactly these bytes', async () => {
      const odd = Uint8Array.of(0, 255, 13, 10, 0xef, 0xbb, 0xbf);
      await replace('a.txt', odd);
      assert.deepEqual(new Uint8Array(readFileSync(at('a.txt'))), odd);
      assert.deepEqual(bench.all(), BEFORE);
    });

    for (const mode of [0o755, 0o600, 0o444, 0o777, 0o640, 0o4755, 0o2750, 0o000]) {
      it(`and keeps the mode ${mode.toString(8)}, whatever the process's mask`, async () => {
        chmodSync(at('a.txt'), mode);
        const before = process.umask(0o077);
        await replace('a.txt', 'new').finally(() => process.umask(before));
        assert.equal(statSync(at('a.txt')).mode & 0o7777, mode);
        assert.equal(text('a.txt'), 'new');
      });
    }

    it('a file whose name is as long as a name can be', async () => {
      const name = 'n'.repeat(255);
      writeFileSync(at(name), 'old');
      await replace(name, 'new');
      assert.equal(text(name), 'new');
    });

    it('PATH-07, FS-25: one name of a file with two; the other keeps its bytes', async () => {
      linkSync(at('a.txt'), at('twin.txt'));
      await replace('a.txt', 'new');
      assert.equal(text('a.txt'), 'new');
      assert.equal(text('twin.txt'), 'old');
      assert.equal(statSync(at('twin.txt')).nlink, 1);
    });

    it('PATH-07, FS-25: nor through the editor, which would write into both', async () => {
      linkSync(at('a.txt'), at('twin.txt'));
      bench.editor.open(at('a.txt'));
      await replace('a.txt', 'new');
      assert.equal(text('a.txt'), 'new');
      assert.equal(text('twin.txt'), 'old');
    });

    it('one after the other or at once: one of them wins whole', async () => {
      const contents = Array.from({ length: 20 }, (_, index) => `${index} `.repeat(5000));
      await Promise.all(contents.map((words) => replace('a.txt', words)));
      assert.ok(contents.includes(text('a.txt')));
      assert.deepEqual(bench.all(), BEFORE);
    });

    it('the bytes are beside the file, whole, when the check runs', async () => {
      await replace('sub/b.txt', 'new', () => {
        const beside = readdirSync(at('sub')).filter((name) => name !== 'b.txt');
        assert.equal(beside.length, 1);
        assert.equal(text(`sub/${beside[0] ?? ''}`), 'new');
        assert.equal(text('sub/b.txt'), 'b');
        return Promise.resolve();
      });
      assert.deepEqual(readdirSync(at('sub')), ['b.txt']);
    });

    it('PATH-08: not where a link leads that took the place of the file meanwhile', async () => {
      const swap = (): Promise<void> => {
        rmSync(at('a.txt'));
        symlinkSync(at('sub/b.txt'), at('a.txt'));
        return Promise.resolve();
      };
      await replace('a.txt', 'new', swap);
      assert.equal(text('sub/b.txt'), 'b');
      symlinkSync(at('sub/b.txt'), at('link'));
      await assert.rejects(replace('link', 'new'), /link is not a file but a link/u);
      assert.equal(text('sub/b.txt'), 'b');
    });

    it('FS-10: nothing that is gone', async () => {
      rmSync(at('a.txt'));
      await assert.rejects(replace('a.txt', 'new'), {
        code: 'ENOENT',
        message: /^a\.txt: the file/u,
      });
      await assert.rejects(replace('x/y/z.txt', 'new'), { code: 'ENOENT' });
      assert.deepEqual(bench.all(), ['sub', 'sub/b.txt']);
    });
  });

  describe('creates', () => {
    it('a file and its folders', async () => {
      await create('x/y/z.txt', 'new');
      assert.equal(text('x/y/z.txt'), 'new');
      assert.deepEqual(bench.all(), [...BEFORE, 'x', 'x/y', 'x/y/z.txt']);
      assert.equal(statSync(at('x/y/z.txt')).nlink, 1);
    });

    it('an empty file, and one of ten megabytes', async () => {
      await create('empty', '');
      await create('big', 'x'.repeat(10 * 1024 * 1024));
      assert.equal(text('empty'), '');
      assert.equal(text('big').length, 10 * 1024 * 1024);
    });

    for (const [mode, made] of [
      ['100644', 0o666],
      ['100755', 0o777],
    ] as const) {
      for (const mask of [0o000, 0o022, 0o077]) {
        it(`one of mode ${mode} under the mask ${mask.toString(8)}`, async () => {
          const before = process.umask(mask);
          await bench.disk
            .create(at('new'), bytes('x'), mode, fine)
            .finally(() => process.umask(before));
          assert.equal(statSync(at('new')).mode & 0o7777, made & ~mask);
        });
      }
    }

    it('several files of one new folder at once', async () => {
      const names = Array.from({ length: 10 }, (_, index) => `new/deep/${index}.txt`);
      await Promise.all(names.map((name) => create(name, name)));
      for (const name of names) assert.equal(text(name), name);
    });

    it('PATH-22: nothing where there is something', async () => {
      mkdirSync(at('folder'));
      symlinkSync(at('nowhere'), at('broken-link'));
      for (const path of ['a.txt', 'sub/b.txt', 'folder', 'broken-link']) {
        await assert.rejects(create(path, 'new'), { code: 'EEXIST', message: /nothing was over/u });
      }
      assert.equal(text('a.txt'), 'old');
      assert.deepEqual(bench.all(), ['a.txt', 'broken-link', 'folder', 'sub', 'sub/b.txt']);
    });

    it('PATH-22: nothing over what appeared after the check', async () => {
      const race = (): Promise<void> => {
        writeFileSync(at('x/new.txt'), 'theirs');
        return Promise.resolve();
      };
      await assert.rejects(create('x/new.txt', 'ours', race), { code: 'EEXIST' });
      assert.equal(text('x/new.txt'), 'theirs');
      assert.deepEqual(bench.all(), [...BEFORE, 'x', 'x/new.txt']);
    });

    it('PATH-22: one of many that want the same name', async () => {
      const words = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(1000));
      const ended = await Promise.allSettled(words.map((one) => create('new.txt', one)));
      const winners = ended.flatMap(({ status }, index) => (status === 'fulfilled' ? index : []));
      assert.equal(winners.length, 1);
      assert.equal(text('new.txt'), words[winners[0] ?? -1]);
      assert.deepEqual(bench.all(), ['a.txt', 'new.txt', 'sub', 'sub/b.txt']);
    });

    it('FS-28: nothing in a workspace folder that is gone', async () => {
      rmSync(bench.folder, { recursive: true });
      await assert.rejects(create('new.txt', 'new'), { code: 'ENOENT' });
      await assert.rejects(create('x/new.txt', 'new'), { code: 'ENOENT' });
      assert.throws(() => statSync(bench.folder), { code: 'ENOENT' });
    });
  });

  describe('leaves everything as it was', () => {
    it('if the check stops a change, a new file in new folders, a removal', async () => {
      await assert.rejects(replace('a.txt', 'new', stop), /^Error: stopped$/u);
      await assert.rejects(create('sub/x/y/z.txt', 'new', stop), /^Error: stopped$/u);
      await assert.rejects(bench.disk.remove(at('a.txt'), stop), /^Error: stopped$/u);
      assert.equal(text('a.txt'), 'old');
      assert.deepEqual(bench.all(), BEFORE);
    });

    it('but keeps a folder into which somebody wrote meanwhile', async () => {
      const check = (): Promise<void> => {
        writeFileSync(at('x/theirs.txt'), '');
        return Promise.reject(new Error('stopped'));
      };
      await assert.rejects(create('x/y/z.txt', 'new', check), /stopped/u);
      assert.deepEqual(bench.all(), [...BEFORE, 'x', 'x/theirs.txt']);
    });

    it('if the target turned into a folder', async () => {
      const check = (): Promise<void> => {
        rmSync(at('a.txt'));
        mkdirSync(at('a.txt/inner'), { recursive: true });
        return Promise.resolve();
      };
      await assert.rejects(replace('a.txt', 'new', check), { message: /^a\.txt: / });
      assert.deepEqual(bench.all(), ['a.txt', 'a.txt/inner', 'sub', 'sub/b.txt']);
    });

    it('PATH-25: if a folder cannot be made half-way', async () => {
      const path = `new/${'n'.repeat(256)}/z.txt`;
      await assert.rejects(create(path, 'new'), { message: /the name is too long/u });
      await assert.rejects(create('n'.repeat(256), 'new'), { message: /the name is too long/u });
      assert.deepEqual(bench.all(), BEFORE);
    });

    it('if a part of the path is a file', async () => {
      await assert.rejects(create('a.txt/x/z.txt', 'new'), { message: /a part of the path/u });
      await assert.rejects(create('a.txt/z.txt', 'new'), { message: /a part of the path/u });
      assert.equal(text('a.txt'), 'old');
      assert.deepEqual(bench.all(), BEFORE);
    });
  });

  describe('removes', () => {
    it('FS-20: a file, to the trash where there is one', async () => {
      const trash = makeDisk({});
      bench.editor.trash = trash.folder;
      await bench.disk.remove(at('a.txt'), fine);
      assert.equal(readFileSync(trash.at('a.txt'), 'utf8'), 'old');
      bench.editor.trash = null;
      await bench.disk.remove(at('sub/b.txt'), fine);
      assert.deepEqual(bench.all(), ['sub']);
      assert.deepEqual(trash.all(), ['a.txt']);
      trash.close();
    });

    it('no folder, to the trash neither, and nothing that is not there', async () => {
      const trash = makeDisk({});
      for (const place of [null, trash.folder]) {
        bench.editor.trash = place;
        await assert.rejects(bench.disk.remove(at('sub'), fine), /sub is not a file but a folder/u);
        await assert.rejects(bench.disk.remove(at('none'), fine), { code: 'ENOENT' });
      }
      assert.deepEqual([...bench.all(), ...trash.all()], BEFORE);
      trash.close();
    });

    it('folders that nothing is in, up to the root, which stays', async () => {
      mkdirSync(at('x/y/z'), { recursive: true });
      mkdirSync(at('sub/c/d'), { recursive: true });
      await bench.disk.removeEmptyFolders(at('x/y/z'), bench.folder);
      await bench.disk.removeEmptyFolders(at('sub/c/d'), bench.folder);
      assert.deepEqual(bench.all(), BEFORE);
      rmSync(at('a.txt'));
      rmSync(at('sub/b.txt'));
      await bench.disk.removeEmptyFolders(at('sub/gone'), bench.folder);
      await bench.disk.removeEmptyFolders(bench.folder, bench.folder);
      assert.deepEqual(bench.all(), []);
      assert.ok(statSync(bench.folder).isDirectory());
    });

    it('no folder outside the root, and no file in the place of a folder', async () => {
      mkdirSync(at('x/y'), { recursive: true });
      await bench.disk.removeEmptyFolders(at('x/y'), at('sub'));
      await bench.disk.removeEmptyFolders(at('a.txt'), bench.folder);
      assert.deepEqual(bench.all(), [...BEFORE, 'x', 'x/y']);
    });
  });

  it('sweeps what a killed change left of this file, and nothing else', async () => {
    let name = '';
    await replace('a.txt', 'new', () => {
      name = readdirSync(bench.folder).find((found) => found.startsWith('.countersign-')) ?? '';
      return stop();
    }).catch(() => undefined);
    assert.notEqual(name, '');
    writeFileSync(at(name), 'half of it');
    writeFileSync(at('.countersign-of-another-file'), '');
    await bench.disk.sweep(at('a.txt'));
    assert.deepEqual(bench.all(), ['.countersign-of-another-file', ...BEFORE]);
    await bench.disk.sweep(at('gone/a.txt'));
  });
});
