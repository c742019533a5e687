import assert from 'node:assert/strict';
import { applyPatch } from 'diff';
import fc from 'fast-check';
import {
  type AcceptedChange,
  type Change,
  changesOf,
  compose,
  linesOf,
} from '../../src/workspace/changes.ts';
import { decodeText, encodeText } from '../../src/workspace/text.ts';
import { checkChanges } from './support/check-changes.ts';
import { bySystem, hasPatch, pair, reducedPatch } from '../support/patch-oracle.ts';

function checkComposed(
  before: string,
  after: string,
  accepted: readonly AcceptedChange[],
  { encoding = 'utf8', system = hasPatch }: { encoding?: BufferEncoding; system?: boolean } = {},
): string {
  const changes = changesOf(before, after);
  const composed = compose(before, after, accepted);
  const patch = reducedPatch(before, changes, accepted);
  const changesNothing = !/^[-+]/mu.test(patch.slice(patch.indexOf('@@')));
  if (changesNothing) {
    assert.equal(composed, before);
    return composed;
  }
  assert.equal(applyPatch(before, patch, { autoConvertLineEndings: false }), composed);
  if (system) {
    const made = bySystem(Buffer.from(before, encoding), Buffer.from(patch, encoding));
    assert.deepEqual(made, Buffer.from(composed, encoding));
  }
  return composed;
}

/** From a list of random numbers: what of which change is accepted. */
function choose(changes: readonly Change[], numbers: readonly number[]): AcceptedChange[] {
  let next = 0;
  const draw = (): number => numbers[next++ % numbers.length]!;
  const some = (lines: readonly string[]): number[] =>
    [...lines.keys()].filter(() => draw() % 2 === 0);
  return changes.flatMap(({ removed, added }, change): AcceptedChange[] => {
    const kind = draw() % 4;
    if (kind === 0) return [];
    if (kind === 1) return [{ change, lines: 'all' }];
    return [{ change, lines: { removed: some(removed), added: some(added) } }];
  });
}

const numbers = fc.array(fc.nat(99), { minLength: 1, maxLength: 30 });

describe('the changes between two texts', () => {
  it('are lines of both, in order, with lines between them that both have', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        checkChanges(before, after);
      }),
      { numRuns: 2000 },
    );
  });

  it('of a text and itself are none', () => {
    assert.deepEqual(changesOf('a\nb', 'a\nb'), []);
    assert.deepEqual(changesOf('', ''), []);
  });

  it('are as few lines as can be', () => {
    assert.deepEqual(changesOf('a\nb\nc\nd\n', 'a\nX\nc\nd\ne\n'), [
      { oldStart: 1, removed: ['b\n'], newStart: 1, added: ['X\n'] },
      { oldStart: 4, removed: [], newStart: 4, added: ['e\n'] },
    ]);
  });

  it('tell a last line without an end from one with it, and one line ending from another', () => {
    assert.deepEqual(changesOf('a\nb', 'a\nb\n'), [
      { oldStart: 1, removed: ['b'], newStart: 1, added: ['b\n'] },
    ]);
    assert.deepEqual(changesOf('a\r\nb\n', 'a\nb\n'), [
      { oldStart: 0, removed: ['a\r\n'], newStart: 0, added: ['a\n'] },
    ]);
  });
});

