import assert from 'node:assert/strict';
import { join, win32 } from 'node:path';
import { type GatedPath, gatePath } from '../../src/workspace/path-gate.ts';
import type { Lookup } from '../../src/workspace/true-path.ts';
import { foldingFiles, recorded, windowsFiles } from './support/folding-files.ts';
import { type GateBench, makeGateBench } from './support/gate-bench.ts';

for (const trueCase of [false, true]) {
  describe(`the path gate where case makes no difference, realpath ${trueCase ? 'telling' : 'not telling'}`, () => {
    let bench: GateBench;
    let files: Lookup;
    const gate = (path: string): Promise<GatedPath> => bench.gate(path, undefined, files);

    before(() => {
      bench = makeGateBench();
      bench.put('cafe\u0301/u\u0308b.md');
      bench.put('shouting', 'SRC/Deep');
      bench.put('Both/a');
      bench.put('ﬁle.md');
      bench.put('file.md');
      files = foldingFiles(bench.root, trueCase);
    });
    after(() => {
      bench.close();
    });

    it('FS-26: a file beside one whose name differs in case cannot be created', async () => {
      for (const [path, found] of [
        ['A.txt', 'a.txt'],
        ['A.TXT', 'a.txt'],
        ['src/APP.ts', 'src/app.ts'],
        ['SRC/App.ts', 'src/app.ts'],
        ['in/APP.ts', 'src/app.ts'],
        ['a\u200c.txt', 'a.txt'],
        ['SHOUTING/ER/X.ts', 'src/deep/er/x.ts'],
      ] as const) {
        const gated = await gate(path);
        assert.equal(gated.realPath, join(bench.root, found));
        assert.equal(gated.displayPath, found);
        assert.ok(gated.warnings.length > 0, path);
        assert.equal(gated.misnamed, true);
      }
    });

    it('FS-26: a new file is made in the folder as the disk has it', async () => {
      for (const [path, found] of [
        ['SRC/new.ts', 'src/new.ts'],
        ['SRC/Deep/ER/New/x', 'src/deep/er/New/x'],
        ['Shouting/new', 'src/deep/new'],
        ['caf\u00e9/new.md', 'cafe\u0301/new.md'],
      ] as const) {
        const gated = await gate(path);
        assert.equal(gated.misnamed, false);
        assert.equal(gated.realPath, join(bench.root, found));
        assert.match(gated.warnings.join('\n'), /On the disk it is called/u);
        assert.equal((await gate(gated.realPath)).realPath, gated.realPath);
      }
    });

    it('FS-26: names that differ only in how accents are encoded are one', async () => {
      const gated = await gate('caf\u00e9/\u00fcb.md');
      assert.equal(gated.realPath, join(bench.root, 'cafe\u0301/u\u0308b.md'));
      assert.equal(gated.misnamed, false);
    });

    it('FS-26: a file that exists is found whatever the case of its folder', async () => {
      const gated = await gate('SRC/app.ts');
      assert.equal(gated.realPath, join(bench.root, 'src/app.ts'));
      assert.equal(gated.misnamed, false);
    });

    it('of two names that only readers take for one, the disk says which it found', async () => {
      assert.equal((await gate('FILE.md')).displayPath, 'file.md');
      assert.equal((await gate('ﬁLE.md')).displayPath, 'ﬁle.md');
    });

    it('the true name is taken as it is', async () => {
      for (const path of ['a.txt', 'src/app.ts', 'shouting/er/x.ts', 'Both/a', 'Both/new']) {
        const gated = await gate(path);
        assert.equal(gated.misnamed, false);
        assert.deepEqual(gated.warnings, []);
      }
    });

    it('the policy judges the true name, and links lead nowhere else', async () => {
      assert.equal((await gate('.GIT/Hooks/X')).policyPath, '.git/hooks/X');
      assert.equal((await gate('DOCS/pre-commit')).policyPath, '.git/hooks/pre-commit');
      assert.equal((await gate('Settings')).policyPath, '.env');
      for (const path of ['OUT/secret.txt', 'Out-File', 'UP/root/a.txt']) {
        assert.match(await bench.refuses(path, undefined, files), /outside the workspace/u);
      }
    });
  });
}

describe('the path gate where case makes a difference', () => {
  it('FS-26: takes both names, and warns of a new one', async () => {
    const bench = makeGateBench();
    bench.put('both');
    assert.match((await bench.gate('Both')).warnings.join('\n'), /Both would be beside both/u);
    bench.put('Both');
    for (const path of ['both', 'Both']) {
      const gated = await bench.gate(path);
      assert.equal(gated.realPath, join(bench.root, path));
      assert.deepEqual(gated.warnings, []);
      assert.equal(gated.misnamed, false);
    }
    bench.close();
  });
});

