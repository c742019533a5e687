import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type GateBench, makeGateBench } from './support/gate-bench.ts';

describe('the path gate', () => {
  let bench: GateBench;
  let root: string;

  before(() => {
    bench = makeGateBench();
    ({ root } = bench);
  });
  after(() => {
    bench.close();
  });

  const ACCEPTED: [string, string][] = [
    ['a.txt', 'a.txt'],
    ['./a.txt', 'a.txt'],
    ['src//app.ts', 'src/app.ts'],
    ['src/../a.txt', 'a.txt'],
    ['src/./deep/../app.ts', 'src/app.ts'],
    ['in/app.ts', 'src/app.ts'],
    ['in/new.ts', 'src/new.ts'],
    ['new/folders/below/x.ts', 'new/folders/below/x.ts'],
    ['docs/pre-commit', '.git/hooks/pre-commit'],
    ['..dots', '..dots'],
    ['.hidden', '.hidden'],
    ['a b.txt', 'a b.txt'],
    ['10:30.log', '10:30.log'],
    ['perl/Foo::Bar.pm', 'perl/Foo::Bar.pm'],
    ['images/nginx:1.25', 'images/nginx:1.25'],
    ['./note:x', 'note:x'],
    ['console.ts', 'console.ts'],
    ['com10', 'com10'],
    ['auxiliary/null', 'auxiliary/null'],
    ['a.txt~', 'a.txt~'],
    ['a.txt.~1~', 'a.txt.~1~'],
    ['~/x', '~/x'],
    ['$HOME/x', '$HOME/x'],
    ['%2e%2e%2fx', '%2e%2e%2fx'],
    ['.', ''],
    ['src', 'src'],
    ['src/', 'src'],
    [' a.txt', ' a.txt'],
    ['ünïcödé/漢字.md', 'ünïcödé/漢字.md'],
    ['A.TXT', 'A.TXT'],
  ];
  for (const [path, expected] of ACCEPTED) {
    it(`takes ${path} for ${expected === '' ? 'the root' : expected}`, async () => {
      const gated = await bench.gate(path);
      assert.deepEqual({ ...gated, warnings: [] }, bench.plain('root', expected));
      assert.deepEqual(gated.warnings.length, expected === 'A.TXT' ? 1 : 0);
    });
  }

  const REFUSED: [string, RegExp][] = [
    ['../x', /outside the workspace/u],
    ['..', /outside the workspace/u],
    ['src/../../outside/secret.txt', /outside the workspace/u],
    ['../root-twin/c.txt', /outside the workspace/u],
    ['/etc/passwd', /outside the workspace/u],
    ['/', /outside the workspace/u],
    ['out', /outside the workspace/u],
    ['out/secret.txt', /outside the workspace/u],
    ['out/new.txt', /outside the workspace/u],
    ['out/new/er.txt', /outside the workspace/u],
    ['out-file', /outside the workspace/u],
    ['out-absolute/passwd', /outside the workspace/u],
    ['twice/secret.txt', /outside the workspace/u],
    ['up/outside/secret.txt', /outside the workspace/u],
    ['up/root/a.txt', /outside the workspace/u],
    ['nowhere', /leads nowhere/u],
    ['nowhere/x', /leads nowhere/u],
    ['out-nowhere', /leads nowhere/u],
    ['out-nowhere/x', /leads nowhere/u],
    ['loop', /leads in circles/u],
    ['ping/x', /leads in circles/u],
    ['a.txt/x', /a file, not a folder/u],
    ['a.txt/x/y', /a file, not a folder/u],
    ['', /empty/u],
    ['   ', /empty/u],
  ];
  for (const [path, reason] of REFUSED) {
    it(`refuses ${JSON.stringify(path.slice(0, 40))}`, async () => {
      assert.match(await bench.refuses(path), reason);
    });
  }

  it('takes an absolute path inside, as the editor or as the disk knows its folder', async () => {
    const linked = [bench.folder('linked', join(bench.base, 'link-to-root'))];
    for (const path of [join(root, 'a.txt'), join(bench.base, 'link-to-root', 'a.txt')]) {
      assert.deepEqual(await bench.gate(path, linked), bench.plain('root', 'a.txt'));
    }
    await bench.refuses(join(bench.base, 'link-to-root', 'a.txt'));
  });

  it('refuses an absolute path outside', async () => {
    await bench.refuses(join(bench.outside, 'secret.txt'));
    await bench.refuses(join(bench.base, 'root-twin', 'c.txt'));
  });

  it('a workspace folder may itself be a link', async () => {
    const gated = await bench.gate('src/app.ts', [
      bench.folder('linked', join(bench.base, 'link-to-root')),
    ]);
    assert.deepEqual(gated, bench.plain('root', 'src/app.ts'));
  });

  it('without a folder there is no path', async () => {
    assert.match(await bench.refuses('a.txt', []), /No folder is open/u);
  });

  it('a name beside a nearly equal one gets a warning', async () => {
    const like: [string, RegExp][] = [
      ['A.txt', /A\.txt would be beside a\.txt/u],
      ['SRC/new.ts', /SRC would be beside src/u],
      ['a\u200d.txt', /a<U\+200D>\.txt would be beside a\.txt/u],
      ['ａ.txt', /ａ\.txt would be beside a\.txt/u],
    ];
    for (const [path, words] of like) {
      const { warnings } = await bench.gate(path);
      assert.match(warnings.join('\n'), words);
    }
    assert.deepEqual((await bench.gate('b.txt')).warnings, []);
    assert.deepEqual((await bench.gate('a.txt')).warnings, []);
  });

  it('a folder that becomes a link out is refused from then on', async () => {
    mkdirSync(join(root, 'turns'));
    const before = await bench.gate('turns/x.txt');
    rmSync(join(root, 'turns'), { recursive: true });
    symlinkSync(bench.outside, join(root, 'turns'));
    await bench.refuses(before.realPath);
    rmSync(join(root, 'turns'));
  });
});
