import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findChanges, withChange } from '../../src/workspace/change-states.ts';
import { changesOf, compose, linesOf } from '../../src/workspace/changes.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');

/** What is found of each change: `+` in, `-` out, `~` edited, and where; then what is typed apart. */
function outline(before: string, after: string, shown: string): string {
  const { changes, own } = findChanges(before, after, shown);
  const marks = { in: '+', out: '-', edited: '~' };
  return [
    ...changes.map(({ found, at }) => `${marks[found]}${at.start}-${at.end}`),
    ...own.map(({ start, end }) => `own ${start}-${end}`),
  ].join(' ');
}

const text = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 14 }),
    fc.infiniteStream(fc.constantFrom('\n', '\n', '\r\n')),
    fc.boolean(),
  )
  .map(([all, ends, isClosed]) =>
    all
      .map((line, at) => line + (at < all.length - 1 || isClosed ? String(ends.next().value) : ''))
      .join(''),
  );

describe('what a text has of the changes of another', () => {
  const before = lines('a', 'b', 'c', 'd', 'e', 'f', 'g');
  const after = lines('a', 'B', 'c', 'd', 'new', 'e', 'g');

  it('is each one, where nothing else is in it', () => {
    assert.equal(outline(before, after, after), '+1-2 +4-5 +6-6');
    assert.equal(outline(before, after, before), '-1-2 -4-4 -5-6');
    const first = lines('a', 'B', 'c', 'd', 'e', 'f', 'g');
    assert.equal(outline(before, after, first), '+1-2 -4-4 -5-6');
  });

  it('is said apart from what is typed elsewhere', () => {
    const typed = lines('top', 'a', 'B', 'c', 'd', 'E', 'f', 'g', 'end');
    assert.equal(outline(before, after, typed), '+2-3 -5-5 -6-7 own 0-1 own 5-6 own 8-9');
  });

  it('is an edited one where it is neither as before nor as proposed', () => {
    const typed = lines('a', 'B!', 'c', 'd', 'new', 'newer', 'e', 'g');
    assert.equal(outline(before, after, typed), '~1-2 +4-5 +7-7 own 5-6');
    const [first] = findChanges(before, after, typed).changes;
    assert.ok(first);
    const back = lines('a', 'b', 'c', 'd', 'new', 'newer', 'e', 'g');
    assert.equal(withChange(typed, first, false), back);
  });

  it('is found where lines repeat, and of two equal answers the one that is meant', () => {
    const [one, both] = [lines('a'), lines('a', 'b', 'a', 'b', 'a')];
    for (const { found } of findChanges(one, both, both).changes) assert.equal(found, 'in');
    const sides = findChanges(lines('x', 'x'), lines('y', 'x', 'x', 'y'), lines('y', 'x', 'x'));
    assert.deepEqual(
      sides.changes.map(({ found }) => found),
      ['in', 'out'],
    );
  });

  it('keeps lines apart when one without an end gets others after it', () => {
    const [closed, more] = [lines('a', 'b'), lines('a', 'b', 'c')];
    const typed = 'a\nb';
    const [change] = findChanges(closed, more, typed).changes;
    assert.ok(change);
    assert.equal(withChange(typed, change, true), 'a\nb\nc\n');
  });

  it('is exactly any set of random changes, and any other set is one step after the other away', () => {
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(fc.boolean()),
        fc.array(fc.boolean()),
        (old, next, some, others) => {
          const changes = changesOf(old, next);
          const all = changes.map((_, index) => index);
          const isOut = (index: number): boolean => some[index] === true;
          const kept = (out: readonly boolean[]): string =>
            compose(
              old,
              next,
              all
                .filter((index) => out[index] !== true)
                .map((change) => ({ change, lines: 'all' })),
            );
          let shown = kept(some);
          const { changes: found, own } = findChanges(old, next, shown, isOut);
          assert.deepEqual(
            found.map((one) => one.found),
            all.map((index) => (isOut(index) ? 'out' : 'in')),
          );
          assert.deepEqual(own, []);
          for (const index of all) {
            const [before, now] = [some, others].map((out) => (one: number) => out[one] === true);
            const isOutNow = (one: number): boolean => (one < index ? now : before)?.(one) === true;
            const change = findChanges(old, next, shown, isOutNow).changes[index];
            assert.ok(change);
            shown = withChange(shown, change, others[index] !== true);
          }
          assert.equal(shown, kept(others));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('has its place in any text', () => {
    fc.assert(
      fc.property(text, text, text, (old, next, shown) => {
        const { changes, own } = findChanges(old, next, shown);
        const count = linesOf(shown).length;
        for (const { start, end } of [...changes.map(({ at }) => at), ...own]) {
          assert.ok(0 <= start && start <= end && end <= count);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('stays apart from what is typed, whichever are taken out and put back', () => {
    const step = fc.constantFrom('keep', 'keep', 'delete', 'replace', 'insert');
    const position = fc.nat(40);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.array(position), (steps, typedAt) => {
        const old = lines(...steps.map((_, at) => `old ${at}`));
        const next = lines(
          ...steps.flatMap((kind, at) => [
            ...(kind === 'replace' || kind === 'insert' ? [`new ${at}`] : []),
            ...(kind === 'keep' || kind === 'insert' ? [`old ${at}`] : []),
          ]),
        );
        const typed = linesOf(next);
        for (const at of typedAt) typed.splice(at % (typed.length + 1), 0, 'typed\n');
        let shown = typed.join('');
        const untyped = (): string => shown.replaceAll('typed\n', '');
        for (const isIn of [false, true]) {
          for (const at of changesOf(old, next).keys()) {
            const isOut = (one: number): boolean => (one < at ? !isIn : isIn);
            const change = findChanges(old, next, shown, isOut).changes[at];
            assert.ok(change);
            if (change.found !== (isIn ? 'in' : 'out')) shown = withChange(shown, change, isIn);
          }
          assert.equal(untyped(), isIn ? next : old);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
