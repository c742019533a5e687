import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DiffRow } from '../../src/shared/thread-view.ts';
import { changesOf } from '../../src/workspace/changes.ts';
import {
  type TextDiff,
  clipRows,
  countHiddenCharacters,
  diffLines,
} from '../../src/workspace/hunks.ts';
import { pair } from '../support/patch-oracle.ts';

const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** The new lines, made of the old ones and the rows alone. */
function applied(before: string, { rows }: TextDiff): string[] {
  const old = linesOf(before);
  const result: string[] = [];
  let next = 0;
  for (const row of rows) {
    if (row.kind === 'gap') continue;
    if (row.kind === 'removed') {
      while (next < row.line! - 1) result.push(old[next++]!);
      assert.equal(old[next++], row.text);
      continue;
    }
    while (result.length < row.line! - 1) result.push(old[next++]!);
    assert.equal(result.length, row.line! - 1);
    if (row.kind === 'context') assert.equal(old[next++], row.text);
    result.push(row.text);
  }
  return [...result, ...old.slice(next)];
}

function check(before: string, after: string): TextDiff {
  const diff = diffLines(before, after);
  const count = (kind: DiffRow['kind']): number =>
    diff.rows.filter((row) => row.kind === kind).length;
  assert.equal(count('added'), diff.added);
  assert.equal(count('removed'), diff.removed);
  assert.deepEqual(applied(before, diff), linesOf(after));
  checkChanges(before, after, diff);
  return diff;
}

/** Every row of a change names it, and every line of every change has its row. */
function checkChanges(before: string, after: string, diff: TextDiff): void {
  const changes = changesOf(before, after);
  assert.equal(diff.changes, changes.length);
  const rows = Map.groupBy(diff.rows, ({ change }) => change);
  for (const { kind } of rows.get(null) ?? []) assert.match(kind, /^(?:context|gap)$/u);
  rows.delete(null);
  assert.deepEqual([...rows.keys()], [...changes.keys()]);
  for (const [index, { oldStart, removed, newStart, added }] of changes.entries()) {
    assert.deepEqual(rows.get(index), [
      ...removed.map((line, at) => row('removed', oldStart + at + 1, line, index)),
      ...added.map((line, at) => row('added', newStart + at + 1, line, index)),
    ]);
  }
}

const row = (kind: DiffRow['kind'], line: number, text: string, change: number): DiffRow => ({
  kind,
  line,
  text: text.replace(/\n$/u, ''),
  change,
});

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');

describe('the diff', () => {
  it('leads from the old text to the new one, by its rows alone', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        check(before, after);
      }),
      { numRuns: 2000 },
    );
  });

  it('has three lines around each change and no more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { maxLength: 6 }), (places) => {
        const before = Array.from({ length: 301 }, (_, index) => `${index}\n`);
        const after = before.map((text, index) => (places.includes(index) ? `new ${text}` : text));
        const { rows } = check(before.join(''), after.join(''));
        const near = before.filter((_, index) =>
          places.some((place) => Math.abs(place - index) <= 3),
        );
        assert.equal(
          rows.filter(({ kind }) => kind === 'context').length,
          near.length - new Set(places).size,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('shows three lines around a change and a gap between two', () => {
    const before = many(30, (index) => `line ${index}`);
    const diff = check(before, before.replace('line 5\n', 'FIVE\n').replace('line 20\n', ''));
    assert.deepEqual(
      diff.rows.map(({ kind }) => kind).join(' '),
      [
        'context context context removed added context context context gap',
        'context context context removed context context context',
      ].join(' '),
    );
  });

  it('has a gap only where lines are left out', () => {
    const before = many(20, (index) => `line ${index}`);
    for (const [second, gaps] of [
      [10, 0],
      [11, 1],
    ] as const) {
      const after = before.replace('line 3\n', 'x\n').replace(`line ${second}\n`, 'y\n');
      const { rows } = check(before, after);
      assert.equal(rows.filter(({ kind }) => kind === 'gap').length, gaps);
    }
  });

  it('of the same text is nothing', () => {
    assert.deepEqual(diffLines('a\nb', 'a\nb'), { added: 0, removed: 0, changes: 0, rows: [] });
  });

  it('of a new file is all of it, of an emptied one all that was', () => {
    assert.deepEqual([check('', 'a\nb\n').added, check('a\nb\n', '').removed], [2, 2]);
  });

  it('shows that the last line has no end', () => {
    const { rows } = check('a\nb', 'a\nb\n');
    assert.ok(rows.some(({ kind, text }) => kind === 'gap' && text.includes('No newline')));
  });

  it('shows a change of line endings', () => {
    const { added, removed } = check('a\nb\n', 'a\r\nb\r\n');
    assert.deepEqual([added, removed], [2, 2]);
  });

  it('of huge texts that have nothing in common comes to an end, and is right', () => {
    const diff = check(
      many(60_000, (index) => `old ${index}`),
      many(50_000, (index) => `new ${index}`),
    );
    assert.deepEqual([diff.added, diff.removed], [50_000, 60_000]);
  });

  it('of huge texts that differ everywhere in between keeps what is around', () => {
    const middle = (word: string): string => many(30_000, (index) => `${word} ${index % 7}`);
    const around = many(1000, (index) => `same ${index}`);
    const diff = check(
      `${around}${middle('old')}${around}`,
      `${around}${many(20_000, (index) => `new ${index}`)}${around}`,
    );
    assert.deepEqual([diff.added, diff.removed], [20_000, 30_000]);
    assert.equal(diff.rows.length, 50_006);
    assert.deepEqual(
      diff.rows.slice(0, 4).map(({ kind, line }) => [kind, line]),
      [
        ['context', 998],
        ['context', 999],
        ['context', 1000],
        ['removed', 1001],
      ],
    );
  });

  it('of a line of a million characters is one line', () => {
    const long = 'x'.repeat(1_000_000);
    const { added, removed } = check(`${long}\n`, `${long}y\n`);
    assert.deepEqual([added, removed], [1, 1]);
  });

  it('of files of 10 MB is made in seconds, and is right', function () {
    this.timeout(60_000);
    const before = many(200_000, (index) => `line ${index} of a file that is really quite long`);
    const after = before.replaceAll(/^line (\d*777) /gmu, 'new $1 ');
    const started = performance.now();
    const { added, changes } = diffLines(before, after);
    assert.ok(performance.now() - started < 15_000);
    assert.deepEqual([added, changes], [200, 200]);
    assert.equal(check('', before).added, 200_000);
  });
});

