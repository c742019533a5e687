import assert from 'node:assert/strict';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import { MAX_FILE_BYTES } from '../../src/workspace/limits.ts';
import { type FileCall, makeFaulty, recording } from '../faults/faulty-files.ts';
import { type DiskBench, bytes, fine, makeDisk, stop } from './support/disk-bench.ts';

describe('the disk, of files that are open in the editor,', () => {
  let bench: DiskBench;
  let calls: FileCall[];
  const at = (path: string): string => bench.at(path);
  const text = (path: string): string => readFileSync(at(path), 'utf8');
  const replace = (path: string, words: string, check = fine): Promise<void> =>
    bench.disk.replace(at(path), bytes(words), check);
  /** Calls by which something was written without the editor. */
  const writes = (): string[] =>
    calls.map(({ name }) => name).filter((name) => /write|rename|link/u.test(name));

  beforeEach(() => {
    calls = [];
    bench = makeDisk(
      { 'a.txt': 'one\n', 'crlf.txt': 'one\r\ntwo\r\n', 'bom.txt': '\uFEFFone\n', 'b.txt': 'b' },
      { files: makeFaulty(nodeFileSystem, recording(calls)) },
    );
    for (const path of ['a.txt', 'crlf.txt', 'bom.txt']) bench.editor.open(at(path));
  });
  afterEach(() => {
    bench.close();
  });

  it('replaces one through the editor, as one step that its user can undo', async () => {
    const inode = statSync(at('a.txt')).ino;
    await replace('a.txt', 'new\nlines\n');
    assert.equal(text('a.txt'), 'new\nlines\n');
    assert.equal(statSync(at('a.txt')).ino, inode);
    assert.deepEqual(writes(), []);
    assert.equal(bench.editor.hasUnsavedChanges(at('a.txt')), false);
    bench.editor.undo(at('a.txt'));
    assert.equal(bench.editor.textOf(at('a.txt')), 'one\n');
    assert.throws(() => {
      bench.editor.undo(at('a.txt'));
    });
  });

  for (const [path, words] of [
    ['crlf.txt', 'one\r\nthree\r\n'],
    ['bom.txt', '\uFEFFnew\n'],
    ['a.txt', ''],
    ['crlf.txt', 'no line'],
    ['a.txt', 'é 👩‍🚀 \u2028\n'],
  ] as const) {
    it(`and ${path} by ${JSON.stringify(words)} exactly`, async () => {
      await replace(path, words);
      assert.equal(text(path), words);
      assert.deepEqual(writes(), []);
    });
  }

  for (const [what, path, content] of [
    ['is not text', 'a.txt', Uint8Array.of(0x66, 0xff, 0xfe)],
    ['has two kinds of line endings', 'crlf.txt', bytes('one\r\ntwo\n')],
    ['has other line endings', 'crlf.txt', bytes('one\ntwo\n')],
    ['loses its byte order mark', 'bom.txt', bytes('one\n')],
    ['gets a byte order mark', 'a.txt', bytes('\uFEFFone\n')],
    ['is not open', 'b.txt', bytes('new')],
  ] as const) {
    it(`replaces a file on the disk that ${what}`, async () => {
      await bench.disk.replace(at(path), content, fine);
      assert.deepEqual(new Uint8Array(readFileSync(at(path))), new Uint8Array(content));
      assert.ok(writes().includes('rename'));
      assert.equal(bench.editor.hasUnsavedChanges(at(path)), false);
    });
  }

  it('FS-14: changes nothing if the check stops it, neither text nor undo', async () => {
    const typed = (): Promise<void> => {
      bench.editor.type(at('a.txt'), 'typed\n');
      return stop();
    };
    await assert.rejects(replace('a.txt', 'new\n', typed), /^Error: stopped$/u);
    assert.equal(text('a.txt'), 'one\n');
    assert.equal(bench.editor.textOf(at('a.txt')), 'typed\n');
    bench.editor.undo(at('a.txt'));
    assert.equal(bench.editor.textOf(at('a.txt')), 'one\n');
    assert.deepEqual(writes(), []);
  });

  it('FS-13: replaces unsaved text, which is one step back', async () => {
    bench.editor.type(at('a.txt'), 'typed\n');
    await replace('a.txt', 'typed\nand new\n');
    assert.equal(text('a.txt'), 'typed\nand new\n');
    bench.editor.undo(at('a.txt'));
    assert.equal(bench.editor.textOf(at('a.txt')), 'typed\n');
  });

  it('FS-13: refuses bytes that a document with unsaved text cannot hold', async () => {
    bench.editor.type(at('crlf.txt'), 'typed');
    await assert.rejects(replace('crlf.txt', 'mixed\r\nends\n'), {
      message: 'crlf.txt has unsaved changes in the editor. Save or undo them, then try again.',
    });
    assert.equal(text('crlf.txt'), 'one\r\ntwo\r\n');
    assert.equal(bench.editor.textOf(at('crlf.txt')), 'typed');
    assert.deepEqual(writes(), []);
  });

  it('FS-25: refuses unsaved text in a file with two names', async () => {
    linkSync(at('a.txt'), at('twin.txt'));
    bench.editor.type(at('a.txt'), 'typed');
    await assert.rejects(replace('a.txt', 'new\n'), /has unsaved changes/u);
    assert.deepEqual([text('a.txt'), text('twin.txt')], ['one\n', 'one\n']);
    assert.deepEqual(writes(), []);
  });

  it('FS-14: refuses what is typed while a file with two names is being replaced', async () => {
    linkSync(at('a.txt'), at('twin.txt'));
    const typed = (): Promise<void> => {
      bench.editor.type(at('a.txt'), 'typed');
      return Promise.resolve();
    };
    await assert.rejects(replace('a.txt', 'new\n', typed), /has unsaved changes/u);
    assert.deepEqual([text('a.txt'), bench.editor.textOf(at('a.txt'))], ['one\n', 'typed']);
    assert.deepEqual(bench.all(), ['a.txt', 'b.txt', 'bom.txt', 'crlf.txt', 'twin.txt']);
  });

  for (const how of ['answers false', 'throws'] as const) {
    it(`FS-19: says so if the editor ${how}, and changes nothing`, async () => {
      bench.editor.applyEdit = how;
      await assert.rejects(replace('a.txt', 'new\n'), /^Error: The editor (?:refused|threw)/u);
      assert.equal(text('a.txt'), 'one\n');
      assert.equal(bench.editor.hasUnsavedChanges(at('a.txt')), false);
      assert.deepEqual(writes(), []);
    });
  }

  it('FS-19: says so if the editor cannot save, and does not save beside it', async () => {
    bench.editor.canSave = false;
    await assert.rejects(replace('a.txt', 'new\n'), /could not save/u);
    assert.equal(text('a.txt'), 'one\n');
    assert.equal(bench.editor.textOf(at('a.txt')), 'new\n');
    assert.deepEqual(writes(), []);
  });

  it('FS-16: says so if the file was saved elsewhere under unsaved text', async () => {
    bench.editor.type(at('a.txt'), 'typed');
    writeFileSync(at('a.txt'), 'of the other window');
    await assert.rejects(replace('a.txt', 'new\n'), /changed on the disk/u);
    assert.equal(text('a.txt'), 'of the other window');
  });

  it('FS-17: leaves to its caller what a formatter makes of the bytes', async () => {
    bench.editor.onSave = (words) => words.replaceAll(/ +$/gmu, '');
    await replace('a.txt', 'new  \n');
    assert.equal(text('a.txt'), 'new\n');
  });

  it('FS-10: does not bring back a file that is gone, though it is still open', async () => {
    rmSync(at('a.txt'));
    await assert.rejects(replace('a.txt', 'new\n'), { code: 'ENOENT' });
    assert.deepEqual(bench.all(), ['b.txt', 'bom.txt', 'crlf.txt']);
  });

  it('FS-13: reads its unsaved text, or what is on the disk, as is asked', async () => {
    bench.editor.type(at('a.txt'), 'typed');
    assert.deepEqual(await bench.disk.read(at('a.txt')), Buffer.from('typed'));
    assert.deepEqual(await bench.disk.readDisk(at('a.txt')), Buffer.from('one\n'));
  });

  it('reads what is on the disk while nothing is unsaved', async () => {
    writeFileSync(at('a.txt'), 'changed outside');
    assert.deepEqual(await bench.disk.read(at('a.txt')), Buffer.from('changed outside'));
  });

  it('reads its unsaved text though its file is gone', async () => {
    bench.editor.type(at('a.txt'), 'typed');
    rmSync(at('a.txt'));
    assert.deepEqual(await bench.disk.read(at('a.txt')), Buffer.from('typed'));
    assert.equal(await bench.disk.readDisk(at('a.txt')), null);
  });

  it('ENC-10: reads no unsaved text past the limit', async () => {
    bench.editor.type(at('a.txt'), 'x'.repeat(MAX_FILE_BYTES + 1));
    await assert.rejects(bench.disk.read(at('a.txt')), /a\.txt is too large to read/u);
  });
});
