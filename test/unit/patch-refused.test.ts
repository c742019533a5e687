import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ToolError } from '../../src/shared/errors.ts';
import { type FilePatch, parsePatch } from '../../src/workspace/patch.ts';
import { refused } from '../support/patches.ts';

describe('a patch that is refused', () => {
  const edit = (path: string): string => `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-x\n+y\n`;
  const created = '--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+y\n';
  const REFUSED: [string, string, ...RegExp[]][] = [
    ['nothing', '', /names no file/u, /--- a\/path/u],
    ['only white space', '\n \n', /names no file/u],
    ['only words', 'Please change x to y.\n', /names no file/u],
    ['a hunk without a file', '@@ -1 +1 @@\n-x\n+y\n', /Line 1 .* before the file's name/u],
    [
      'an old name without a new one',
      `${edit('y')}\n--- a/x\n@@ -1 +1 @@\n-x\n+y\n`,
      /Line 7 .* belong together/u,
    ],
    [
      'a new name without an old one',
      `${edit('y')}\n+++ b/x\n@@ -1 +1 @@\n-x\n+y\n`,
      /Line 7 .* belong together/u,
    ],
    ['a file without hunks', '--- a/x\n+++ b/x\n', /Line 1 .* no hunk for x/u],
    [
      'a file without hunks, of git',
      'diff --git a/x b/x\nindex 1..2\n',
      /Line 1 .* no hunk for x/u,
    ],
    [
      'a hunk of context only',
      '--- a/x\n+++ b/x\n@@ -1 +1 @@\n x\n',
      /Line 3 .* no line with \+ or -/u,
    ],
    ['a hunk of nothing', '--- a/x\n+++ b/x\n@@ -1 +1 @@\n', /Line 3 .* no line with \+ or -/u],
    ['a line without a sign', '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\nfoo\n+y\n', /Line 5 .*"foo"/u],
    ['lines after a hunk', `${edit('x')}\nwords\n+z\n`, /Line 8 .* in no hunk/u],
    [
      'a file twice',
      edit('x') + edit('y') + edit('x'),
      /Line 11 .*x is in the patch already, at line 1/u,
    ],
    ['a new file twice', created + created, /Line 5 .*x is in the patch already/u],
    [
      'a file edited and deleted',
      `${edit('x')}--- a/x\n+++ /dev/null\n`,
      /Line 6 .*x is in the patch already/u,
    ],
    [
      'a rename to a file of the patch',
      `${edit('x')}rename from y\nrename to x\n`,
      /x is in the patch already/u,
    ],
    ['two names', '--- a/x\n+++ b/y\n@@ -1 +1 @@\n-x\n+y\n', /x and y differ.*rename from/u],
    [
      'no file on both sides',
      '--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-x\n',
      /name of the file is missing/u,
    ],
    ['half a rename', 'rename from x\n', /rename has two names/u],
    ['a rename to itself', 'rename from x\nrename to x\n', /rename has two names/u],
    [
      'a new file with old lines',
      '--- /dev/null\n+++ b/x\n@@ -1 +1 @@\n+a\n b\n',
      /Line 3 .* begins with \+/u,
    ],
    ['a new file without lines', '--- /dev/null\n+++ b/x\n', /new file mode 100644/u],
    [
      'a deletion that adds',
      '--- a/x\n+++ /dev/null\n@@ -1 +1 @@\n-x\n+y\n',
      /Line 3 .*x is deleted/u,
    ],
    ['a copy', 'diff --git a/x b/y\ncopy from x\ncopy to y\n', /Line 2 .*copy/u],
    ['a binary file', 'diff --git a/x b/x\nBinary files a/x and b/x differ\n', /Line 2 .*binary/u],
    ['a binary patch', 'diff --git a/x b/x\nGIT binary patch\n', /Line 2 .*binary/u],
    ['a mode', 'diff --git a/x b/x\nold mode 100644\nnew mode 100755\n', /Line 2 .*mode/u],
    [
      'an executable file',
      `diff --git a/x b/x\nnew file mode 100755\n${created}`,
      /Line 2 .*mode/u,
    ],
    ['a link', `diff --git a/x b/x\nnew file mode 120000\n${created}`, /Line 2 .*link/u],
    ['a merge', '--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n- x\n', /Line 3 .*combined/u],
    [
      'another format',
      '*** Begin Patch\n*** Update File: x\n@@\n-x\n+y\n*** End Patch\n',
      /not a unified diff/u,
    ],
    ['quotes that do not end', '--- "a/x\n+++ "b/x\n@@ -1 +1 @@\n-x\n', /Line 1 .*cannot be read/u],
    [
      'quotes with a wrong escape',
      '--- /dev/null\n+++ "b/\\q"\n@@ -0,0 +1 @@\n+x\n',
      /Line 2 .*cannot be read/u,
    ],
    [
      'a name that is no UTF-8',
      '--- /dev/null\n+++ "b/\\377"\n@@ -0,0 +1 @@\n+x\n',
      /Line 2 .*cannot be read/u,
    ],
    ['an empty name', '--- a/x\n+++ \n@@ -1 +1 @@\n-x\n', /Line 2 .*cannot be read/u],
  ];
  for (const [what, patch, ...words] of REFUSED) {
    it(`has ${what}`, () => {
      refused(() => parsePatch(patch), ...words);
    });
  }

  it('is refused with words or read, whatever it is', () => {
    const line = fc.constantFrom(
      ...['--- a/x', '+++ b/x', '--- /dev/null', '+++ /dev/null', 'diff --git a/x b/x'],
      ...['@@ -1 +1 @@', '@@', '@@ -1,2 +1,2 @@', ' a', '-a', '+a', '', '\\ No newline', 'words'],
      ...['rename from x', 'rename to y', 'new file mode 100644', 'deleted file mode 100644'],
      ...['--- "a/\\', 'index 1..2', '-- ', '2.39.5', '```', '--- a/y', '+++ b/y', '\r'],
    );
    let read = 0;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
        const all = ['--- a/q', '+++ b/q', '@@ -1 +1 @@', '-q', '+q', ...lines];
        let patches: readonly FilePatch[];
        try {
          patches = parsePatch(all.join('\n'));
        } catch (error) {
          assert.ok(error instanceof ToolError, String(error));
          return;
        }
        read++;
        assert.equal(
          patches.reduce((sum, one) => sum + added(one), 0),
          all.filter((text) => /^\+[aq]/u.test(text)).length,
        );
      }),
      { numRuns: 5000 },
    );
    assert.ok(read > 300, String(read));
  });
});

function added(patch: FilePatch): number {
  if (patch.kind === 'create') return patch.text.split('\n').filter((line) => line === 'a').length;
  return patch.hunks
    .flatMap(({ lines }) => lines)
    .filter(({ kind, text }) => kind === 'added' && /^[aq]$/u.test(text)).length;
}