describe('rows that are cut', () => {
  const left = (count: number): string => `<${count}>`;
  const cut = (before: string, after: string, length = 40): string[] =>
    clipRows(diffLines(before, after).rows, length, left).map(({ text }) => text);

  it('stay as they are if they are short', () => {
    const { rows } = diffLines('a\nb\n', 'a\nc\n');
    assert.deepEqual(clipRows(rows, 1, left), rows);
  });

  it('show where the two lines of a change differ first', () => {
    const [head, tail] = ['x'.repeat(500_000), 'y'.repeat(499_999)];
    assert.deepEqual(cut(`${head}1${tail}\n`, `${head}2${tail}\n`), [
      `<499990>${'x'.repeat(10)}1${'y'.repeat(29)}<499970>`,
      `<499990>${'x'.repeat(10)}2${'y'.repeat(29)}<499970>`,
    ]);
  });

  it('show the end where one line goes on', () => {
    const long = 'x'.repeat(100);
    assert.deepEqual(cut(`${long}\n`, `${long}y\n`), [
      `<60>${'x'.repeat(40)}`,
      `<61>${'x'.repeat(39)}y`,
    ]);
  });

  it('show the start of a line that stands alone', () => {
    assert.deepEqual(cut('', `${'x'.repeat(45)}\n`), [`${'x'.repeat(40)}<5>`]);
  });

  it('say of each how much is left out, and leave nothing else out', () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 5 }), ([before, after], length) => {
        const { rows } = diffLines(before, after);
        for (const [index, cutRow] of clipRows(rows, length, left).entries()) {
          const { text, ...rest } = rows[index]!;
          assert.deepEqual({ ...cutRow, text: undefined }, { ...rest, text: undefined });
          const [, start = 0, end = 0] = /^(?:<(\d+)>)?.*?(?:<(\d+)>)?$/su.exec(cutRow.text) ?? [];
          const shown = text.slice(Number(start), text.length - Number(end));
          assert.ok(cutRow.text.includes(shown) && shown.length <= length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('hidden characters', () => {
  const count = (text: string, kind: DiffRow['kind'] = 'added'): number =>
    countHiddenCharacters([{ kind, line: 1, text, change: 0 }]);

  const HIDDEN: [string, string][] = [
    ['zero-width space', '\u200b'],
    ['zero-width joiner', '\u200d'],
    ['right-to-left override', '\u202e'],
    ['isolate', '\u2066'],
    ['word joiner', '\u2060'],
    ['byte order mark', '\ufeff'],
    ['soft hyphen', '\u00ad'],
    ['Hangul filler', '\u3164'],
    ['tag letter', '\u{e0041}'],
    ['variation selector of the supplement', '\u{e0100}'],
    ['variation selector', '\ufe00'],
    ['line separator', '\u2028'],
    ['paragraph separator', '\u2029'],
    ['next line', '\u0085'],
    ['escape', '\u001b'],
    ['backspace', '\b'],
    ['carriage return in the middle', '\rhidden'],
  ];
  for (const [name, character] of HIDDEN) {
    it(`are counted: ${name}`, () => {
      assert.equal(count(`before${character}after`), 1);
    });
  }

  const PLAIN = [
    'tab\there',
    'ümläut',
    '漢字',
    'no-break\u00a0space',
    'line\r',
    '⚠\ufe0f careful',
    '👍',
  ];
  for (const text of PLAIN) {
    it(`are none in ${JSON.stringify(text)}`, () => {
      assert.equal(count(text), 0);
    });
  }

  it('a run of variation selectors is counted, except for the one that an emoji has', () => {
    assert.equal(count(`😀${'\ufe0f'.repeat(5)}`), 4);
  });

  it('count in added lines only', () => {
    for (const kind of ['removed', 'context'] as const) assert.equal(count('a\u200bb', kind), 0);
  });
});
