import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import { type GateBench, makeGateBench } from './support/gate-bench.ts';

describe('attacks by what is put in the place of a path', () => {
  let bench: GateBench;

  beforeEach(() => {
    bench = makeGateBench();
  });
  afterEach(() => {
    bench.close();
  });

  const swaps: [string, (path: string) => void][] = [
    [
      'the file, by a link out',
      () => {
        bench.put('src/app.ts', '../../outside/secret.txt');
      },
    ],
    [
      'the file, by a link inside',
      () => {
        bench.put('src/app.ts', '../a.txt');
      },
    ],
    [
      'the file, by a link to a protected one',
      () => {
        bench.put('src/app.ts', '../.git/config');
      },
    ],
    [
      'the file, by a link to nothing',
      () => {
        bench.put('src/app.ts', 'missing.ts');
      },
    ],
    [
      'the file, by a link to what was there',
      () => {
        bench.put('src/app.ts', '../moved');
      },
    ],
  ];
  for (const [what, swap] of swaps) {
    it(`PATH-08: seen again after a swap of ${what}, a path is another or refused`, async () => {
      const { realPath } = await bench.gate('in/app.ts');
      renameSync(realPath, join(bench.root, 'moved'));
      swap(realPath);
      const again = await bench.gate(realPath).catch(() => null);
      assert.notEqual(again?.realPath, realPath);
    });
  }

  const parents: [string, string][] = [
    ['a link out', '../outside'],
    ['a link inside', '.git'],
    ['a link to what was there', 'moved'],
    ['a link to nothing', 'missing'],
  ];
  for (const path of ['src/app.ts', 'src/new.ts', 'src/new/er.ts', 'src/deep/er/x.ts']) {
    for (const [what, target] of parents) {
      it(`PATH-08: with ${what} in place of its folder, ${path} is another or refused`, async () => {
        const { realPath } = await bench.gate(path);
        renameSync(join(bench.root, 'src'), join(bench.root, 'moved'));
        bench.put('src', target);
        const again = await bench.gate(realPath).catch(() => null);
        assert.notEqual(again?.realPath, realPath);
      });
    }
  }

  it('PATH-08: a link that is put there while the gate looks is noticed', async () => {
    for (const call of ['lstat', 'readdir']) {
      const swapping = {
        lstat: nodeFileSystem.lstat,
        readdir: nodeFileSystem.readdir,
        realpath: nodeFileSystem.realpath,
      };
      const swap = (path: string): void => {
        if (!path.endsWith(call === 'lstat' ? 'src/app.ts' : 'src')) return;
        rmSync(join(bench.root, 'src'), { recursive: true });
        bench.put('src', '../outside');
      };
      const files = {
        lstat: async (path: string) => {
          const seen = await swapping.lstat(path);
          if (call === 'lstat') swap(path);
          return seen;
        },
        readdir: async (path: string) => {
          const names = await swapping.readdir(path);
          if (call === 'readdir') swap(path);
          return names;
        },
        realpath: (path: string) => swapping.realpath(path),
      };
      await bench.refuses('src/app.ts', undefined, files);
      rmSync(join(bench.root, 'src'));
      bench.put('src/app.ts');
    }
  });
});
