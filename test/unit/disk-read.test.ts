import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { ToolError } from '../../src/shared/errors.ts';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import { MAX_FILE_BYTES } from '../../src/workspace/limits.ts';
import { type FileCall, type Plan, atCall, makeFaulty } from '../faults/faulty-files.ts';
import { type DiskBench, bytes, makeDisk } from './support/disk-bench.ts';

describe('reading', () => {
  let bench: DiskBench;
  let plan: Plan;
  let calls: FileCall[];
  const at = (path: string): string => bench.at(path);

  beforeEach(() => {
    plan = () => null;
    calls = [];
    const files = makeFaulty(nodeFileSystem, (call) => {
      calls.push(call);
      return plan(call);
    });
    bench = makeDisk({ 'a.txt': 'old', 'sub/b.txt': 'b' }, { files });
  });
  afterEach(() => {
    bench.close();
  });

  /** Both ways to read refuse, in words for the model, at once. */
  const refuses = async (path: string, words: RegExp): Promise<void> => {
    for (const way of ['read', 'readDisk'] as const) {
      const start = performance.now();
      await assert.rejects(bench.disk[way](path), (error) => {
        assert.ok(error instanceof ToolError);
        assert.match(error.message, words);
        assert.match(error.message, /\. [A-Z][^.]+\.$/u, 'there is a next step');
        return true;
      });
      assert.ok(performance.now() - start < 1000);
    }
  };

  it('answers the bytes of a file, and null where there is none', async () => {
    const odd = Uint8Array.of(0, 255, 13, 10, 0xef, 0xbb, 0xbf);
    writeFileSync(at('odd'), odd);
    writeFileSync(at('empty'), '');
    assert.deepEqual(await bench.disk.readDisk(at('odd')), Buffer.from(odd));
    assert.deepEqual(await bench.disk.readDisk(at('empty')), Buffer.alloc(0));
    assert.equal(await bench.disk.readDisk(at('none')), null);
    assert.equal(await bench.disk.readDisk(at('none/below')), null);
    assert.equal(await bench.disk.readDisk(at('a.txt/below')), null);
  });

  it('refuses a folder and a link', async () => {
    symlinkSync(at('a.txt'), at('link'));
    symlinkSync(at('nowhere'), at('broken'));
    await refuses(at('sub'), /^sub is not a file but a folder/u);
    await refuses(at('link'), /^link is not a file but a link/u);
    await refuses(at('broken'), /^broken is not a file but a link/u);
  });

  it('PATH-17: refuses a pipe, whoever is at its other end', async () => {
    assert.equal(spawnSync('mkfifo', [at('sub/pipe')]).status, 0);
    await refuses(at('sub/pipe'), /^sub\/pipe is not a file but a pipe/u);
    assert.deepEqual(
      calls.filter(({ name }) => name === 'open'),
      [],
    );
  });

  it('PATH-17: refuses a socket', async () => {
    const server = createServer().listen(at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    await refuses(at('socket'), /^socket is not a file but a socket/u);
    server.close();
  });

  for (const path of ['/dev/zero', '/dev/null', '/dev/tty', '/dev/random']) {
    if (!existsSync(path)) continue;
    it(`PATH-17: refuses ${path}`, async () => {
      await refuses(path, /is not a file but a device/u);
    });
  }

  for (const path of ['/proc/self/environ', '/proc/self/maps', '/proc/kmsg', '/proc/self/mem']) {
    if (!existsSync(path)) continue;
    it(`PATH-17: refuses ${path}, which the system makes up`, async () => {
      await refuses(path, new RegExp(`^${path}( has content though its size is 0|: )`, 'u'));
    });
  }

  for (const [what, put, words] of [
    ['pipe', ['mkfifo'], /not a file but a pipe/u],
    ['link to a file', ['ln', '-s', 'sub/b.txt'], /it is a link, which is not followed/u],
    ['link to a device', ['ln', '-s', '/dev/zero'], /it is a link, which is not followed/u],
    ['folder', ['mkdir'], /not a file but a folder/u],
  ] as const) {
    it(`PATH-17: refuses a ${what} that takes the place of a file at the last moment`, async () => {
      plan = ({ name }) => {
        if (name !== 'open') return null;
        rmSync(at('a.txt'), { recursive: true });
        const [command, ...args] = put;
        assert.equal(spawnSync(command, [...args, at('a.txt')]).status, 0);
        return null;
      };
      const start = performance.now();
      await assert.rejects(bench.disk.read(at('a.txt')), words);
      assert.ok(performance.now() - start < 1000);
    });
  }

  it('answers null for a file that goes at the last moment', async () => {
    plan = ({ name }) => {
      if (name === 'open') rmSync(at('a.txt'));
      return null;
    };
    assert.equal(await bench.disk.read(at('a.txt')), null);
  });

  it('ENC-10: refuses what is larger than the limit without reading it, and names both', async () => {
    writeFileSync(at('big'), '');
    truncateSync(at('big'), MAX_FILE_BYTES);
    assert.equal((await bench.disk.read(at('big')))?.length, MAX_FILE_BYTES);
    calls = [];
    for (const size of [MAX_FILE_BYTES + 1, 100 * 1024 * 1024, 2 ** 40]) {
      truncateSync(at('big'), size);
      await refuses(
        at('big'),
        new RegExp(
          `^big is too large to read \\(${size} bytes; the limit is 10485760 bytes\\)`,
          'u',
        ),
      );
    }
    assert.deepEqual(
      calls.filter(({ name }) => name === 'handle.read'),
      [],
    );
  });

  it('ENC-10, FS-07: refuses a file that gets too large, or shut, at the last moment', async () => {
    for (const [change, words] of [
      [
        () => {
          truncateSync(at('a.txt'), MAX_FILE_BYTES + 1);
        },
        /too large to read \(10485761 bytes/u,
      ],
      [
        () => {
          chmodSync(at('a.txt'), 0o200);
        },
        /may not be read: its mode \(200\)/u,
      ],
    ] as const) {
      writeFileSync(at('a.txt'), 'old');
      plan = ({ name }) => {
        if (name === 'open') change();
        return null;
      };
      await assert.rejects(bench.disk.read(at('a.txt')), words);
    }
    assert.deepEqual(
      calls.filter(({ name }) => name === 'handle.read'),
      [],
    );
  });

  it('ENC-13: answers what it read of a file that grows meanwhile', async () => {
    let reads = 0;
    plan = ({ name }) => {
      if (name === 'handle.read' && reads++ < 3) appendFileSync(at('a.txt'), `+${reads}`);
      return null;
    };
    const read = (await bench.disk.read(at('a.txt'))) ?? Buffer.alloc(0);
    const whole = readFileSync(at('a.txt'), 'utf8');
    const text = Buffer.from(read).toString();
    assert.ok(text.startsWith('old') && whole.startsWith(text), text);
  });

  it('ENC-13: stops somewhere in a file that grows without end', async () => {
    for (const more of ['x', 'x'.repeat(1024 * 1024)]) {
      plan = ({ name }) => {
        if (name === 'handle.read') appendFileSync(at('a.txt'), more);
        return null;
      };
      calls = [];
      const read = (await bench.disk.read(at('a.txt'))) ?? Buffer.alloc(0);
      const whole = readFileSync(at('a.txt'));
      assert.ok(read.length >= 3 && whole.subarray(0, read.length).equals(read));
      assert.ok(calls.length < 100, `${calls.length} calls`);
      plan = () => null;
    }
  });

  it('ENC-13: refuses a file that grows past the limit while it is read', async () => {
    truncateSync(at('a.txt'), MAX_FILE_BYTES);
    plan = ({ name }) => {
      if (name === 'handle.read') appendFileSync(at('a.txt'), 'x'.repeat(1000));
      return null;
    };
    await assert.rejects(bench.disk.read(at('a.txt')), /too large to read \(10485761 bytes/u);
  });

  it('ENC-13: refuses a file that was empty and is being written', async () => {
    writeFileSync(at('log'), '');
    plan = ({ name }) => {
      if (name === 'handle.read') appendFileSync(at('log'), 'line\n');
      return null;
    };
    await assert.rejects(
      bench.disk.read(at('log')),
      /^ToolError: log has content though its size/u,
    );
  });

  for (const mode of [0o000, 0o200, 0o333]) {
    it(`FS-07: refuses a file of mode ${mode.toString(8)}, root or not, and looks once`, async () => {
      chmodSync(at('a.txt'), mode);
      await refuses(at('a.txt'), /^a\.txt may not be read: its mode \(\d{3}\) lets nobody/u);
      assert.equal(calls.length, 2);
    });
  }

  it('FS-04: says in words what the system answers, whichever call it is', async () => {
    for (const [code, words] of [
      ['EIO', 'the disk reported an error'],
      ['EACCES', 'the system does not permit it'],
      ['EMFILE', 'too many files are open'],
      ['EINTR', 'the system broke the operation off'],
    ] as const) {
      for (let number = 1; ; number++) {
        calls = [];
        let made = 0;
        plan = (call) => atCall(number, { code, when: 'before' })({ ...call, number: ++made });
        const ended = await bench.disk.read(at('a.txt')).catch((error: unknown) => error);
        if (calls.length < number) break;
        // What was read is right, even if the file then cannot be closed.
        if (calls[number - 1]?.name === 'handle.close') {
          assert.deepEqual(ended, Buffer.from('old'));
          continue;
        }
        assert.ok(ended instanceof ToolError);
        assert.ok(ended.message.startsWith(`a.txt: ${words}. `), ended.message);
      }
    }
  });

  it('changes nothing, not even the time of the last change', async () => {
    const before = bench.all();
    await bench.disk.read(at('a.txt'));
    await bench.disk.facts(at('a.txt'));
    await bench.disk.refuseReadOnly(at('a.txt'));
    await bench.disk.refuseReadOnly(at('x/y/none'));
    assert.deepEqual(bench.all(), before);
    assert.deepEqual(
      calls.filter(
        ({ name, args }) =>
          !/^(?:handle\.)?(?:l?stat|access|read|close)$/u.test(name) &&
          !(name === 'open' && typeof args[1] === 'number'),
      ),
      [],
    );
    assert.deepEqual(bytes('old'), new Uint8Array(readFileSync(at('a.txt'))));
  });
});
