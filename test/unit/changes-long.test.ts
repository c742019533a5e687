import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changesOf } from '../../src/workspace/changes.ts';
import { checkChanges } from './support/check-changes.ts';

describe('the changes between two long texts', () => {
  it('are so, too, where texts are long and much is changed, moved and said again', () => {
    const line = fc.nat(400).map((number) => `${number}\n`);
    const text = fc.array(line, { minLength: 300, maxLength: 900 });
    fc.assert(
      fc.property(text, text, ([...before], [...after]) => {
        checkChanges(before.join(''), after.join(''));
        const moved = [...before.slice(200), ...after.slice(0, 50), ...before.slice(0, 200)];
        checkChanges(before.join(''), moved.join(''));
      }),
      { numRuns: 30 },
    );
  });

  it('are found each by itself in a long text, however many there are', () => {
    const before = Array.from({ length: 30_000 }, (_, index) => `${index}\n`);
    const after = before.map((text, index) => (index % 10 === 5 ? `new ${text}` : text));
    const changes = changesOf(before.join(''), after.join(''));
    assert.equal(changes.length, 3000);
    assert.deepEqual(changes[1], {
      ...{ oldStart: 15, removed: ['15\n'], newStart: 15, added: ['new 15\n'] },
    });
  });

  it('are one, from the first difference to the last, where no line tells them apart', () => {
    const before = Array.from({ length: 3000 }, (_, index) => `${index % 2}\n`);
    const after = Array.from({ length: 2990 }, (_, index) => `${(index >> 1) % 2}\n`);
    const [change, ...others] = changesOf(
      ['first\n', ...before, 'last\n'].join(''),
      ['first\n', ...after, 'last\n'].join(''),
    );
    assert.deepEqual(others, []);
    assert.ok(change !== undefined && change.removed.length > 2900);
  });
});