describe('a composed text', () => {
  for (const [what, system, numRuns] of [
    ['one implementation of patches', false, 3000],
    ['another one', hasPatch, 200],
  ] as const) {
    it(`is what a patch of the accepted lines gives, by ${what}`, () => {
      fc.assert(
        fc.property(pair, numbers, ([before, after], choice) => {
          checkComposed(before, after, choose(changesOf(before, after), choice), { system });
        }),
        { numRuns },
      );
    });
  }

  it('of all changes is the new text, of none the old one', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const changes = changesOf(before, after);
        const all = changes.map((_, change): AcceptedChange => ({ change, lines: 'all' }));
        const each = changes.map(({ removed, added }, change): AcceptedChange => ({
          change,
          lines: { removed: [...removed.keys()].reverse(), added: [...added.keys()].reverse() },
        }));
        const empty = changes.map((_, change): AcceptedChange => ({
          change,
          lines: { removed: [], added: [] },
        }));
        assert.equal(compose(before, after, all), after);
        assert.equal(compose(before, after, each.reverse()), after);
        assert.equal(compose(before, after, []), before);
        assert.equal(compose(before, after, empty), before);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not depend on the order in which changes are accepted, nor on how many at once', () => {
    fc.assert(
      fc.property(pair, fc.array(fc.boolean()), ([before, after], mask) => {
        const changes = changesOf(before, after);
        const some = [...changes.keys()].filter((index) => mask[index] === true);
        const accepted = some.map((change): AcceptedChange => ({ change, lines: 'all' }));
        const composed = compose(before, after, accepted);
        assert.equal(compose(before, after, accepted.toReversed()), composed);
        const lengths = some.reduce(
          (sum, index) => sum + changes[index]!.added.length - changes[index]!.removed.length,
          linesOf(before).length,
        );
        assert.equal(linesOf(composed).length, lengths);
      }),
      { numRuns: 1000 },
    );
  });

  for (const [what, encoding] of [
    ['UTF-8 with a mark', 'utf8'],
    ['UTF-16 LE', 'utf16le'],
    ['UTF-16 BE', 'utf16be'],
  ] as const) {
    it(`is the same in ${what}, and comes back from its bytes`, () => {
      fc.assert(
        fc.property(pair, numbers, ([before, after], choice) => {
          const [old, now] = [before, after].map((text) =>
            decodeText(encodeText(text, { bom: true, encoding }), 'x'),
          ) as [ReturnType<typeof decodeText>, ReturnType<typeof decodeText>];
          const accepted = choose(changesOf(old.text, now.text), choice);
          const bytes = encodeText(compose(old.text, now.text, accepted), old);
          const back = decodeText(bytes, 'x');
          assert.deepEqual([back.encoding, back.bom], [encoding, true]);
          assert.equal(back.text, compose(before, after, accepted));
        }),
        { numRuns: 300 },
      );
    });
  }

  it('of bytes that are taken as characters one to one is right byte by byte', () => {
    const byte = fc
      .uint8Array({ maxLength: 300 })
      .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\0', '\n'));
    fc.assert(
      fc.property(byte, byte, numbers, (one, other, choice) => {
        const after = one.slice(0, one.length / 2) + other;
        checkComposed(one, after, choose(changesOf(one, after), choice), { encoding: 'latin1' });
      }),
      { numRuns: 60 },
    );
  });

  it('of very long lines is right', () => {
    const long = fc
      .array(fc.nat(3), { minLength: 1, maxLength: 6 })
      .map((kinds) => kinds.map((kind) => `${'x'.repeat(300_000)}${kind}\n`).join(''));
    fc.assert(
      fc.property(long, long, numbers, (before, after, choice) => {
        checkComposed(before, after, choose(changesOf(before, after), choice));
      }),
      { numRuns: 20 },
    );
  });

  it('of a file of 10 MB is right, and made in seconds', function () {
    this.timeout(60_000);
    const old = Array.from(
      { length: 250_000 },
      (_, index) => `line ${index} of a file that is very long\n`,
    );
    const now = old.map((text, index) => (index % 701 === 5 ? `new ${text}` : text));
    now[200_000] = 'a\r\n';
    const [before, after] = [old.join(''), now.join('').slice(0, -1)];
    assert.ok(before.length > 9_000_000);
    const changes = changesOf(before, after);
    assert.equal(changes.length, 359);
    const choice = changes.map((_, index) => (index * 7919) % 31);
    const started = performance.now();
    compose(before, after, choose(changes, choice));
    assert.ok(performance.now() - started < 15_000);
    checkComposed(before, after, choose(changes, choice));
  });

  it('keeps the removed lines that stay before the added lines that come', () => {
    const [before, after] = ['a\nb\nc\n', 'X\nY\n'];
    const accepted: AcceptedChange[] = [{ change: 0, lines: { removed: [1], added: [0] } }];
    assert.equal(checkComposed(before, after, accepted), 'a\nc\nX\n');
  });

  const OPEN: [string, string, string, AcceptedChange['lines'], string][] = [
    [
      'goes on after a last line without an end',
      'a',
      'b\nc\n',
      { removed: [], added: [0, 1] },
      'a\nb\nc\n',
    ],
    ['ends without an end if the new text does', 'a', 'b\nc', { removed: [], added: [1] }, 'a\nc'],
    [
      'ends lines as the line above',
      'x\r\na',
      'x\r\nb',
      { removed: [], added: [0] },
      'x\r\na\r\nb',
    ],
    ['ends lines as the next one', 'a', 'b\r\nc', { removed: [], added: [0] }, 'a\r\nb\r\n'],
    ['has the end alone', 'a', 'a\n', 'all', 'a\n'],
    ['keeps the last line and has the new one', 'a', 'a\n', { removed: [], added: [0] }, 'a\na\n'],
    ['loses the last line alone', 'a\nb', 'a\nc', { removed: [0], added: [] }, 'a\n'],
    ['loses the end of the text', 'a\nb\n', 'a\nb', { removed: [0], added: [0] }, 'a\nb'],
  ];
  for (const [what, before, after, taken, expected] of OPEN) {
    it(`${what}: ${JSON.stringify([before, after, taken])}`, () => {
      assert.equal(checkComposed(before, after, [{ change: 0, lines: taken }]), expected);
    });
  }

  it('never makes one line of two', () => {
    fc.assert(
      fc.property(pair, numbers, ([before, after], choice) => {
        const known = new Set([...linesOf(before), ...linesOf(after)].map(bare));
        for (const text of linesOf(
          compose(before, after, choose(changesOf(before, after), choice)),
        )) {
          assert.ok(known.has(bare(text)), JSON.stringify(text));
        }
      }),
      { numRuns: 2000 },
    );
  });

  const all = 'all' as const;
  const WRONG: [string, AcceptedChange[]][] = [
    ['a change that does not exist', [{ change: 2, lines: all }]],
    ['a negative change', [{ change: -1, lines: all }]],
    ['half a change', [{ change: 0.5, lines: all }]],
    ['no number', [{ change: Number.NaN, lines: all }]],
    ['a change twice', [0, 1, 0].map((change) => ({ change, lines: all }))],
    ['a removed line that does not exist', [{ change: 0, lines: { removed: [1], added: [] } }]],
    ['an added line that does not exist', [{ change: 1, lines: { removed: [], added: [0, 2] } }]],
    ['a line twice', [{ change: 1, lines: { removed: [], added: [1, 1] } }]],
  ];
  for (const [what, accepted] of WRONG) {
    it(`is refused: ${what}`, () => {
      assert.throws(() => compose('a\nb\nc\n', 'X\nb\nY\nZ\n', accepted), RangeError);
    });
  }
});

const bare = (text: string): string => text.replace(/\r?\n$/u, '');
