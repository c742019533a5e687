import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Protection,
  judge,
  judgePaths,
  protection,
  refuseDenied,
  refuseSecret,
} from '../../src/approval/policy.ts';
import { foldPath, settled, visible, withoutEscapes } from '../../src/workspace/names.ts';
import { type GateBench, makeGateBench } from './support/gate-bench.ts';

const PATHS: Record<Protection, readonly string[]> = {
  denied: [
    ...['.git', '.git/config', '.git/hooks/pre-commit', 'sub/.git', 'a/b/.git/objects/x'],
    ...['.hg/hgrc', 'x/.svn/entries', '.vscode/.git/x', '.env/.git'],
  ],
  guarded: [
    ...['.vscode/settings.json', 'sub/.vscode/tasks.json', '.vscode', 'x.code-workspace'],
    ...['sub/.code-workspace', 'AGENTS.md', 'sub/agents.md', '.cursor/mcp.json', '.mcp.json'],
    ...['.claude/settings.json', '.codex/config.toml', '.roo/mcp.json', '.gemini/x', '.kiro/x'],
    ...['.env.example', 'sub/.env.sample', '.env.template', '.env.production.example'],
    ...['.countersign/policy.json', '.countersign.json'],
  ],
  secret: [
    ...['.env', '.env.local', '.env.production', 'sub/.env', '.envrc', '.env/prod', '.env-old'],
    ...['.env.example.local', '.env.examples'],
  ],
  none: [
    ...['a.txt', 'src/app.ts', '', '.gitignore', '.gitattributes', '.github/workflows/ci.yml'],
    ...['git/config', 'my.git/config', 'x.env', 'env', 'environment.ts', '.vscode-test/x'],
    ...['code-workspace', 'agents.mdx', 'my-agents.md', 'vscode/x', '.gitx', '.cursorrules.bak'],
    ...['<U+0041>', 'a<U+202E>b', '.g<U+0069>t/x'],
  ],
};

/** Spellings that one file system or another, or a reader, takes for the plain one. */
const SPELLINGS: [string, (path: string) => string][] = [
  ['upper case', (path) => path.toUpperCase()],
  [
    'mixed case',
    (path) => path.replace(/[a-z]/gu, (at, i: number) => (i % 2 ? at : at.toUpperCase())),
  ],
  ['NFD', (path) => path.normalize('NFD')],
  [
    'full width',
    (path) => path.replace(/[a-z]/gu, (at) => String.fromCodePoint(at.charCodeAt(0) + 0xfee0)),
  ],
  [
    'mathematical letters',
    (path) => path.replace(/[a-z]/gu, (at) => String.fromCodePoint(at.charCodeAt(0) + 0x1d3b9)),
  ],
  [
    'circled letters',
    (path) => path.replace(/[a-z]/gu, (at) => String.fromCodePoint(at.charCodeAt(0) + 0x246f)),
  ],
  ['long s and dotless i', (path) => path.replaceAll('s', 'ſ').replaceAll('i', 'ı')],
  ['the Kelvin sign', (path) => path.replaceAll('k', '\u212a')],
  ...[0x200c, 0x200d, 0x200e, 0x202e, 0x206a, 0x206f, 0xfeff, 0xad, 0x2060, 0xfe0f, 0xe0061].map(
    (code): [string, (path: string) => string] => [
      `U+${code.toString(16)} between the letters`,
      (path) => path.replace(/(?<=[a-z])/gu, String.fromCodePoint(code)),
    ],
  ),
  ['invisible characters, spelt out', (path) => visible(path.replace(/(?<=[a-z])/gu, '\u200c'))],
  ['a dot at the end of names', (path) => path.replace(/(?<=[a-z])(?=\/|$)/gu, '.')],
  ['a space at the end of names', (path) => path.replace(/(?<=[a-z])(?=\/|$)/gu, ' ')],
];

