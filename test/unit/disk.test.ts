import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../../src/shared/errors.ts';
import { MAX_FILE_BYTES, createDiskWorkspace } from '../../src/workspace/disk.ts';
import type { Workspace } from '../../src/workspace/port.ts';
import { makeFolder } from '../support/core.ts';

const bytes = (words: string): Uint8Array => new TextEncoder().encode(words);
const fine = (): Promise<void> => Promise.resolve();

describe('the disk', () => {
  let folder: string;
  let trash: Set<string>;
  let disk: Workspace;
  const at = (path: string): string => join(folder, path);
  const all = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

  beforeEach(() => {
    folder = makeFolder({ 'a.txt': 'old', 'sub/b.txt': 'b' });
    trash = new Set();
    disk = createDiskWorkspace({
      folders: () => [{ name: 'p', path: folder }],
      hasUnsavedChanges: () => false,
      moveToTrash: (path) => {
        if (!trash.has(path)) return Promise.resolve(false);
        rmSync(path);
        return Promise.resolve(true);
      },
    });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  describe('replaces', () => {
    it('a file by exactly these bytes', async () => {
      const odd = Uint8Array.of(0, 255, 13, 10, 0xef, 0xbb, 0xbf);
      await disk.replace(at('a.txt'), odd, fine);
      assert.deepEqual(new Uint8Array(readFileSync(at('a.txt'))), odd);
      assert.deepEqual(all(), ['a.txt', 'sub', 'sub/b.txt']);
    });

    for (const mode of [0o755, 0o600, 0o444, 0o777, 0o640]) {
      it(`and keeps the mode ${mode.toString(8)}, whatever the process's mask`, async () => {
        chmodSync(at('a.txt'), mode);
        const before = process.umask(0o077);
        await disk.replace(at('a.txt'), bytes('new'), fine).finally(() => process.umask(before));
        assert.equal(statSync(at('a.txt')).mode & 0o7777, mode);
      });
    }

    it('nothing, and makes a new file and its folders', async () => {
      await disk.replace(at('x/y/z.txt'), bytes('new'), fine);
      assert.equal(readFileSync(at('x/y/z.txt'), 'utf8'), 'new');
      assert.deepEqual(readdirSync(at('x/y')), ['z.txt']);
    });

    it('a file whose name is as long as a name can be', async () => {
      const name = 'n'.repeat(255);
      await disk.replace(at(name), bytes('new'), fine);
      assert.equal(readFileSync(at(name), 'utf8'), 'new');
    });

    it('one name of a file with two; the other keeps its bytes', async () => {
      linkSync(at('a.txt'), at('twin.txt'));
      await disk.replace(at('a.txt'), bytes('new'), fine);
      assert.equal(readFileSync(at('twin.txt'), 'utf8'), 'old');
    });

    it('one after the other or at once: one of them wins whole', async () => {
      const contents = Array.from({ length: 20 }, (_, index) => `${index} `.repeat(5000));
      await Promise.all(contents.map((words) => disk.replace(at('a.txt'), bytes(words), fine)));
      assert.ok(contents.includes(readFileSync(at('a.txt'), 'utf8')));
      assert.deepEqual(all(), ['a.txt', 'sub', 'sub/b.txt']);
    });

    it('several files of one new folder at once', async () => {
      const names = Array.from({ length: 10 }, (_, index) => `new/deep/${index}.txt`);
      await Promise.all(names.map((name) => disk.replace(at(name), bytes(name), fine)));
      for (const name of names) assert.equal(readFileSync(at(name), 'utf8'), name);
    });

    it('the bytes are beside the file, whole, when the check runs', async () => {
      await disk.replace(at('sub/b.txt'), bytes('new'), () => {
        const beside = readdirSync(at('sub')).filter((name) => name !== 'b.txt');
        assert.equal(beside.length, 1);
        assert.equal(readFileSync(at(`sub/${beside[0] ?? ''}`), 'utf8'), 'new');
        assert.equal(readFileSync(at('sub/b.txt'), 'utf8'), 'b');
        return Promise.resolve();
      });
      assert.deepEqual(readdirSync(at('sub')), ['b.txt']);
    });
  });

  describe('leaves everything as it was', () => {
    const stop = (): Promise<void> => Promise.reject(new Error('stopped'));

    it('if the check stops a change', async () => {
      await assert.rejects(disk.replace(at('a.txt'), bytes('new'), stop), /stopped/u);
      assert.equal(readFileSync(at('a.txt'), 'utf8'), 'old');
      assert.deepEqual(all(), ['a.txt', 'sub', 'sub/b.txt']);
    });

    it('if the check stops a new file in new folders', async () => {
      await assert.rejects(disk.replace(at('sub/x/y/z.txt'), bytes('new'), stop), /stopped/u);
      assert.deepEqual(all(), ['a.txt', 'sub', 'sub/b.txt']);
    });

    it('but keeps a folder into which somebody wrote meanwhile', async () => {
      const check = (): Promise<void> => {
        writeFileSync(at('x/theirs.txt'), '');
        return Promise.reject(new Error('stopped'));
      };
      await assert.rejects(disk.replace(at('x/y/z.txt'), bytes('new'), check), /stopped/u);
      assert.deepEqual(all(), ['a.txt', 'sub', 'sub/b.txt', 'x', 'x/theirs.txt']);
    });

    it('if the target turned into a folder', async () => {
      const check = (): Promise<void> => {
        rmSync(at('a.txt'));
        mkdirSync(at('a.txt/inner'), { recursive: true });
        return Promise.resolve();
      };
      await assert.rejects(disk.replace(at('a.txt'), bytes('new'), check));
      assert.deepEqual(all(), ['a.txt', 'a.txt/inner', 'sub', 'sub/b.txt']);
    });

    it('if a folder cannot be made half-way', async () => {
      const path = at(`new/${'n'.repeat(256)}/z.txt`);
      await assert.rejects(disk.replace(path, bytes('new'), fine));
      assert.deepEqual(all(), ['a.txt', 'sub', 'sub/b.txt']);
    });

    it('if a part of the path is a file', async () => {
      await assert.rejects(disk.replace(at('a.txt/x/z.txt'), bytes('new'), fine));
      assert.equal(readFileSync(at('a.txt'), 'utf8'), 'old');
    });

    it('if the check stops a removal', async () => {
      await assert.rejects(disk.remove(at('a.txt'), stop), /stopped/u);
      assert.equal(readFileSync(at('a.txt'), 'utf8'), 'old');
    });
  });

  describe('removes', () => {
    it('a file, to the trash where there is one', async () => {
      trash.add(at('a.txt'));
      await disk.remove(at('a.txt'), fine);
      await disk.remove(at('sub/b.txt'), fine);
      assert.deepEqual(all(), ['sub']);
    });

    it('no folder', async () => {
      await assert.rejects(disk.remove(at('sub'), fine));
      assert.deepEqual(all(), ['a.txt', 'sub', 'sub/b.txt']);
    });
  });

  it('sweeps what a killed replace left of this file, and nothing else', async () => {
    let name = '';
    await disk
      .replace(at('a.txt'), bytes('new'), () => {
        name = readdirSync(folder).find((found) => found.startsWith('.countersign-')) ?? '';
        return Promise.reject(new Error('stopped'));
      })
      .catch(() => undefined);
    assert.notEqual(name, '');
    writeFileSync(at(name), 'half of it');
    writeFileSync(at('.countersign-of-another-file'), '');
    await disk.sweep(at('a.txt'));
    assert.deepEqual(all(), ['.countersign-of-another-file', 'a.txt', 'sub', 'sub/b.txt']);
    await disk.sweep(at('gone/a.txt'));
  });

  describe('reads', () => {
    it('a file, and null where there is none', async () => {
      assert.deepEqual(await disk.read(at('a.txt')), Buffer.from('old'));
      assert.equal(await disk.read(at('none')), null);
      assert.equal(await disk.read(at('none/below')), null);
      assert.equal(await disk.read(at('a.txt/below')), null);
    });

    it('no folder', async () => {
      await assert.rejects(disk.read(at('sub')), (error) => {
        assert.ok(error instanceof ToolError);
        assert.match(error.message, /sub is not a file/u);
        return true;
      });
    });

    it('no pipe, which would wait for ever', async () => {
      assert.equal(spawnSync('mkfifo', [at('pipe')]).status, 0);
      await assert.rejects(disk.read(at('pipe')), /pipe is not a file/u);
    });

    it('a file of the largest size, and none that is larger', async () => {
      writeFileSync(at('big'), '');
      truncateSync(at('big'), MAX_FILE_BYTES);
      assert.equal((await disk.read(at('big')))?.length, MAX_FILE_BYTES);
      truncateSync(at('big'), MAX_FILE_BYTES + 1);
      await assert.rejects(disk.read(at('big')), /too large to read \(10485761 bytes\)/u);
    });
  });
});
