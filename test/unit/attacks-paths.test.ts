import assert from 'node:assert/strict';
import { join } from 'node:path';
import { judgePaths, refuseDenied, refuseSecret } from '../../src/approval/policy.ts';
import { nodeFileSystem } from '../../src/workspace/file-system.ts';
import { recorded } from './support/folding-files.ts';
import { type GateBench, makeGateBench } from './support/gate-bench.ts';

describe('attacks by paths', () => {
  let bench: GateBench;

  beforeEach(() => {
    bench = makeGateBench();
  });
  afterEach(() => {
    bench.close();
  });

  it('PATH-01: no way up leads out, and none is even looked at', async () => {
    for (const path of [
      ...['..', '../x', '../../x', 'src/../../x', './../x', 'src/deep/../../../x', '../root/../x'],
      ...['.//..//x', '../root-twin/c.txt', '../outside/secret.txt', 'new/../../x', '../.git/x'],
      '../'.repeat(50) + 'etc/passwd',
    ]) {
      await bench.refusesUnseen(path, /outside the workspace/u);
    }
    for (const path of ['..\\..\\x', '..\\x', 'src\\..\\..\\..\\x', '.\\..\\x', '..\\/..\\x']) {
      await bench.refusesUnseen(path, /backslash/u);
    }
  });

  it('PATH-02: an absolute path outside is refused, and not looked at', async () => {
    const { files, calls } = recorded(nodeFileSystem);
    for (const path of [
      ...['/etc/passwd', '/', '/proc/self/environ', '/dev/zero', '/root/../etc/shadow'],
      ...[join(bench.outside, 'secret.txt'), `${bench.root}-twin/c.txt`, `${bench.root}/../x`],
    ]) {
      const reason = await bench.refuses(path, [bench.folder('root')], files);
      assert.match(reason, /outside the workspace/u);
    }
    assert.deepEqual([...new Set(calls)], [`realpath ${bench.root}`]);
    for (const path of ['C:\\Windows\\x', 'c:/x', 'c:x', 'Z:', 'C:..\\x', 'c:/root/a.txt']) {
      await bench.refusesUnseen(path, /drive/u);
    }
    await bench.refusesUnseen('\\Windows\\x', /backslash/u);
  });

  it('PATH-04: nothing behind a link that leads out is taken, or looked at', async () => {
    const { files, calls } = recorded(nodeFileSystem);
    for (const path of [
      ...['out', 'out/secret.txt', 'out/new.txt', 'out/new/er.txt', 'out-file', 'twice/secret.txt'],
      ...['out-absolute/passwd', 'up/outside/secret.txt', 'up/root/a.txt', 'in/../out/secret.txt'],
      join(bench.root, 'out/secret.txt'),
    ]) {
      assert.match(
        await bench.refuses(path, [bench.folder('root')], files),
        /outside the workspace/u,
      );
    }
    for (const path of ['nowhere', 'nowhere/x', 'out-nowhere', 'out-nowhere/x']) {
      assert.match(await bench.refuses(path, undefined, files), /leads nowhere/u);
    }
    for (const path of ['loop', 'loop/x', 'ping', 'ping/x']) {
      assert.match(await bench.refuses(path, undefined, files), /in circles/u);
    }
    const below = calls.filter((call) => /\/(?:out|twice|up|nowhere|loop|ping)[^/]*\//u.test(call));
    assert.deepEqual(below, []);
  });

  it('PATH-05: the policy judges where a harmless link leads', async () => {
    bench.put('notes', 'docs/pre-commit');
    bench.put('config', '.git');
    bench.put('readme/latest', '../config/hooks');
    for (const [path, led] of [
      ['docs/pre-commit', '.git/hooks/pre-commit'],
      ['docs/new', '.git/hooks/new'],
      ['docs/new/er/x', '.git/hooks/new/er/x'],
      ['notes', '.git/hooks/pre-commit'],
      ['config/config', '.git/config'],
      ['readme/latest/x', '.git/hooks/x'],
    ] as const) {
      const gated = await bench.gate(path);
      assert.equal(gated.displayPath, led);
      assert.equal(gated.policyPath, led);
      assert.throws(() => {
        refuseDenied(gated);
      }, /never changed/u);
    }
    const gated = await bench.gate('pre-commit', [bench.folder('docs', join(bench.root, 'docs'))]);
    assert.throws(() => {
      refuseDenied(gated);
    }, /never changed/u);
  });

  it('PATH-13: a network address is refused before anything is looked at', async () => {
    for (const path of [
      ...['\\\\evil\\s\\f', '//evil/s', '\\/evil/s', '/\\evil\\s', '///evil/s', '\\\\evil'],
      ...['\\\\?\\globalroot\\device', '\\\\?\\C:\\x', '\\\\.\\pipe\\x', '//./pipe/x', '//?/C:/x'],
      ...['\\\\?\\UNC\\evil\\s', `/${bench.root}/a.txt`, '\\\\evil@SSL@443\\DavWWWRoot\\x'],
    ]) {
      await bench.refusesUnseen(path, /network address/u);
    }
    for (const path of [
      ...['file://evil/s', 'file:///etc/passwd', 'FILE:/etc/passwd', 'file:x', 'http://evil/x'],
      ...['https://evil/x', 'vscode-userdata:/User/settings.json', 'smb://evil/s', 'data:,x'],
      ...['vscode-remote://ssh-remote+evil/x', 'javascript:alert(1)', 'git+ssh://evil/x'],
    ]) {
      await bench.refusesUnseen(path, /an address, not a path/u);
    }
    await bench.refusesUnseen('\\??\\C:\\x', /backslash/u);
  });

  it('PATH-14: control characters are refused unseen', async () => {
    const codes = [
      ...Array(0x20).keys(),
      0x7f,
      ...[...Array(0x20).keys()].map((one) => one + 0x80),
    ];
    for (const code of codes) {
      const character = String.fromCodePoint(code);
      for (const path of [`a${character}b`, `${character}/a.txt`, `src/x${character}`]) {
        await bench.refusesUnseen(path, /control characters/u);
      }
    }
    await bench.refusesUnseen('a\ud800.txt', /valid Unicode/u);
    await bench.refusesUnseen('a\udc00\ud800.txt', /valid Unicode/u);
  });

  it('PATH-14: what turns text around, or cannot be seen, asks and is spelt out', async () => {
    for (const code of [
      ...[0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068],
      ...[0x2069, 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0xad, 0x3164, 0xa0, 0x3000, 0x2028],
      ...[0x2029, 0xe0041, 0xfe0f],
    ]) {
      const path = `a${String.fromCodePoint(code)}txt.sh`;
      const gated = await bench.gate(path);
      assert.equal(gated.realPath, join(bench.root, path));
      const escaped = `a<U+${code.toString(16).toUpperCase().padStart(4, '0')}>txt.sh`;
      assert.equal(gated.displayPath, escaped);
      assert.ok(gated.warnings.some((words) => words.includes(escaped)));
      const { why, risk } = judgePaths([gated], false);
      assert.equal(risk, 'high');
      assert.ok(why.includes(escaped));
    }
  });

  it('PATH-14: so does the text of a refusal', async () => {
    const words = await bench.refuses('../a\u202Etxt.sh');
    assert.ok(words.includes('../a<U+202E>txt.sh'));
    assert.doesNotMatch(await bench.refuses('a\u0007b\nc'), /\p{Cc}/u);
  });

  it('PATH-16: names are never decoded or expanded', async () => {
    for (const path of [
      ...['%2e%2e%2fx', '%2e%2e/x', '..%2fx', '~/x', '~root/x', '$HOME/x', '${HOME}/x', '%TEMP%/x'],
      ...['$(id)', '`id`', '*', '?', '{a,b}', '&#46;&#46;/x', '‥/x', '..／x', '．．／x'],
    ]) {
      assert.equal((await bench.gate(path)).realPath, join(bench.root, path));
    }
    for (const path of ['..%5cx', '%2e%2e\\x', '\\u002e\\u002e/x', '$HOME\\x']) {
      const gated = await bench.gate(path).catch(() => null);
      assert.ok(gated === null || gated.realPath === join(bench.root, path));
    }
  });

  it('PATH-19: both ends of a move are judged where they really are', async () => {
    const denied = async (path: string): Promise<boolean> => {
      const gated = await bench.gate(path);
      try {
        refuseDenied(gated);
        return false;
      } catch {
        return true;
      }
    };
    assert.equal(await denied('notes.txt'), false);
    assert.equal(await denied('.git/hooks/pre-commit'), true);
    assert.equal(await denied('docs/pre-commit'), true);
    // In two steps: first beside a link to the hooks, then through it; or the folder first.
    assert.equal(await denied('docs'), true);
    assert.equal(await denied('sub/.git'), true);
    for (const ends of [
      ['notes.txt', '.vscode/tasks.json'],
      ['.vscode/tasks.json', 'notes.txt'],
      ['notes.txt', 'settings'],
      ['AGENTS.md', 'old.md'],
    ]) {
      const gated = await Promise.all(ends.map((path) => bench.gate(path)));
      assert.equal(judgePaths(gated, false).risk, 'high');
    }
    const harmless = await Promise.all(
      ['notes.txt', 'new/notes.txt'].map((one) => bench.gate(one)),
    );
    assert.equal(judgePaths(harmless, false).risk, 'low');
  });

  it('PATH-23: a file of secrets is not read, by whatever name', async () => {
    bench.put('sub/link', '../settings');
    bench.put('env', '.');
    bench.put('.env.d/prod');
    for (const path of [
      ...['.env', '.ENV', 'settings', 'sub/link', 'env/.env', 'env/settings', '.env.local'],
      ...['sub/.env.production', '.env.d/prod', '.e\u200dnv', '.ｅnv', '.envrc'],
    ]) {
      const gated = await bench.gate(path);
      assert.throws(() => {
        refuseSecret(gated);
      }, /may hold secrets/u);
    }
    for (const path of [
      '.env.example',
      '.env.sample',
      'sub/.ENV.template',
      'env/a.txt',
      'env.ts',
    ]) {
      refuseSecret(await bench.gate(path));
    }
  });

  it('PATH-25: names and paths that are too long are refused in words, with nothing made', async () => {
    const before = bench.all();
    for (const name of ['x'.repeat(256), 'é'.repeat(128), '漢'.repeat(86), '😀'.repeat(64)]) {
      for (const path of [name, `src/${name}`, `${name}/x`, `src/../${name}`]) {
        await bench.refusesUnseen(path, /begins with .* is longer than 255 bytes/u);
      }
    }
    for (const path of [
      'd/'.repeat(2500),
      'x'.repeat(5000),
      '/'.repeat(5000),
      '漢/'.repeat(1250),
    ]) {
      await bench.refusesUnseen(path, /longer than 4095 bytes/u);
      assert.ok((await bench.refuses(path)).length < 400);
    }
    for (const name of ['x'.repeat(255), 'é'.repeat(127)]) {
      assert.equal((await bench.gate(`new/${name}`)).displayPath, `new/${name}`);
    }
    const rest = 4095 - bench.root.length - 1;
    const long = 'd/'.repeat(2040).slice(0, rest - 1) + 'x';
    assert.equal((await bench.gate(long)).realPath.length, 4095);
    await bench.refusesUnseen(`${long}x`, /with its workspace folder, .* longer than 4095 bytes/u);
    assert.deepEqual(bench.all(), before);
  });
});
