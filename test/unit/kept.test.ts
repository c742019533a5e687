import assert from 'node:assert/strict';
import { createKept } from '../../src/approval/kept.ts';

describe('what is kept by its name', () => {
  it('is made once, and goes when there is too much of it, the oldest first', () => {
    const kept = createKept<string>(3, 10);
    const made: string[] = [];
    const of = (name: string, size = 1): string =>
      kept.of(name, () => {
        made.push(name);
        return { thing: name.toUpperCase(), size };
      });
    assert.deepEqual([of('a'), of('a'), of('b'), of('c'), of('a')], ['A', 'A', 'B', 'C', 'A']);
    assert.deepEqual(made, ['a', 'b', 'c']);
    of('d');
    of('b');
    of('a');
    assert.deepEqual(made, ['a', 'b', 'c', 'd', 'a']);
    of('large', 10);
    of('d');
    assert.deepEqual(made.slice(5), ['large', 'd']);
    assert.equal(of('huge', 99), 'HUGE');
    of('huge', 99);
    assert.deepEqual(made.slice(7), ['huge', 'huge'], 'what is too large is not kept at all');
  });
});
