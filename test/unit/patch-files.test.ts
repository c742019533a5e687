import assert from 'node:assert/strict';
import fc from 'fast-check';
import { quoted, unquoted } from '../../src/workspace/patch-names.ts';
import { applyHunks, parsePatch } from '../../src/workspace/patch.ts';

describe('a patch of several files', () => {
  it('creates, deletes, edits and renames', () => {
    const patch = [
      ...['diff --git a/old name.ts b/new name.ts', 'similarity index 90%'],
      ...['rename from old name.ts', 'rename to new name.ts'],
      ...['--- a/old name.ts', '+++ b/new name.ts', '@@ -1 +1 @@', '-x', '+y'],
      ...['diff --git a/p b/q', 'similarity index 100%', 'rename from p', 'rename to q'],
      ...['--- /dev/null', '+++ b/made.ts', '@@ -0,0 +1,2 @@', '+one', '+two'],
      ...['--- a/gone.ts', '+++ /dev/null', '@@ -1 +0,0 @@', '-bye'],
      ...[
        '--- a/edited.ts',
        '+++ b/edited.ts',
        '@@ -1 +1 @@',
        '-x',
        '+y',
        '@@ -9 +9 @@',
        '-a',
        '+b',
      ],
      ...['diff --git a/empty b/empty', 'new file mode 100644', 'index 0000000..e69de29'],
      ...[
        'diff --git a/was empty b/was empty',
        'deleted file mode 100755',
        'index e69de29..0000000',
      ],
      '',
    ].join('\n');
    const hunk = (old: string, now: string, oldStart: number, patchLine: number): object => ({
      oldStart,
      patchLine,
      lines: [
        { kind: 'removed', text: old, openEnd: false },
        ...(now === '' ? [] : [{ kind: 'added', text: now, openEnd: false }]),
      ],
    });
    assert.deepEqual(parsePatch(patch), [
      { kind: 'move', from: 'old name.ts', to: 'new name.ts', hunks: [hunk('x', 'y', 1, 7)] },
      { kind: 'move', from: 'p', to: 'q', hunks: [] },
      { kind: 'create', path: 'made.ts', text: 'one\ntwo\n' },
      { kind: 'delete', path: 'gone.ts', hunks: [hunk('bye', '', 1, 21)] },
      { kind: 'edit', path: 'edited.ts', hunks: [hunk('x', 'y', 1, 25), hunk('a', 'b', 9, 28)] },
      { kind: 'create', path: 'empty', text: '' },
      { kind: 'delete', path: 'was empty', hunks: [] },
    ]);
  });

  it('may count badly before a header of the next file', () => {
    const file = (name: string): string =>
      `--- a/${name}\n+++ b/${name}\n@@ -1,3 +1,3 @@\n a\n-b\n+c\n`;
    const [one, two] = parsePatch(file('one') + file('two'));
    assert.ok(one?.kind === 'edit' && two?.kind === 'edit');
    assert.deepEqual([one.path, two.path], ['one', 'two']);
    assert.equal(applyHunks('a\nb\n', one.hunks, 'one'), 'a\nc\n');
  });

  it('may be without lines of git for a rename', () => {
    const rename = 'rename from a b\nrename to c\n';
    const edit = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\n+y\n';
    const kinds = (patch: string): string[] => parsePatch(patch).map(({ kind }) => kind);
    assert.deepEqual(kinds(rename + edit), ['move', 'edit']);
    assert.deepEqual(kinds(edit + rename), ['edit', 'move']);
    assert.deepEqual(kinds(`${rename}rename from d\nrename to e\n`), ['move', 'move']);
    assert.deepEqual(parsePatch(`--- a/o\n+++ b/n\nrename from o\nrename to n\n@@ @@\n-x\n`), [
      {
        kind: 'move',
        from: 'o',
        to: 'n',
        hunks: [
          { oldStart: null, patchLine: 5, lines: [{ kind: 'removed', text: 'x', openEnd: false }] },
        ],
      },
    ]);
  });

  const CREATED: [string, string, string][] = [
    ['without a last line end', '+a\n\\ No newline at end of file\n', 'a'],
    ['with CRLF of its own', '+a\r\n+b\r\n', 'a\r\nb\r\n'],
    [
      'with lines that look like a patch',
      '+--- a/x\n+++ b/x\n+@@ -1 +1 @@\n+\n',
      '--- a/x\n++ b/x\n@@ -1 +1 @@\n\n',
    ],
  ];
  for (const [what, body, text] of CREATED) {
    it(`creates a file ${what}`, () => {
      const patch = `--- /dev/null\n+++ b/x\n@@ -0,0 +1,9 @@\n${body}`;
      assert.deepEqual(parsePatch(patch), [{ kind: 'create', path: 'x', text }]);
    });
  }

  const NAMES: [string, string][] = [
    ['"b/with \\"quotes\\".ts"', 'with "quotes".ts'],
    ['"b/\\303\\244\\t\\\\.ts"', 'ä\t\\.ts'],
    ['b/with spaces.ts\t', 'with spaces.ts'],
    ['b/漢字.ts', '漢字.ts'],
    ['b/b/x.ts', 'b/x.ts'],
    ["b/it's.ts", "it's.ts"],
    ['b/[id].ts', '[id].ts'],
  ];
  for (const [written, path] of NAMES) {
    it(`knows the file ${written}`, () => {
      const patch = `--- /dev/null\n+++ ${written}\n@@ -0,0 +1 @@\n+a\n`;
      assert.deepEqual(parsePatch(patch), [{ kind: 'create', path, text: 'a\n' }]);
    });
  }

  it('quotes names so that they come back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const back = quoted(name).startsWith('"') ? unquoted(quoted(name))?.name : name;
        assert.equal(back, name);
      }),
      { numRuns: 2000 },
    );
  });
});
