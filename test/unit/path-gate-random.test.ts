import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { ToolError } from '../../src/shared/errors.ts';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import { gatePath } from '../../src/workspace/path-gate.ts';
import { recorded } from './support/folding-files.ts';
import { type GateBench, makeGateBench } from './support/gate-bench.ts';

describe('the path gate and paths at random', () => {
  let bench: GateBench;
  let root: string;

  before(() => {
    bench = makeGateBench();
    ({ root } = bench);
  });
  after(() => {
    bench.close();
  });

  it('whatever is accepted is really inside a folder, and nothing else is looked at', async () => {
    const parts = fc.oneof(
      fc.constantFrom(
        ...['..', '.', '', 'src', 'in', 'out', 'out-file', 'up', 'twice', 'loop', 'nowhere'],
        ...['root', 'outside', 'other', 'a.txt', 'secret.txt', 'new', '~', 'out-absolute'],
        ...['docs', 'SRC', 'A.TXT', '%2e%2e', '$HOME', '.git', '.g\u200cit', 'deep', 'er'],
      ),
      fc.constantFrom('\\..\\', '..\\', 'a\0', 'NUL', 'x ', 'x.', 'GIT~1', 'a.b:c', 'C:', '\ud800'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    const paths = fc.tuple(
      fc.constantFrom(
        ...[
          '',
          '',
          '',
          '/',
          '//',
          '\\\\',
          `${bench.base}/`,
          `${bench.base}/root/`,
          './',
          'file:',
          'C:',
          '~/',
        ],
      ),
      fc.array(parts, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('/', '/', '/', '\\'),
    );
    const folders = [bench.folder('root'), bench.folder('other')];
    const tops = [root, join(bench.base, 'other')];
    const inside = (path: string): boolean =>
      tops.some((top) => path === top || path.startsWith(`${top}/`));
    let accepted = 0;
    let unseen = 0;
    await fc.assert(
      fc.asyncProperty(paths, async ([start, names, separator]) => {
        const path = start + names.join(separator);
        const { files, calls } = recorded(nodeFileSystem);
        const gated = await gatePath(folders, path, files).catch((error: unknown) => {
          assert.ok(error instanceof ToolError, String(error));
          return null;
        });
        for (const call of calls) assert.ok(inside(call.replace(/^\w+ /u, '')), call);
        if (calls.length === 0) unseen++;
        if (gated === null) return;
        accepted++;
        let existing = gated.realPath;
        while (!exists(existing)) existing = dirname(existing);
        assert.equal(realpathSync(existing), existing);
        assert.ok(inside(gated.realPath), `${path} led to ${gated.realPath}`);
        assert.deepEqual(await gatePath(folders, gated.realPath), gated);
        assert.doesNotMatch(gated.displayPath, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\]/u);
      }),
      { numRuns: 4000 },
    );
    assert.ok(accepted > 200, `Only ${accepted} were accepted`);
    assert.ok(unseen > 1000, `Only ${unseen} were refused unseen`);
  });
});

function exists(path: string): boolean {
  try {
    realpathSync(path);
    return true;
  } catch {
    return false;
  }
}
