import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keepEndings } from '../../src/vscode/typed-text.ts';

/** The text as a document of the editor has it. */
function opened(text: string, ending = '\n'): string {
  return text.replaceAll(/\r\n|\r|\n/gu, ending);
}

describe('line endings of a typed text', () => {
  it('ENC-02: lines that nobody touched keep theirs', () => {
    const before = 'a\r\nb\nc\r\nd\n';
    assert.equal(keepEndings(before, opened('a\nB\nc\nd\n')), 'a\r\nB\nc\r\nd\n');
    assert.equal(keepEndings(before, 'a\nnew\nb\nc\nd\n'), 'a\r\nnew\nb\nc\r\nd\n');
    assert.equal(keepEndings(before, 'a\nd\n'), 'a\r\nd\n');
  });

  it('ENC-02: a changed line keeps its own', () => {
    assert.equal(keepEndings('a\r\nb\nc\r\n', 'A\nB\nC\n'), 'A\r\nB\nC\r\n');
    assert.equal(keepEndings('a\r\nb\n', 'A\nnew\nb\n'), 'A\r\nnew\nb\n');
  });

  it('a lone carriage return stays', () => {
    assert.equal(keepEndings('a\rb\nc\n', 'a\nb\nC\n'), 'a\rb\nC\n');
  });

  it('the last line ends as it was typed', () => {
    assert.equal(keepEndings('a\r\nb\nc', 'a\nb\nc\n'), 'a\r\nb\nc\n');
    assert.equal(keepEndings('a\r\nb\nc\n', 'a\nb\nc'), 'a\r\nb\nc');
    assert.equal(keepEndings('a\r\nb\n', ''), '');
  });

  it('a text with one kind of endings is taken as it is, changed endings included', () => {
    assert.equal(keepEndings('a\r\nb\r\n', 'a\nb\n'), 'a\nb\n');
    assert.equal(keepEndings('a\nb\n', 'a\r\nb\r\n'), 'a\r\nb\r\n');
    assert.equal(keepEndings('', 'a\n'), 'a\n');
  });

  it('what was not edited is the same to the byte, whatever it was', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '', '\n', '\r\n', '\r', 'c\r\n'))
      .map((all) => all.join(''));
    const ending = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(text, ending, (before, eol) => {
        fc.pre(/\r(?!\n)/u.test(before) || /(?<!\r)\n/u.test(before));
        fc.pre(before.includes('\r'));
        assert.equal(keepEndings(before, opened(before, eol)), before);
      }),
    );
  });

  it('what was edited has exactly the typed lines', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '', '\n', '\r\n', '\r'))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, text, (before, typed) => {
        assert.equal(opened(keepEndings(before, opened(typed))), opened(typed));
      }),
    );
  });
});