describe('the path gate on Windows', () => {
  let bench: GateBench;
  const share = '\\\\server\\share\\proj';
  const gate = (path: string, folder: string, files: Lookup): Promise<GatedPath> =>
    gatePath([{ name: 'proj', path: folder }], path, files, win32);
  const refusal = async (path: string, folder: string, files: Lookup): Promise<string> =>
    gate(path, folder, files).then(
      ({ realPath }) => assert.fail(`${path} was accepted as ${realPath}`),
      String,
    );

  before(() => {
    bench = makeGateBench();
  });
  after(() => {
    bench.close();
  });

  it('takes both separators, and the drive in any case', async () => {
    const files = windowsFiles(bench.root);
    for (const path of [
      ...['src\\app.ts', 'src/app.ts', '.\\src/app.ts', 'C:\\proj\\src\\app.ts', 'in\\app.ts'],
      ...['c:\\PROJ\\src\\app.ts', 'c:/proj/src/app.ts', 'SRC\\APP.TS'],
    ]) {
      const gated = await gate(path, 'C:\\proj', files);
      assert.equal(gated.realPath, 'C:\\proj\\src\\app.ts');
      assert.equal(gated.root, 'C:\\proj');
      assert.equal(gated.displayPath, 'src/app.ts');
      assert.equal(gated.policyPath, 'src/app.ts');
    }
  });

  it('PATH-01: no way up leads out, whatever the separator', async () => {
    const { files, calls } = recorded(windowsFiles(bench.root));
    for (const path of ['..\\..\\x', '../x', '..\\/x', 'src\\..\\..\\x', '..']) {
      assert.match(await refusal(path, 'C:\\proj', files), /outside the workspace/u);
    }
    assert.deepEqual(calls, []);
  });

  it('PATH-02: no drive and nothing on the current one is looked at', async () => {
    const { files, calls } = recorded(windowsFiles(bench.root));
    for (const path of ['C:x', 'C:', 'Z:..\\x', '\\Windows\\x', '/etc/passwd', '\\??\\C:\\x']) {
      assert.match(await refusal(path, 'C:\\proj', files), /drive/u);
    }
    assert.deepEqual(calls, []);
    for (const path of ['C:\\Windows\\x', 'D:\\x', 'C:\\proj-twin\\x', 'C:\\proj\\..\\x']) {
      assert.match(await refusal(path, 'C:\\proj', files), /outside the workspace/u);
    }
    assert.deepEqual([...new Set(calls)], ['realpath C:\\proj']);
  });

  it('a file is no folder', async () => {
    const files = windowsFiles(bench.root);
    assert.match(await refusal('a.txt\\x', 'C:\\proj', files), /a file, not a folder/u);
  });

  it('PATH-04: a link that leads out is not followed', async () => {
    const files = windowsFiles(bench.root);
    for (const path of ['out\\secret.txt', 'OUT\\secret.txt', 'out-file']) {
      assert.match(await refusal(path, 'C:\\proj', files), /outside the workspace/u);
    }
  });

  it('PATH-13: of a share only what is below the opened folder is looked at', async () => {
    const { files, calls } = recorded(windowsFiles(bench.root, share));
    for (const path of [
      '\\\\evil\\s\\f',
      '//evil/s',
      '\\\\server\\share\\x',
      '\\\\?\\C:\\x',
      '\\\\.\\x',
    ]) {
      assert.match(await refusal(path, share, files), /network address/u);
    }
    assert.deepEqual(calls, []);
    const gated = await gate(`${share}\\src\\app.ts`, share, files);
    assert.equal(gated.realPath, `${share}\\src\\app.ts`);
  });

  it('PATH-13: a drive that is a share works, and no other share is looked at', async () => {
    const { files, calls } = recorded(windowsFiles(bench.root, 'Z:\\proj', share));
    const { realPath, root } = await gate('src\\app.ts', 'Z:\\proj', files);
    assert.deepEqual([realPath, root], [`${share}\\src\\app.ts`, share]);
    assert.equal((await gate(realPath, 'Z:\\proj', files)).realPath, realPath);
    calls.length = 0;
    for (const path of ['\\\\evil\\s\\f', '//evil/s', '\\\\server\\share\\x', `${share}-twin\\x`]) {
      assert.match(await refusal(path, 'Z:\\proj', files), /outside the workspace/u);
    }
    assert.deepEqual([...new Set(calls)], ['realpath Z:\\proj']);
  });

  it('refuses every colon in a name, unseen', async () => {
    const { files, calls } = recorded(windowsFiles(bench.root));
    for (const path of [
      ...['src\\app.ts:stream', 'src/app.ts::$DATA', './10:30.log', 'C:\\proj\\src:x', './a:b'],
      ...[
        'NUL',
        'src\\con.txt',
        'C:\\proj\\aux',
        'src\\a. ',
        'GIT~1\\config',
        'C:\\proj\\.git.\\x',
      ],
    ]) {
      await refusal(path, 'C:\\proj', files);
    }
    assert.deepEqual(calls, []);
  });
});
