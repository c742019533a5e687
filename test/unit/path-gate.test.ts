import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { ToolError } from '../../src/shared/errors.ts';
import { type GatedPath, gatePath } from '../../src/workspace/path-gate.ts';
import type { WorkspaceFolder } from '../../src/workspace/port.ts';
import { makeFolder } from '../support/core.ts';

describe('the path gate', () => {
  let base: string;
  let root: string;
  let outside: string;

  before(() => {
    base = makeFolder({
      'root/a.txt': '',
      'root/src/app.ts': '',
      'root/src/deep/er/x.ts': '',
      'root/~/x': '',
      'root/.git/hooks/pre-commit': '',
      'other/b.txt': '',
      'outside/secret.txt': '',
      'root-twin/c.txt': '',
    });
    root = join(base, 'root');
    outside = join(base, 'outside');
    const link = (name: string, target: string): void => {
      symlinkSync(target, join(root, name));
    };
    link('in', 'src');
    link('out', outside);
    link('out-file', join(outside, 'secret.txt'));
    link('out-relative', '../outside');
    link('nowhere', 'missing');
    link('out-nowhere', join(outside, 'missing'));
    link('loop', 'loop');
    link('ping', 'pong');
    link('pong', 'ping');
    link('up', '..');
    link('twice', 'out');
    link('docs', '.git/hooks');
    symlinkSync(root, join(base, 'link-to-root'));
  });
  after(() => {
    rmSync(base, { recursive: true });
  });

  const folder = (name: string, path = join(base, name)): WorkspaceFolder => ({ name, path });
  const gate = (path: string, folders = [folder('root')]): Promise<GatedPath> =>
    gatePath(folders, path);
  const refuses = async (path: string, folders?: WorkspaceFolder[]): Promise<string> => {
    const error = await gate(path, folders).then(
      ({ realPath }) => assert.fail(`${path} was accepted as ${realPath}`),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ToolError, String(error));
    return error.message;
  };

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
    ['up/root/a.txt', 'a.txt'],
    ['..dots', '..dots'],
    ['...', '...'],
    ['~/x', '~/x'],
    ['$HOME/x', '$HOME/x'],
    ['%2e%2e%2fx', '%2e%2e%2fx'],
    ['.', ''],
    ['src', 'src'],
    [' a.txt', ' a.txt'],
    ['ünïcödé/漢字.md', 'ünïcödé/漢字.md'],
    ['A.TXT', 'A.TXT'],
  ];
  for (const [path, expected] of ACCEPTED) {
    it(`takes ${path} for ${expected === '' ? 'the root' : expected}`, async () => {
      const realPath = join(root, expected);
      assert.deepEqual(await gate(path), { realPath, root, displayPath: expected });
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
    ['out-relative/secret.txt', /outside the workspace/u],
    ['twice/secret.txt', /outside the workspace/u],
    ['up/outside/secret.txt', /outside the workspace/u],
    ['nowhere', /leads nowhere/u],
    ['nowhere/x', /leads nowhere/u],
    ['out-nowhere', /leads nowhere/u],
    ['loop', /leads nowhere/u],
    ['ping/x', /refused/u],
    ['a.txt/x', /a file, not a folder/u],
    ['a.txt/x/y', /a file, not a folder/u],
    ['file:///etc/passwd', /an address/u],
    ['file://evil/share', /an address/u],
    ['FILE:/etc/passwd', /an address/u],
    ['vscode-userdata:/User/settings.json', /an address/u],
    ['https://example.com/x', /an address/u],
    ['C:\\Windows\\x', /drive/u],
    ['c:/x', /drive/u],
    ['c:x', /drive/u],
    ['\\\\evil\\share\\x', /network/u],
    ['//evil/share', /network/u],
    ['\\\\?\\globalroot\\x', /network/u],
    ['/\\evil\\x', /network/u],
    ['', /empty/u],
    ['   ', /empty/u],
    ['a\0b', /control characters/u],
    ['a\nb', /control characters/u],
    ['a\x7fb', /control characters/u],
    ['a\u0085b', /control characters/u],
    ['a\u202Etxt.sh', /control characters/u],
    ['a\u2066b', /control characters/u],
    ['a\u200Fb', /control characters/u],
    ['x'.repeat(256), /refused/u],
    ['d/'.repeat(2500), /refused/u],
  ];
  for (const [path, reason] of REFUSED) {
    it(`refuses ${JSON.stringify(path.slice(0, 40))}`, async () => {
      assert.match(await refuses(path), reason);
    });
  }

  it('takes an absolute path inside, through a link too', async () => {
    for (const path of [join(root, 'a.txt'), join(base, 'link-to-root', 'a.txt')]) {
      assert.deepEqual(await gate(path), {
        realPath: join(root, 'a.txt'),
        root,
        displayPath: 'a.txt',
      });
    }
  });

  it('refuses an absolute path outside', async () => {
    await refuses(join(outside, 'secret.txt'));
    await refuses(join(base, 'root-twin', 'c.txt'));
  });

  it('a workspace folder may itself be a link', async () => {
    const gated = await gate('src/app.ts', [folder('linked', join(base, 'link-to-root'))]);
    assert.deepEqual(gated, {
      realPath: join(root, 'src/app.ts'),
      root,
      displayPath: 'src/app.ts',
    });
  });

  it('without a folder there is no path', async () => {
    assert.match(await refuses('a.txt', []), /No folder is open/u);
  });

  it('a folder that is gone contains nothing', async () => {
    await refuses('a.txt', [folder('gone')]);
  });

  describe('in a workspace of several folders', () => {
    const folders = (): WorkspaceFolder[] => [folder('root'), folder('other')];

    it('paths begin with the name of the folder, or are in the first', async () => {
      assert.deepEqual(await gate('other/b.txt', folders()), {
        realPath: join(base, 'other/b.txt'),
        root: join(base, 'other'),
        displayPath: 'other/b.txt',
      });
      assert.deepEqual(await gate('root/a.txt', folders()), {
        realPath: join(root, 'a.txt'),
        root,
        displayPath: 'root/a.txt',
      });
      assert.equal((await gate('a.txt', folders())).displayPath, 'root/a.txt');
      assert.equal((await gate('other', folders())).displayPath, 'other/');
    });

    it('every display path leads back to the same file', async () => {
      for (const path of ['a.txt', 'root/src/app.ts', 'other/new/x', join(base, 'other/b.txt')]) {
        const gated = await gate(path, folders());
        assert.deepEqual(await gate(gated.displayPath, folders()), gated);
      }
    });

    it('one folder may lead into another, but not out of all', async () => {
      assert.equal((await gate('root/../other/b.txt', folders())).displayPath, 'other/b.txt');
      await refuses('other/../outside/secret.txt', folders());
      await refuses('other/../../x', folders());
    });
  });

  it('whatever is accepted is really inside a folder', async () => {
    const parts = fc.constantFrom(
      ...['..', '.', '', 'src', 'in', 'out', 'out-file', 'up', 'twice', 'loop', 'nowhere', 'docs'],
      ...['root', 'outside', 'other', 'a.txt', 'secret.txt', 'new', '~', 'out-relative', '\\..\\'],
    );
    const paths = fc.tuple(
      fc.constantFrom('', '/', `${base}/`, `${base}/root/`, './'),
      fc.array(parts, { minLength: 1, maxLength: 6 }),
    );
    const folders = [folder('root'), folder('other')];
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(paths, async ([start, names]) => {
        const path = start + names.join('/');
        const gated = await gatePath(folders, path).catch((error: unknown) => {
          assert.ok(error instanceof ToolError, String(error));
          return null;
        });
        if (gated === null) return;
        accepted++;
        let existing = gated.realPath;
        while (!exists(existing)) existing = dirname(existing);
        assert.equal(realpathSync(existing), existing);
        const inside = [root, join(base, 'other')].some(
          (top) => gated.realPath === top || gated.realPath.startsWith(`${top}/`),
        );
        assert.ok(inside, `${path} led to ${gated.realPath}`);
      }),
      { numRuns: 3000 },
    );
    assert.ok(accepted > 100, `Only ${accepted} were accepted`);
  });

  it('a folder that becomes a link out is refused from then on', async () => {
    mkdirSync(join(root, 'turns'));
    const before = await gate('turns/x.txt');
    rmSync(join(root, 'turns'), { recursive: true });
    symlinkSync(outside, join(root, 'turns'));
    await refuses(before.realPath);
    rmSync(join(root, 'turns'));
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
