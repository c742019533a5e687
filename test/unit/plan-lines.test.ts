import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { KeptPlanComment } from '../../src/shared/plan.ts';
import { moveComments, quoteOf, rangeWithin } from '../../src/threads/plan-lines.ts';

const on = (text: string, start: number, end = start): KeptPlanComment => {
  const range = { start, end };
  return { id: 'c', range, quote: quoteOf(text, range), comment: 'Why?' };
};

describe('comments on a plan', () => {
  const before = 'one\ntwo\nthree\nfour\nfive';
  const cases: readonly [what: string, after: string, lines: [number, number], quote: string][] = [
    ['lines above', 'zero\nnought\none\ntwo\nthree\nfour\nfive', [4, 5], 'two\nthree'],
    ['lines below', 'one\ntwo\nthree\nfour\n4½\nfive', [2, 3], 'two\nthree'],
    ['lines above that go', 'two\nthree\nfour\nfive', [1, 2], 'two\nthree'],
    ['another first line', 'one\nTWO\nthree\nfour\nfive', [2, 3], 'TWO\nthree'],
    ['a line between', 'one\ntwo\n2½\nthree\nfour\nfive', [2, 4], 'two\n2½\nthree'],
    ['other lines', 'one\nTWO\nTHREE\nfour\nfive', [2, 3], 'TWO\nTHREE'],
    ['none of them', 'one\nfour\nfive', [2, 2], 'two\nthree'],
    ['nothing', '', [1, 1], ''],
  ];
  for (const [what, after, [start, end], quote] of cases) {
    it(`go along: ${what}`, () => {
      const [moved] = moveComments([on(before, 2, 3)], before, after);
      assert.deepEqual(moved?.range, { start, end });
      assert.equal(moved.quote, quote);
      assert.equal(moved.comment, 'Why?');
    });
  }

  const texts = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 8 });

  it('are always within the text, and quote it, unless what they are about is gone', () => {
    fc.assert(
      fc.property(texts, texts, fc.nat(9), fc.nat(9), (old, now, one, other) => {
        const [from, to] = [old.join('\n'), now.join('\n')];
        const { start, end } = rangeWithin(from, { start: one, end: Math.max(one, other) });
        const comment = on(from, start, end);
        const [moved] = moveComments([comment], from, to);
        assert.ok(moved);
        assert.deepEqual(rangeWithin(to, moved.range), moved.range);
        assert.ok([comment.quote, quoteOf(to, moved.range)].includes(moved.quote));
      }),
    );
  });

  it('stay with their line when nothing but lines around it comes', () => {
    fc.assert(
      fc.property(texts, texts, (above, below) => {
        const from = ['x', 'the line', 'y'].join('\n');
        const to = ['x', ...above, 'the line', ...below, 'y'].join('\n');
        const [moved] = moveComments([on(from, 2)], from, to);
        assert.equal(moved?.quote, 'the line');
        assert.equal(moved.range.start, above.length + 2);
      }),
    );
  });
});
