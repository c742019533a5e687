import assert from 'node:assert/strict';
import { changesOf, linesOf } from '../../../src/workspace/changes.ts';

/** What must hold of the changes between any two texts. */
export function checkChanges(before: string, after: string): void {
  const [old, now] = [linesOf(before), linesOf(after)];
  let [oldEnd, newEnd] = [0, 0];
  for (const [index, change] of changesOf(before, after).entries()) {
    const { oldStart, removed, newStart, added } = change;
    assert.ok(index === 0 || oldStart > oldEnd, 'Changes that touch are one change');
    assert.deepEqual(old.slice(oldEnd, oldStart), now.slice(newEnd, newStart));
    assert.deepEqual(removed, old.slice(oldStart, oldStart + removed.length));
    assert.deepEqual(added, now.slice(newStart, newStart + added.length));
    assert.ok(removed.length + added.length > 0);
    [oldEnd, newEnd] = [oldStart + removed.length, newStart + added.length];
  }
  assert.deepEqual(old.slice(oldEnd), now.slice(newEnd));
}
