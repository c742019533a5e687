import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Args, ToolBench, fails } from './support/tool-bench.ts';

describe('list_files and search_text', () => {
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

  const list = async (path?: string): Promise<string[]> =>
    (await bench.run('list_files', path === undefined ? {} : { path })).text.split('\n');
  const search = async (query: string, more: Args = {}): Promise<string> =>
    (await bench.run('search_text', { query, ...more })).text;

  it('leave out what .gitignore says, at every level, as git does', async () => {
    use({
      '.gitignore': '*.log\n/dist/\nbuild/\n!keep.log\n# comment\nCased\n',
      'a.log': 'x',
      'keep.log': 'x',
      'dist/a.js': 'x',
      'sub/dist/b.js': 'x',
      'sub/build/c.js': 'x',
      'sub/.gitignore': '*.tmp\n!important.log\n/only-here\n',
      'sub/x.tmp': 'x',
      'sub/important.log': 'x',
      'sub/only-here': 'x',
      'sub/deep/only-here': 'x',
      'sub/deep/y.tmp': 'x',
      'sub/deep/z.log': 'x',
      'x.tmp': 'x',
      cased: 'x',
      '.git/config': 'x',
      'node_modules/m/index.js': 'x',
    });
    const expected = [
      '.gitignore',
      'cased',
      'keep.log',
      'sub/.gitignore',
      'sub/deep/only-here',
      'sub/dist/b.js',
      'sub/important.log',
      'x.tmp',
    ];
    assert.deepEqual(await list(), expected);
    const found = (await search('x')).split('\n').map((line) => line.split(':')[0]);
    assert.deepEqual(
      found,
      expected.filter((path) => !path.endsWith('.gitignore')),
    );
  });

  it('know what .gitignore says above the folder that they look in', async () => {
    use({
      '.gitignore': '*.log\n',
      'sub/.gitignore': 'secret\n',
      'sub/deep/a.log': 'needle',
      'sub/deep/secret': 'needle',
      'sub/deep/b.txt': 'needle',
    });
    assert.deepEqual(await list('sub/deep'), ['sub/deep/b.txt']);
    assert.equal(await search('needle', { path: 'sub/deep' }), 'sub/deep/b.txt:1: needle');
  });

  it('follow no link', async () => {
    use({ 'real/a.txt': 'x' });
    mkdirSync(join(bench.folder, 'links'));
    symlinkSync('..', join(bench.folder, 'links', 'up'));
    symlinkSync('../real/a.txt', join(bench.folder, 'links', 'a'));
    assert.deepEqual(await list(), ['real/a.txt']);
  });

  it('say what is no folder, and what is not there', async () => {
    use({ 'a.txt': 'needle' });
    await fails(list('none'), /none does not exist/u);
    await fails(search('needle', { path: 'none' }), /none does not exist/u);
    await fails(list('../x'), /outside the workspace/u);
    assert.deepEqual(await list('a.txt'), ['a.txt']);
    assert.equal(await search('needle', { path: 'a.txt' }), 'a.txt:1: needle');
  });

  it('say that there are more, and how to go on', async () => {
    const files = Array.from({ length: 501 }, (_, n) => [`f${String(n).padStart(3, '0')}`, 'x']);
    use(Object.fromEntries(files) as Record<string, string>);
    const lines = await list();
    assert.equal(lines.length, 501);
    assert.match(lines.at(-1) ?? '', /There are more/u);
    const found = (await search('x')).split('\n');
    assert.equal(found.length, 201);
    assert.match(found.at(-1) ?? '', /There are more/u);
  });

  it('search takes the text as it is, and case only if it is told to', async () => {
    use({ 'a.txt': 'First\nSECOND .*\nthird  \r\n' });
    assert.equal(await search('.*'), 'a.txt:2: SECOND .*');
    assert.match(await search('second'), /Nothing contains "second"/u);
    assert.equal(await search('second', { ignore_case: true }), 'a.txt:2: SECOND .*');
    assert.equal(await search('third'), 'a.txt:3: third');
  });

  it('search passes over what is not text, and cuts lines that are too long around the find', async () => {
    use({
      'a.bin': Uint8Array.of(0, 0x6e, 0x65, 0x65, 0x64, 0x6c, 0x65),
      'min.js': `${'a'.repeat(5000)}needle${'b'.repeat(5000)}`,
    });
    const found = await search('needle');
    assert.match(found, /^min\.js:1: .*needle/u);
    assert.ok(found.length < 500);
  });

  it('PATH-23: search passes over what may hold secrets, and refuses it by name and by link', async () => {
    use({ '.env': 'KEY=1', 'sub/.env.local': 'KEY=2', '.env.example': 'KEY=', 'a.txt': 'KEY' });
    symlinkSync('.env', join(bench.folder, 'link'));
    const found = (await search('KEY')).split('\n').map((line) => line.split(':')[0]);
    assert.deepEqual(found, ['.env.example', 'a.txt']);
    for (const path of ['.env', 'sub/.env.local', 'link']) {
      await fails(bench.run('search_text', { query: 'KEY', path }), /may hold secrets/u);
      await fails(bench.run('read_file', { path }), /may hold secrets/u);
    }
  });

  it('stop when they are told to', async () => {
    use({ 'a.txt': 'x' });
    await assert.rejects(bench.run('list_files', {}, AbortSignal.abort()), /abort/u);
  });
});
