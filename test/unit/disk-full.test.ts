import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileError, explainFileError, systemError } from '../../src/workspace/file-errors.ts';
import { type DiskBench, fine, makeDisk } from './support/disk-bench.ts';

describe('errors of files in words', () => {
  it('name the file, the cause and the next step', () => {
    assert.equal(
      explainFileError(systemError('ENOSPC'), 'src/a.ts', 614_400),
      'src/a.ts: no space is left on the disk; 614400 bytes are needed. Free some space there, then try again.',
    );
    assert.equal(
      explainFileError(systemError('EBUSY'), 'src/a.ts', 614_400),
      'src/a.ts: the file is in use. Close the program that uses it, then try again.',
    );
  });

  it('name what the system answered, if there are no words for it', () => {
    for (const code of ['EXYZ', 'EPIPE', 'constructor', 'toString', '__proto__']) {
      const said = explainFileError(systemError(code), 'a.txt');
      assert.equal(said.includes(code), true);
      assert.equal(said.startsWith('a.txt: '), code.startsWith('E'));
    }
  });

  it('let any other error speak for itself, and no error twice', () => {
    assert.equal(explainFileError(new Error('stale'), 'a.txt'), 'stale');
    assert.equal(explainFileError('a word', 'a.txt'), 'a word');
    const once = new FileError(systemError('EIO'), 'a.txt');
    assert.equal(explainFileError(once, 'b.txt'), once.message);
    assert.equal(once.code, 'EIO');
  });
});

const mountPoint = mkdtempSync(join(tmpdir(), 'countersign-full-'));
const mount = (): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', mountPoint]).status === 0;
const unmount = (): boolean => spawnSync('umount', [mountPoint]).status === 0;
const canMount = mount() && unmount();
rmdirSync(mountPoint);

if (canMount) {
  describe('a disk of 600 kB', () => {
    let bench: DiskBench;
    const full = (size: number): object => ({
      code: 'ENOSPC',
      message: new RegExp(`: no space is left on the disk; ${size} bytes are needed`, 'u'),
    });

    before(() => {
      mkdirSync(mountPoint);
      assert.ok(mount());
    });
    beforeEach(() => {
      bench = makeDisk({ 'a.txt': 'x'.repeat(300_000) }, { parent: mountPoint });
    });
    afterEach(() => {
      bench.close();
    });
    after(() => {
      assert.ok(unmount());
      rmdirSync(mountPoint);
    });

    it('FS-01: keeps a file whole for which there is no room', async () => {
      const next = Buffer.alloc(614_400, 'y');
      await assert.rejects(bench.disk.replace(bench.at('a.txt'), next, fine), full(614_400));
      assert.equal(readFileSync(bench.at('a.txt'), 'utf8'), 'x'.repeat(300_000));
      assert.deepEqual(bench.all(), ['a.txt']);
    });

    it('FS-01: makes no file for which there is no room, nor its folders', async () => {
      const next = Buffer.alloc(400_000, 'y');
      const create = bench.disk.create(bench.at('x/y/new'), next, '100644', fine);
      await assert.rejects(create, full(400_000));
      assert.deepEqual(bench.all(), ['a.txt']);
    });

    it('FS-01, FS-22: moves no file to it for which there is no room', async () => {
      const other = makeDisk({ 'b.txt': 'y'.repeat(400_000) });
      const move = bench.disk.move(other.at('b.txt'), bench.at('x/b.txt'), fine);
      await assert.rejects(move, full(400_000));
      assert.deepEqual([bench.all(), other.all()], [['a.txt'], ['b.txt']]);
      assert.equal(readFileSync(other.at('b.txt'), 'utf8').length, 400_000);
      other.close();
    });

    it('FS-01: takes a file for which there is room again', async () => {
      writeFileSync(bench.at('b.txt'), 'x'.repeat(250_000));
      const next = Buffer.alloc(200_000, 'y');
      await assert.rejects(bench.disk.replace(bench.at('a.txt'), next, fine), full(200_000));
      await bench.disk.remove(bench.at('b.txt'), fine);
      await bench.disk.replace(bench.at('a.txt'), next, fine);
      assert.equal(readFileSync(bench.at('a.txt')).length, 200_000);
    });
  });
}
