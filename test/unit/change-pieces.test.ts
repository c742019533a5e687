import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ChangeView } from '../../src/shared/change-view.ts';
import { type Piece, piecesOf } from '../../src/threads/change-pieces.ts';
import { findChanges } from '../../src/workspace/change-states.ts';
import { linesOf, withoutEnd } from '../../src/workspace/changes.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
  .map((all) => lines(...all));

/** The pieces of a text that the agent changed and the user then typed in. */
function pieces(base: string, agents: string, shown: string): readonly Piece[] {
  const changes = findChanges(base, agents, shown).changes.map(
    ({ change: { removed, added }, found, old, at }, change): ChangeView => ({
      ...{ operation: 0, change, whole: false, comment: '', key: '', base: old, shown: at },
      state: found === 'edited' ? 'edited' : found === 'in' ? 'open' : 'rejected',
      removed: removed.map(withoutEnd),
      added: added.map(withoutEnd),
    }),
  );
  return piecesOf({ changes }, { base, shown });
}

/** The rows of a piece that say what goes and what comes. */
function outline(all: readonly Piece[]): readonly string[] {
  return all.map(({ view, goes, comes, isAgain }) =>
    [view?.state ?? 'own', ...goes.map((line) => `-${line}`), ...comes.map((line) => `+${line}`)]
      .concat(isAgain ? 'again' : [])
      .join(' '),
  );
}

describe('the pieces of a proposal', () => {
  const base = lines('a', 'b', 'c', 'd', 'e');

  it('say of lines that were typed beside a change only what they are', () => {
    const agents = lines('a', 'B', 'c', 'd', 'e');
    const shown = lines('a', 'B', 'mine', 'c', 'D', 'e');
    assert.deepEqual(outline(pieces(base, agents, shown)), [
      'open -b +B',
      'own +mine',
      'own -d +D',
    ]);
  });

  it('have all that goes where more than the change was typed over', () => {
    const agents = lines('a', 'B', 'c', 'd', 'e');
    const shown = lines('A2', 'B2', 'c', 'd', 'e');
    assert.deepEqual(outline(pieces(base, agents, shown)), ['edited -a -b +A2 +B2']);
    const over = pieces(base, lines('A', 'b', 'C', 'd', 'e'), lines('X', 'd', 'e'));
    assert.deepEqual(outline(over), ['edited -a -b -c +X', 'edited -a -b -c +X again']);
  });

  it('lead from what is there to what would be written, whatever was typed', () => {
    fc.assert(
      fc.property(text, text, text, (before, agents, shown) => {
        const old = linesOf(before).map(withoutEnd);
        const now: string[] = [];
        let next = 0;
        for (const { view, base: range, goes, comes, isAgain } of pieces(before, agents, shown)) {
          if (isAgain || view?.state === 'rejected') continue;
          assert.deepEqual(goes, old.slice(range.start, range.end));
          now.push(...old.slice(next, range.start), ...comes);
          next = range.end;
        }
        assert.equal(lines(...now, ...old.slice(next)), shown);
      }),
      { numRuns: 3000 },
    );
  });
});
