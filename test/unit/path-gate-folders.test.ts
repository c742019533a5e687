import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkspaceFolder } from '../../src/workspace/port.ts';
import { type GateBench, makeGateBench } from './support/gate-bench.ts';

describe('the path gate and the folders of a workspace', () => {
  let bench: GateBench;
  let root: string;

  before(() => {
    bench = makeGateBench();
    ({ root } = bench);
  });
  after(() => {
    bench.close();
  });

  it('FS-28: a folder that is gone contains nothing', async () => {
    assert.match(await bench.refuses('a.txt', [bench.folder('gone')]), /folder is gone/u);
    assert.match(
      await bench.refuses(join(bench.base, 'gone/a.txt'), [bench.folder('gone')]),
      /folder is gone/u,
    );
    const both = [
      bench.folder('root'),
      bench.folder('gone'),
      bench.folder('within', join(root, 'src/gone')),
    ];
    assert.match(await bench.refuses('gone/a.txt', both), /folder is gone/u);
    assert.match(await bench.refuses('within/a.txt', both), /folder is gone/u);
    assert.match(await bench.refuses('root/src/gone/a.txt', both), /folder is gone/u);
    assert.equal((await bench.gate('a.txt', both)).displayPath, 'root/a.txt');
  });

  it('FS-28: a folder removed after a path in it passed is not made again', async () => {
    mkdirSync(join(bench.base, 'short-lived'));
    const folders = [bench.folder('short-lived')];
    const { realPath } = await bench.gate('new/a.txt', folders);
    rmSync(join(bench.base, 'short-lived'), { recursive: true });
    assert.match(await bench.refuses(realPath, folders), /folder is gone/u);
    symlinkSync(bench.outside, join(bench.base, 'short-lived'));
    const moved = await bench.gate(realPath, folders);
    rmSync(join(bench.base, 'short-lived'));
    assert.notEqual(moved.realPath, realPath);
  });

  it('a workspace folder that is a file contains nothing', async () => {
    assert.match(await bench.refuses('x', [bench.folder('root/a.txt')]), /not a folder/u);
  });

  describe('in a workspace of several folders', () => {
    const folders = (): WorkspaceFolder[] => [bench.folder('root'), bench.folder('other')];

    it('paths begin with the name of the folder, or are in the first', async () => {
      assert.deepEqual(
        await bench.gate('other/b.txt', folders()),
        bench.plain('other', 'b.txt', 'other/b.txt'),
      );
      assert.deepEqual(
        await bench.gate('root/a.txt', folders()),
        bench.plain('root', 'a.txt', 'root/a.txt'),
      );
      assert.equal((await bench.gate('a.txt', folders())).displayPath, 'root/a.txt');
      assert.equal((await bench.gate('other', folders())).displayPath, 'other/');
    });

    it('every display path leads back to the same file', async () => {
      for (const path of [
        'a.txt',
        'root/src/app.ts',
        'other/new/x',
        join(bench.base, 'other/b.txt'),
      ]) {
        const gated = await bench.gate(path, folders());
        assert.deepEqual(await bench.gate(gated.displayPath, folders()), gated);
      }
    });

    it('one folder may lead into another, but not out of all', async () => {
      assert.equal((await bench.gate('root/../other/b.txt', folders())).displayPath, 'other/b.txt');
      await bench.refuses('other/../outside/secret.txt', folders());
      await bench.refuses('other/../../x', folders());
    });
  });

  describe('in a workspace of folders that overlap', () => {
    it('the innermost contains a path, and the policy judges it from the outermost on', async () => {
      const folders = [
        bench.folder('root'),
        bench.folder('hooks', join(root, '.git/hooks')),
        bench.folder('other'),
      ];
      const expected = {
        realPath: join(root, '.git/hooks/pre-commit'),
        root: join(root, '.git/hooks'),
        displayPath: 'hooks/pre-commit',
        policyPath: '.git/hooks/pre-commit',
        warnings: [],
        misnamed: false,
      };
      for (const order of [folders, folders.toReversed()]) {
        assert.deepEqual(await bench.gate('hooks/pre-commit', order), expected);
        assert.deepEqual(await bench.gate('root/.git/hooks/pre-commit', order), expected);
        assert.deepEqual(await bench.gate('root/docs/pre-commit', order), expected);
      }
    });

    it('a folder within a repository’s own does not hide that from the policy', async () => {
      for (const path of [join(root, '.git/hooks'), join(root, 'docs')]) {
        const gated = await bench.gate('pre-commit', [bench.folder('docs', path)]);
        assert.equal(gated.displayPath, 'pre-commit');
        assert.equal(gated.policyPath, '.git/hooks/pre-commit');
      }
    });

    it('a folder opened twice is one', async () => {
      const folders = [
        bench.folder('root'),
        bench.folder('linked', join(bench.base, 'link-to-root')),
      ];
      const expected = bench.plain('root', 'a.txt', 'root/a.txt');
      assert.deepEqual(await bench.gate('linked/a.txt', folders), expected);
      assert.deepEqual(await bench.gate('root/a.txt', folders), expected);
    });

    it('folders of the same name are told apart or not taken at all', async () => {
      const folders = [bench.folder('x', root), bench.folder('x', join(bench.base, 'other'))];
      assert.match(await bench.refuses('x/a.txt', folders), /several folders have this name/u);
      assert.equal(
        (await bench.gate(join(bench.base, 'other/b.txt'), folders)).root,
        join(bench.base, 'other'),
      );
    });

    it('of two names the longer one counts, and one with a slash is found', async () => {
      const folders = [
        bench.folder('root'),
        bench.folder('lib', root),
        bench.folder('lib/x', join(bench.base, 'other')),
      ];
      assert.equal((await bench.gate('lib/x/b.txt', folders)).root, join(bench.base, 'other'));
      assert.equal((await bench.gate('lib/b.txt', folders)).root, root);
      assert.equal((await bench.gate('lib-x/b.txt', folders)).realPath, join(root, 'lib-x/b.txt'));
    });

    it('a name of dots is a name, not a way up', async () => {
      const folders = [bench.folder('root'), bench.folder('..', join(bench.base, 'other'))];
      assert.equal(
        (await bench.gate('../b.txt', folders)).realPath,
        join(bench.base, 'other/b.txt'),
      );
      await bench.refuses('../../outside/secret.txt', folders);
    });
  });
});
