import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../../src/shared/errors.ts';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import { type Plan, makeFaulty } from '../faults/faulty-files.ts';
import { type DiskBench, bytes, fine, makeDisk } from './support/disk-bench.ts';

const NOBODY = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
const canBecomeNobody = spawnSync('setpriv', [...NOBODY, 'true']).status === 0;

describe('what a file is beside its bytes', () => {
  let bench: DiskBench;
  let plan: Plan;
  const at = (path: string): string => bench.at(path);

  beforeEach(() => {
    plan = () => null;
    const files = makeFaulty(nodeFileSystem, (call) => plan(call));
    bench = makeDisk({ 'a.txt': 'old', 'sub/b.txt': 'b' }, { files });
  });
  afterEach(() => {
    chmodSync(bench.folder, 0o755);
    bench.close();
  });

  describe('facts', () => {
    for (const [mode, facts] of [
      [0o644, '100644'],
      [0o600, '100644'],
      [0o755, '100755'],
      [0o700, '100755'],
      [0o4755, '100755'],
      [0o655, '100644'],
      [0o000, '100644'],
    ] as const) {
      it(`a file of mode ${mode.toString(8)} is ${facts} for git`, async () => {
        chmodSync(at('a.txt'), mode);
        assert.deepEqual(await bench.disk.facts(at('a.txt')), { mode: facts, links: 1 });
      });
    }

    it('FS-25, PATH-07: how many names a file has', async () => {
      linkSync(at('a.txt'), at('twin.txt'));
      linkSync(at('a.txt'), at('sub/third.txt'));
      assert.equal((await bench.disk.facts(at('sub/third.txt')))?.links, 3);
    });

    it('null where there is none; a folder has none', async () => {
      assert.equal(await bench.disk.facts(at('none')), null);
      assert.equal(await bench.disk.facts(at('a.txt/none')), null);
      await assert.rejects(bench.disk.facts(at('sub')), /sub is not a file but a folder/u);
    });
  });

  describe('read-only by its mode', () => {
    const refuses = async (path: string, words: RegExp): Promise<void> => {
      await assert.rejects(bench.disk.refuseReadOnly(at(path)), (error) => {
        assert.ok(error instanceof ToolError);
        assert.match(error.message, words);
        assert.match(error.message, /Ask the user to make it writable\.$/u);
        return true;
      });
    };

    for (const mode of [0o444, 0o555, 0o400, 0o000, 0o4555]) {
      it(`FS-05: a file of mode ${mode.toString(8)} is refused, and keeps it`, async () => {
        chmodSync(at('a.txt'), mode);
        await refuses('a.txt', /^a\.txt cannot be changed: it is read-only \(mode \d{3}\)/u);
        assert.equal(statSync(at('a.txt')).mode & 0o7777, mode);
        assert.deepEqual(bench.all(), ['a.txt', 'sub', 'sub/b.txt']);
      });
    }

    for (const mode of [0o644, 0o600, 0o200, 0o464, 0o446, 0o777]) {
      it(`a file of mode ${mode.toString(8)} is not`, async () => {
        chmodSync(at('a.txt'), mode);
        await bench.disk.refuseReadOnly(at('a.txt'));
      });
    }

    it('FS-05: nor may a folder be, of a file that is there or is to be', async () => {
      chmodSync(at('sub'), 0o555);
      for (const path of ['sub/b.txt', 'sub/new.txt', 'sub/x/y/new.txt']) {
        await refuses(path, /cannot be changed: its folder is read-only \(mode 555\)/u);
      }
      await bench.disk.refuseReadOnly(at('new.txt'));
      await bench.disk.refuseReadOnly(at('x/y/new.txt'));
      chmodSync(bench.folder, 0o500);
      await refuses('x/y/new.txt', /its folder is read-only \(mode 500\)/u);
    });

    it('FS-04: nor what the system says is read-only, whatever the mode', async () => {
      for (const path of ['a.txt', 'new.txt']) {
        plan = ({ name }) => (name === 'access' ? { code: 'EROFS', when: 'before' } : null);
        await assert.rejects(bench.disk.refuseReadOnly(at(path)), {
          name: 'ToolError',
          message: `${path}: the disk is read-only. Make it writable, or use another folder.`,
        });
      }
    });

    if (!canBecomeNobody) return;
    it('FS-05, FS-07: nor what a user without rights may not read or change', () => {
      chmodSync(bench.folder, 0o777);
      chmodSync(at('a.txt'), 0o600);
      chmodSync(at('sub'), 0o755);
      chmodSync(at('sub/b.txt'), 0o644);
      const answers = asAnybody(bench.folder);
      const denied =
        'the system does not permit it. Look at the permissions of the file and of its';
      assert.deepEqual(answers, {
        'read a.txt': `ToolError: a.txt: ${denied} folder, then try again.`,
        'refuseReadOnly a.txt': `ToolError: a.txt: ${denied} folder, then try again.`,
        'refuseReadOnly sub/b.txt': `ToolError: sub/b.txt: ${denied} folder, then try again.`,
        'replace sub/b.txt': `FileError: sub/b.txt: ${denied} folder, then try again.`,
        'create sub/new.txt': `FileError: sub/new.txt: ${denied} folder, then try again.`,
        'remove sub/b.txt': `FileError: sub/b.txt: ${denied} folder, then try again.`,
        'move sub/b.txt': `FileError: sub/b.txt → b.txt: ${denied} folder, then try again.`,
        'read sub/b.txt': 'done',
        'create new.txt': 'done',
      });
      assert.deepEqual(bench.all(), ['a.txt', 'new.txt', 'sub', 'sub/b.txt']);
      assert.equal(readFileSync(at('sub/b.txt'), 'utf8'), 'b');
      assert.equal(statSync(at('a.txt')).mode & 0o7777, 0o600);
    });
  });

  if (process.getuid?.() === 0) {
    describe('its owner', () => {
      beforeEach(() => {
        chownSync(at('a.txt'), 1234, 5678);
        chmodSync(at('a.txt'), 0o4750);
      });

      const ownerOf = (path: string): [owner: number, group: number, mode: number] => {
        const { uid, gid, mode } = statSync(at(path));
        return [uid, gid, mode & 0o7777];
      };

      it('is kept when it is replaced', async () => {
        await bench.disk.replace(at('a.txt'), bytes('new'), fine);
        assert.deepEqual(ownerOf('a.txt'), [1234, 5678, 0o4750]);
      });

      it('is kept when it is moved to another disk', async () => {
        plan = ({ name, path }) =>
          name === 'link' && path === at('a.txt') ? { code: 'EXDEV', when: 'before' } : null;
        await bench.disk.move(at('a.txt'), at('c.txt'), fine);
        assert.deepEqual(ownerOf('c.txt'), [1234, 5678, 0o4750]);
      });

      it('where it cannot be, its group is, and the file runs as nobody else', async () => {
        plan = ({ name, args }) =>
          name === 'handle.chown' && args[0] === 1234 ? { code: 'EPERM', when: 'before' } : null;
        await bench.disk.replace(at('a.txt'), bytes('new'), fine);
        assert.deepEqual(ownerOf('a.txt'), [0, 5678, 0o750]);
        assert.equal(readFileSync(at('a.txt'), 'utf8'), 'new');
      });

      it('and where that cannot be either, the file is written all the same', async () => {
        plan = ({ name }) => (name === 'handle.chown' ? { code: 'EPERM', when: 'before' } : null);
        await bench.disk.replace(at('a.txt'), bytes('new'), fine);
        assert.deepEqual(ownerOf('a.txt'), [0, 0, 0o750]);
      });

      it('nobody else can read the new bytes before they are in their place', async () => {
        const modes = new Set<number>();
        plan = ({ name, path }) => {
          if (name.startsWith('handle.') && path !== bench.folder) {
            modes.add(statSync(path).mode & 0o077);
          }
          return name === 'handle.chmod' ? { code: 'EIO', when: 'before' } : null;
        };
        await assert.rejects(bench.disk.replace(at('a.txt'), bytes('new'), fine), { code: 'EIO' });
        assert.deepEqual([...modes], [0]);
      });
    });
  }
});

/** What the disk answers in a process that owns nothing here. */
function asAnybody(folder: string): unknown {
  const child = [process.execPath, join(import.meta.dirname, 'support', 'disk-child.ts'), folder];
  const { stdout, stderr } = spawnSync('setpriv', [...NOBODY, ...child], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}
