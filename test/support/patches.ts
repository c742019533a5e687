import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ToolError } from '../../src/shared/errors.ts';
import { applyHunks, parsePatch, unifiedDiff } from '../../src/workspace/patch.ts';
import { pair } from './patch-oracle.ts';

/** A file's text after a patch of that file alone. */
export function patched(before: string, patch: string): string {
  const [one, ...others] = parsePatch(patch);
  assert.deepEqual(others, []);
  assert.ok(one?.kind === 'edit', JSON.stringify(one));
  return applyHunks(before, one.hunks, one.path);
}

/** Two texts with the same end of every line, perhaps without the last. */
export const alike = fc
  .tuple(pair, fc.constantFrom('\n', '\r\n'))
  .map(([texts, end]) => texts.map((text) => text.replaceAll(/\r?\n/gu, end)) as [string, string])
  .filter(([before, after]) => before !== after);

export const diffOf = (before: string, after: string): string =>
  unifiedDiff('x', before, after, Number.POSITIVE_INFINITY);

export const refused = (run: () => unknown, ...words: RegExp[]): void => {
  assert.throws(run, (error) => {
    assert.ok(error instanceof ToolError, String(error));
    for (const word of words) assert.match(error.message, word);
    return true;
  });
};