describe('the policy', () => {
  for (const [expected, paths] of Object.entries(PATHS)) {
    it(`${expected}: ${paths.slice(0, 4).join(', ')} and so on`, () => {
      for (const path of paths) assert.equal(protection(path), expected, path);
    });
  }

  for (const [what, spelt] of SPELLINGS) {
    it(`${what.includes('case') ? 'PATH-10' : 'PATH-11'}: ${what} changes no protection`, () => {
      for (const [expected, paths] of Object.entries(PATHS)) {
        if (expected === 'none') continue;
        for (const path of paths)
          assert.equal(protection(spelt(path.toLowerCase())), expected, spelt(path));
      }
    });
  }

  it('every change asks, a deletion with high risk', () => {
    assert.deepEqual(judge('src/app.ts', false), {
      why: 'Default: every change asks',
      risk: 'low',
    });
    assert.equal(judge('src/app.ts', true).risk, 'high');
  });

  it('a protected file asks with high risk and says why', () => {
    const whys: [string, RegExp][] = [
      ['.git/config', /repository: never/u],
      ['.vscode/settings.json', /steers the editor/u],
      ['AGENTS.md', /steers agents/u],
      ['.env.example', /may hold secrets/u],
      ['.v\u200cscode/x', /steers the editor/u],
      ['.v<U+200C>scode/x', /steers the editor/u],
    ];
    for (const [path, why] of whys) {
      const verdict = judge(path, false);
      assert.match(verdict.why, why);
      assert.equal(verdict.risk, 'high');
    }
  });

  it('of several paths the worst counts, whatever their order, and each reason is said once', () => {
    const path = (displayPath: string, warnings: string[] = []) => ({ displayPath, warnings });
    const paths = [
      path('a.txt'),
      path('.vscode/a', ['odd']),
      path('.vscode/b'),
      path('b.txt', ['odd', 'other']),
    ];
    for (const order of [paths, paths.toReversed()]) {
      const { why, risk } = judgePaths(order, false);
      assert.equal(risk, 'high');
      assert.deepEqual(why.split(' · ').toSorted(), [
        'Protected file, steers the editor: always asks',
        'odd',
        'other',
      ]);
    }
    assert.equal(judgePaths([path('a.txt'), path('b.txt')], false).risk, 'low');
    assert.equal(judgePaths([path('a.txt'), path('b.txt', ['odd'])], false).risk, 'high');
    assert.equal(judgePaths([{ ...path('docs/a'), policyPath: '.vscode/a' }], false).risk, 'high');
    assert.equal(judgePaths([], false).risk, 'low');
  });

  it('folding a path once is enough, and case and form make no difference', () => {
    const same = (path: string): void => {
      const folded = foldPath(path);
      assert.equal(foldPath(folded), folded);
      for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) {
        assert.equal(foldPath(path.normalize(form)), folded, JSON.stringify([path, form]));
      }
      assert.equal(withoutEscapes(visible(path)), withoutEscapes(path));
    };
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        same(text);
      }),
      { numRuns: 5000 },
    );
    for (const [first, last] of [
      [0, 0x3400],
      [0xa640, 0xac00],
      [0xf900, 0x10000],
      [0x1d400, 0x1d800],
    ] as const) {
      for (let code = first; code < last; code++) {
        const path = `a${String.fromCodePoint(code)}b`;
        same(path);
        assert.equal(foldPath(path.toUpperCase()), foldPath(path));
        assert.equal(foldPath(path.toLowerCase()), foldPath(path));
      }
    }
  });

  it('an escape that stands for nothing hidden is left as it is', () => {
    for (const text of ['<U+0041>', '<U+002F>', '<U+2E>', '<U+FFFFFF>', '<u+202E>', '<U+0202E>']) {
      assert.equal(withoutEscapes(text), text);
    }
    assert.equal(withoutEscapes('a<U+202E><U+200C>b'), 'a\u202e\u200cb');
  });
});

describe('the policy on what the gate answers', () => {
  let bench: GateBench;
  before(() => {
    bench = makeGateBench();
  });
  after(() => {
    bench.close();
  });

  it('PATH-10: upper case reaches the same decision through the gate', async () => {
    for (const path of ['.GIT/hooks/x', '.Git/config', 'sub/.gIT', '.HG/hgrc']) {
      const gated = await bench.gate(path);
      assert.throws(() => {
        refuseDenied(gated);
      }, /never changed/u);
    }
    for (const path of [
      '.VSCODE/Settings.json',
      '.Cursor/MCP.json',
      'Agents.MD',
      'X.CODE-Workspace',
    ]) {
      const gated = await bench.gate(path);
      refuseDenied(gated);
      assert.deepEqual(judgePaths([gated], false), judge(path.toLowerCase(), false));
    }
    const env = await bench.gate('sub/.ENV');
    assert.throws(() => {
      refuseSecret(env);
    }, /may hold secrets/u);
  });

  it('PATH-11: an unusual spelling asks with high risk, and says what it is judged as', async () => {
    const odd: [string, string][] = [
      ['ﬁle.txt', 'file.txt'],
      ['cafe\u0301.md', 'café.md'],
      ['x/ｒｅａｄｍｅ', 'x/readme'],
      ['℡', 'TEL'],
      ['．．／x', '../x'],
    ];
    for (const [path, plain] of odd) {
      const gated = await bench.gate(path);
      assert.equal(gated.displayPath, path);
      const { why, risk } = judgePaths([gated], false);
      assert.equal(risk, 'high');
      assert.ok(why.includes(plain), why);
      assert.equal(settled(path), plain);
    }
    for (const path of [
      'file.txt',
      'café.md',
      'Straße.md',
      'İ.txt',
      'ΑΣ',
      '한글.md',
      'FILE',
      '👍.md',
    ]) {
      const gated = await bench.gate(path);
      assert.deepEqual(judgePaths([gated], false), judge('file.txt', false));
    }
  });

  it('PATH-11: the repository’s folder is denied in any spelling', async () => {
    for (const path of [
      '.g\u200cit/config',
      '.ＧＩＴ/x',
      '.gı\u202et/hooks/x',
      'sub/.\ufeffgit',
      '.ℊit/x',
    ]) {
      const gated = await bench.gate(path);
      assert.throws(() => {
        refuseDenied(gated);
      }, /never changed/u);
      assert.equal(judgePaths([gated], false).risk, 'high');
    }
  });
});
