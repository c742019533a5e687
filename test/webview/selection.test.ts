import assert from 'node:assert/strict';
import {
  changeParts,
  decisionOf,
  EVERYTHING,
  extentOf,
  HIDDEN,
  linePart,
  shapeOf,
  tallyOf,
  tick,
  type Selection,
} from '../../media/tool/selection.ts';
import type { DiffRow, FileView } from '../../src/shared/thread-view.ts';
import { file, fileOfChanges } from './harness/samples.ts';

/** The selection after each of these was unticked. */
function without(files: readonly FileView[], ...declined: [number, number?][]): Selection {
  return declined.reduce((selection, [operation, change]) => {
    const shape = shapeOf(files[operation]!);
    const shown = shape.shown.find((one) => one.change === change);
    const parts = shown === undefined ? shape.parts : changeParts(shown);
    return tick(selection, operation, parts, false);
  }, EVERYTHING);
}

/** All lists of switches of this length. */
function switches(length: number): boolean[][] {
  if (length === 0) return [[]];
  return switches(length - 1).flatMap((rest) => [
    [...rest, true],
    [...rest, false],
  ]);
}

describe('what is ticked of a proposal', () => {
  const several = [fileOfChanges(0, 2), fileOfChanges(1, 3), file(2, { change: 'delete' })];

  it('is all of it at first: a plain approval', () => {
    assert.deepEqual(decisionOf(several, EVERYTHING, ''), { kind: 'approve' });
    assert.deepEqual(tallyOf(several, EVERYTHING), { total: 6, taken: 6, inPart: 0 });
  });

  it('names the files and changes that stay ticked, and why the rest does not', () => {
    const selection = without(several, [0], [1, 1]);
    assert.deepEqual(decisionOf(several, selection, 'because'), {
      kind: 'partial',
      reason: 'because',
      files: [
        {
          operation: 1,
          changes: [
            { change: 0, lines: 'all' },
            { change: 2, lines: 'all' },
          ],
        },
        { operation: 2, changes: 'all' },
      ],
    });
    assert.deepEqual(tallyOf(several, selection), { total: 6, taken: 3, inPart: 0 });
  });

  it('is no answer when nothing is ticked', () => {
    const nothing = without(several, [0], [1], [2]);
    assert.equal(decisionOf(several, nothing, ''), null);
    assert.equal(tallyOf(several, nothing).taken, 0);
  });

  it('names the lines of a change that is taken in part, for every choice of them', () => {
    const files = [fileOfChanges(0, 2)];
    const parts = changeParts(shapeOf(files[0]!).shown[1]!);
    for (const ticked of switches(parts.length)) {
      let selection = EVERYTHING;
      for (const [index, part] of parts.entries()) {
        if (ticked[index] === false) selection = tick(selection, 0, [part], false);
      }
      const [removed, ...added] = ticked;
      const whole = { change: 0, lines: 'all' };
      const lines = {
        removed: removed === true ? [0] : [],
        added: added.flatMap((taken, index) => (taken ? [index] : [])),
      };
      const decision = decisionOf(files, selection, '');
      if (ticked.every(Boolean)) assert.deepEqual(decision, { kind: 'approve' });
      else {
        const changes = ticked.some(Boolean) ? [whole, { change: 1, lines }] : [whole];
        const partial = { kind: 'partial', reason: '', files: [{ operation: 0, changes }] };
        assert.deepEqual(decision, partial);
      }
    }
  });

  it('agrees with its own extents, whatever is ticked and unticked in whatever order', () => {
    const parts = several.flatMap((one) =>
      shapeOf(one).parts.map((part): [number, string] => [one.operation, part]),
    );
    let selection: Selection = EVERYTHING;
    const declined = new Set<string>();
    let seed = 7;
    for (let step = 0; step < 2000; step += 1) {
      seed = (seed * 48271) % 2147483647;
      const [operation, part] = parts[seed % parts.length]!;
      const accepted = seed % 3 === 0;
      selection = tick(selection, operation, [part], accepted);
      if (accepted) declined.delete(`${operation} ${part}`);
      else declined.add(`${operation} ${part}`);
      for (const [of, one] of parts) {
        const expected = declined.has(`${of} ${one}`) ? 'none' : 'all';
        assert.equal(extentOf(selection, of, [one]), expected);
      }
      const decision = decisionOf(several, selection, '');
      if (declined.size === 0) assert.deepEqual(decision, { kind: 'approve' });
      else if (declined.size === parts.length) assert.equal(decision, null);
      else assert.equal(decision?.kind, 'partial');
    }
  });

  it('leaves the selection it was made from as it was', () => {
    const before = without(several, [0]);
    tick(before, 0, shapeOf(several[0]!).parts, true);
    tick(before, 1, shapeOf(several[1]!).parts, false);
    assert.deepEqual(before, without(several, [0]));
  });

  it('takes a deleted, moved or unreadable file whole or not at all', () => {
    for (const over of [
      { change: 'delete' },
      { change: 'move', to: 'elsewhere.ts' },
      { isText: false, diff: [], changes: 0 },
      { diff: [], changes: 0 },
    ] as const) {
      assert.equal(shapeOf(file(0, over)).whole, true);
      assert.equal(shapeOf(file(0, over)).parts.length, 1);
    }
    assert.equal(shapeOf(file(0, { change: 'create' })).whole, false);
  });

  it('keeps changes that are not shown, until their file is declined', () => {
    const files = [{ ...fileOfChanges(0, 2), changes: 5, moreRows: 40 }, file(1)];
    const shape = shapeOf(files[0]!);
    assert.deepEqual(shape.hidden, [2, 3, 4]);
    const one = decisionOf(files, without(files, [0, 0]), '');
    assert.deepEqual(one?.kind === 'partial' && one.files[0], {
      operation: 0,
      changes: [1, 2, 3, 4].map((change) => ({ change, lines: 'all' })),
    });
    assert.deepEqual(tallyOf(files, without(files, [0, 0])), { total: 6, taken: 5, inPart: 0 });
    const declined = without(files, [0]);
    assert.equal(extentOf(declined, 0, [HIDDEN]), 'none');
    const again = tick(declined, 0, changeParts(shape.shown[0]!), true);
    const after = decisionOf(files, again, '');
    assert.deepEqual(after?.kind === 'partial' && after.files[0], {
      operation: 0,
      changes: [{ change: 0, lines: 'all' }],
    });
  });

  it('does not offer the lines of a change that is cut off', () => {
    const rows = fileOfChanges(0, 2).diff;
    const end = rows.findLastIndex(({ kind }) => kind === 'added');
    const cut = file(0, { diff: rows.slice(0, end), changes: 2, moreRows: 1 });
    assert.deepEqual(
      shapeOf(cut).shown.map(({ cut }) => cut),
      [false, true],
    );
    // The end of a change is seen by the line after it, even if more is left out.
    const ended = file(0, { diff: rows, changes: 9, moreRows: 30 });
    assert.ok(shapeOf(ended).shown.every(({ cut }) => !cut));
    assert.deepEqual(changeParts(shapeOf(cut).shown[1]!), ['1']);
  });

  it('counts a line of a change over a gap within it', () => {
    const diff: DiffRow[] = [
      { kind: 'removed', line: 1, text: 'a', change: 0 },
      { kind: 'gap', line: null, text: '\\ No newline at end of file', change: null },
      { kind: 'added', line: 1, text: 'b', change: 0 },
    ];
    const [change] = shapeOf(file(0, { diff })).shown;
    assert.deepEqual(change, { change: 0, removed: 1, added: 1, cut: false });
    assert.deepEqual(changeParts(change), [linePart(0, 'removed', 0), linePart(0, 'added', 0)]);
  });
});
