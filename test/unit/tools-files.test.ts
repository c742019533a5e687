import assert from 'node:assert/strict';
import { chmodSync, linkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileChange } from '../../src/approval/operation.ts';
import { findTool } from '../../src/tools/registry.ts';
import type { ToolResult } from '../../src/tools/tool.ts';
import { createDiskWorkspace } from '../../src/workspace/disk.ts';
import { FakeEditor } from '../support/fake-editor.ts';
import { type Args, ToolBench, fails, textOf } from './support/tool-bench.ts';

describe('the tools for one file', () => {
  let bench: ToolBench;
  const use = (files: Record<string, string | Uint8Array>): void => {
    bench.parts.close();
    bench = new ToolBench(files);
  };
  beforeEach(() => {
    bench = new ToolBench({});
  });
  afterEach(() => {
    bench.parts.close();
  });

  const read = (path: string, from_line?: number): Promise<ToolResult> =>
    bench.run('read_file', from_line === undefined ? { path } : { path, from_line });
  const edit = (
    path: string,
    old_text: string,
    new_text: string,
    more: Args = {},
  ): Promise<FileChange> => bench.propose('replace_in_file', { path, old_text, new_text, ...more });

  describe('read_file', () => {
    it('answers the text and how many lines it is', async () => {
      use({ 'a.txt': 'one\ntwo\n', 'b.txt': 'one\ntwo', 'empty.txt': '' });
      assert.deepEqual(await read('a.txt'), { text: 'one\ntwo\n', detail: '2 lines' });
      assert.deepEqual(await read('b.txt'), { text: 'one\ntwo', detail: '2 lines' });
      assert.equal((await read('empty.txt')).detail, '0 lines');
    });

    it('says that a file is empty, rather than nothing', async () => {
      use({ 'empty.txt': '' });
      assert.match((await read('empty.txt')).text, /empty/u);
    });

    it('keeps what a byte order mark and other line endings are', async () => {
      use({ 'a.txt': '\uFEFFone\r\ntwo\r\n' });
      assert.equal((await read('a.txt')).text, 'one\r\ntwo\r\n');
    });

    it('reads a long file in parts that meet, and says which', async () => {
      const lines = Array.from({ length: 4500 }, (_, index) => `line ${index + 1}`);
      use({ 'long.txt': lines.join('\n') });
      const seen: string[] = [];
      for (let from = 1; seen.length < lines.length;) {
        const { text } = await read('long.txt', from);
        const [, first, last] = /\n\[Lines (\d+) to (\d+) of 4500\]$/u.exec(text) ?? [
          '',
          from,
          4500,
        ];
        assert.equal(Number(first), from);
        const part = text.replace(/\n\[Lines [^\]]*\]$/u, '').split('\n');
        assert.equal(part.length, Number(last) - from + 1);
        seen.push(...part);
        from = Number(last) + 1;
      }
      assert.deepEqual(seen, lines);
    });

    it('answers few but long lines in parts too', async () => {
      use({ 'wide.txt': `${'x'.repeat(40_000)}\n${'y'.repeat(40_000)}\n${'z'.repeat(200_000)}\n` });
      assert.match((await read('wide.txt')).text, /^x+\n\[Lines 1 to 1 of 3\]$/u);
      const { text } = await read('wide.txt', 3);
      assert.ok(text.length < 61_000);
      assert.match(text, /^z+\[…\]/u);
    });

    it('says how long the file is to who asks for more', async () => {
      use({ 'a.txt': 'one\ntwo\n' });
      await fails(read('a.txt', 3), /2 lines/u);
    });

    it('says what is not there, not a file, not text or too large', async () => {
      use({ 'sub/a.txt': '', 'binary.bin': Uint8Array.of(0, 1), 'latin.txt': Uint8Array.of(0xe9) });
      writeFileSync(join(bench.folder, 'huge.txt'), '');
      truncateSync(join(bench.folder, 'huge.txt'), 20_000_000);
      await fails(read('none.txt'), /none\.txt does not exist/u);
      await fails(read('sub'), /sub is not a file/u);
      await fails(read('binary.bin'), /not a text file/u);
      await fails(read('latin.txt'), /not in UTF-8/u);
      await fails(read('huge.txt'), /too large/u);
      await fails(read('../out.txt'), /outside the workspace/u);
    });
  });

  describe('write_file', () => {
    const write = (path: string, content: string) => bench.propose('write_file', { path, content });

    it('proposes exactly the bytes that were given, and no trace on disk', async () => {
      const change = await write('new/dir/a.txt', 'ünïcödé 😀\r\n');
      assert.equal(textOf(change), 'ünïcödé 😀\r\n');
      assert.equal(change.base, null);
      assert.equal(change.displayPath, 'new/dir/a.txt');
      await fails(read('new/dir/a.txt'), /does not exist/u);
    });

    it("keeps a file's byte order mark and line endings", async () => {
      use({ 'a.txt': '\uFEFFone\r\n' });
      assert.equal(textOf(await write('a.txt', 'two\nthree\n')), '\uFEFFtwo\r\nthree\r\n');
    });

    it('does not double a byte order mark', async () => {
      use({ 'a.txt': '\uFEFFone\n' });
      assert.equal(textOf(await write('a.txt', '\uFEFFtwo\n')), '\uFEFFtwo\n');
    });

    it('keeps UTF-16 with its byte order mark', async () => {
      const utf16 = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, 'utf16le');
      use({ 'a.txt': utf16('one\r\n'), 'b.txt': Buffer.from(utf16('one\n')).swap16() });
      assert.deepEqual((await write('a.txt', 'zwö\n')).next, new Uint8Array(utf16('zwö\r\n')));
      const bigEndian = new Uint8Array(Buffer.from(utf16('zwö\n')).swap16());
      assert.deepEqual((await write('b.txt', 'zwö\n')).next, bigEndian);
    });

    it('says what kind of file it is: one that can be run, one with other names', async () => {
      use({ 'run.sh': 'old\n', 'a.txt': 'old\n', 'plain.txt': 'old\n' });
      chmodSync(join(bench.folder, 'run.sh'), 0o755);
      linkSync(join(bench.folder, 'a.txt'), join(bench.folder, 'twin.txt'));
      assert.equal((await write('run.sh', 'new\n')).mode, '100755');
      const plain = await write('plain.txt', 'new\n');
      assert.deepEqual([plain.mode, plain.warnings], ['100644', []]);
      assert.match((await write('a.txt', 'new\n')).warnings?.[0] ?? '', /a\.txt.*hard links/u);
    });

    it('FS-13: is made on what the user has typed and not saved, and says so', async () => {
      use({ 'a.txt': 'saved\n' });
      const path = join(bench.folder, 'a.txt');
      bench.parts.editor.open(path);
      bench.parts.editor.type(path, 'typed\n');
      const change = await write('a.txt', 'new\n');
      assert.equal(Buffer.from(change.base ?? []).toString(), 'typed\n');
      assert.match(change.warnings?.[0] ?? '', /a\.txt has unsaved changes/u);
      await fails(write('a.txt', 'typed\n'), /exactly this content already/u);
    });

    it('refuses what changes nothing, a folder and other encodings', async () => {
      use({ 'a.txt': 'same', 'latin.txt': Uint8Array.of(0xe9), 'sub/b.txt': '' });
      await fails(write('a.txt', 'same'), /exactly this content already/u);
      await fails(write('sub', 'x'), /not a file/u);
      await fails(write('new/', 'x'), /is a folder/u);
      await fails(write('.', 'x'), /is a folder/u);
      await fails(write('latin.txt', 'x'), /not in UTF-8/u);
      await fails(write('a.txt/b', 'x'), /a file, not a folder/u);
      await fails(write('a', 'x'.repeat(11_000_000)), /too large/u);
      await fails(write('a', 'x\0'), /NUL/u);
      await fails(write('a', '\uD800'), /surrogate/u);
    });
  });

  describe('replace_in_file', () => {
    it('replaces the one occurrence and nothing around it', async () => {
      use({ 'a.txt': 'a\nb\nc' });
      assert.equal(textOf(await edit('a.txt', 'b', 'B\nB')), 'a\nB\nB\nc');
    });

    const PATTERNS = ['$&', '$1', '$`', "$'", '$$', '$<x>', '\\n', '\\1'];
    for (const pattern of PATTERNS) {
      it(`takes ${pattern} literally, on both sides`, async () => {
        use({ 'a.txt': `q ${pattern} y` });
        assert.equal(textOf(await edit('a.txt', pattern, 'z')), 'q z y');
        assert.equal(textOf(await edit('a.txt', 'q', pattern)), `${pattern} ${pattern} y`);
      });
    }

    for (const special of ['.*', '[a-z]', '(a|b)', '^', '?']) {
      it(`does not take ${special} for a pattern`, async () => {
        use({ 'a.txt': `abc ${special} abc` });
        assert.equal(textOf(await edit('a.txt', special, '')), 'abc  abc');
      });
    }

    it('finds lines with \\n in a file of CRLF, and changes no other line ending', async () => {
      use({ 'a.txt': '\uFEFFone\r\ntwo\r\nthree\r\n' });
      assert.equal(
        textOf(await edit('a.txt', 'one\ntwo\n', '1\n2\n2½\n')),
        '\uFEFF1\r\n2\r\n2½\r\nthree\r\n',
      );
      assert.equal(textOf(await edit('a.txt', 'one\r\ntwo', 'x')), '\uFEFFx\r\nthree\r\n');
    });

    it('changes no byte outside the place in a file of mixed line endings', async () => {
      use({ 'a.txt': 'a\r\nb\nc\r\nd' });
      assert.equal(textOf(await edit('a.txt', 'b', 'B')), 'a\r\nB\nc\r\nd');
    });

    it('ENC-02: a whole new text keeps the endings of the lines that stay', async () => {
      use({ 'a.txt': 'a\r\nb\nc\r\n' });
      const change = await bench.propose('write_file', { path: 'a.txt', content: 'a\nB\nc\nd\n' });
      assert.equal(textOf(change), 'a\r\nB\nc\r\nd\r\n');
    });

    it('keeps that the last line has no end', async () => {
      use({ 'a.txt': 'a\nb' });
      assert.equal(textOf(await edit('a.txt', 'a', 'A')), 'A\nb');
    });

    it('wants the place to be unmistakable, or all of them', async () => {
      use({ 'a.txt': 'ab ab ab' });
      await fails(edit('a.txt', 'ab', 'x'), /3 times/u);
      assert.equal(textOf(await edit('a.txt', 'ab', 'x', { replace_all: true })), 'x x x');
      await fails(edit('a.txt', 'none', 'x'), /not in a\.txt/u);
    });

    it('counts places that overlap as more than one', async () => {
      use({ 'a.txt': 'aXaXa' });
      await fails(edit('a.txt', 'aXa', 'b'), /2 times/u);
    });

    it('refuses what is not there and what changes nothing', async () => {
      use({ 'a.txt': 'a' });
      await fails(edit('none.txt', 'a', 'b'), /does not exist/u);
      await fails(edit('a.txt', 'a', 'a'), /Nothing to change/u);
    });
  });

  it('warns of a guarded file that is opened as a folder of its own by another name', async () => {
    use({ '.vscode/settings.json': '{}', 'a.txt': 'a' });
    const workspace = createDiskWorkspace(
      new FakeEditor([
        { name: 'project', path: bench.folder },
        { name: 'settings', path: join(bench.folder, '.vscode') },
      ]),
    );
    const prepared = findTool('write_file')!.prepare({
      path: 'settings/settings.json',
      content: '{"a": 1}',
    });
    assert.ok(typeof prepared !== 'string' && 'propose' in prepared);
    const [change] = await prepared.propose({ workspace, signal: new AbortController().signal });
    assert.equal(change?.displayPath, 'settings/settings.json');
    assert.match(change.warnings?.[0] ?? '', /steers the editor/u);
  });
});
