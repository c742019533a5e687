import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { plainLine } from '../../src/workspace/plain-line.ts';

/** How VS Code finds links in a message, and icons in a label. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/giu;
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/u;

describe('text of others in the surfaces of the editor', () => {
  it('UI-19: makes no icon of a path', () => {
    const shown = plainLine('$(check) Approved');
    assert.doesNotMatch(shown, ICON);
    assert.equal(shown.replaceAll('\u200B', ''), '$(check) Approved');
  });

  it('UI-19: leaves out the middle of a path of 10 kB, and shows both ends', () => {
    const shown = plainLine(`src/${'a/'.repeat(5000)}evil.ts`);
    assert.ok(shown.length <= 120, `${shown.length}`);
    assert.match(shown, /^src\/a\/.*….*a\/evil\.ts$/u);
  });

  it('makes no link of it', () => {
    for (const link of [
      '[Approved](command:countersign.approve)',
      '[a](https://evil.example/?q=1 "title")',
      '[[a](file:///etc/passwd)',
    ]) {
      assert.doesNotMatch(plainLine(link), LINK);
    }
  });

  it('is one line, and shows what would be hidden or turn the text around', () => {
    assert.equal(plainLine('a\r\n  b\u2028c'), 'a b c');
    assert.equal(plainLine('a\u202Etxt.exe'), 'a<U+202E>txt.exe');
    assert.equal(plainLine('$\u200B(check)'), '$<U+200B>(check)');
  });

  it('leaves ordinary names alone', () => {
    for (const name of ['src/app.ts', 'Größe – 大きさ.md', 'a (1) [x].txt', 'cost $5', '❤️.md']) {
      assert.equal(plainLine(name), name);
    }
  });

  it('holds for any text', () => {
    const piece = fc.constantFrom('$', '(', '](', '[', ')', 'command:x', '😀', '\n', '\u202E', 'a');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.integer({ min: 5, max: 80 }),
        (all, max) => {
          const shown = plainLine(all.join(''), max);
          assert.doesNotMatch(shown, LINK);
          assert.doesNotMatch(shown, ICON);
          assert.ok(shown.replaceAll('\u200B', '').length <= max);
          assert.ok(shown.isWellFormed());
          assert.doesNotMatch(shown, /\n|\u202E/u);
        },
      ),
    );
  });
});
