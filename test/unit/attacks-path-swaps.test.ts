import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import type { Lookup } from '../../src/workspace/true-path.ts';
import { type GateBench, makeGateBench } from './support/gate-bench.ts';

describe('attacks by what is put in the place of a path', () => {
  let bench: GateBench;

  beforeEach(() => {
    bench = makeGateBench();
  });
  afterEach(() => {
    bench.close();
  });

  const swaps: [string, string][] = [
    ['a link out', '../../outside/secret.txt'],
    ['a link inside', '../a.txt'],
    ['a link to a protected file', '../.git/config'],
    ['a link to nothing', 'missing.ts'],
    ['a link to what was there', '../moved'],
  ];
  for (const [what, target] of swaps) {
    it(`PATH-08: with ${what} in its own place, a path is another or refused`, async () => {
      const { realPath } = await bench.gate('in/app.ts');
      renameSync(realPath, join(bench.root, 'moved'));
      bench.put('src/app.ts', target);
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

  for (const path of ['src/app.ts', 'src/new.ts', 'src/new/er.ts']) {
    for (const call of ['lstat', 'readdir'] as const) {
      it(`PATH-08: a link put in the way of ${path} after a ${call} is noticed`, async () => {
        const last = call === 'lstat' ? path.split('/').slice(0, 2).join('/') : 'src';
        const swap = (looked: string): void => {
          if (!looked.endsWith(last)) return;
          rmSync(join(bench.root, 'src'), { recursive: true });
          bench.put('src', '../outside');
        };
        const files: Lookup = {
          lstat: (looked) => nodeFileSystem.lstat(looked),
          readdir: (looked) => nodeFileSystem.readdir(looked),
          realpath: (looked) => nodeFileSystem.realpath(looked),
        };
        const swapping: Lookup = {
          ...files,
          [call]: async (looked: string) => {
            try {
              return await files[call](looked);
            } finally {
              swap(looked);
            }
          },
        };
        await bench.refuses(path, undefined, swapping);
      });
    }
  }

  it('PATH-08: links that change without end are given up', async () => {
    const endless: Lookup = {
      lstat: (path) => nodeFileSystem.lstat(path),
      readdir: (path) => nodeFileSystem.readdir(path),
      realpath: (path) => Promise.resolve(path),
    };
    assert.match(await bench.refuses('in/app.ts', undefined, endless), /changes while/u);
  });
});
