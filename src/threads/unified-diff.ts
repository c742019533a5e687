import type { KeptOperation } from '../approval/proposal.ts';
import { hunksOf } from '../workspace/hunks.ts';
import type { Core } from './core.ts';
import { textsOf } from './reviewed.ts';

const SIGNS = { context: ' ', added: '+', removed: '-', gap: '' } as const;

/**
 * All that a proposal would do to files, as a unified diff of the frozen bytes: whole, and with every
 * character as it is. '' where there is none of that id, and for what is about no files.
 */
export function unifiedDiff(core: Pick<Core, 'proposal' | 'bytes'>, proposalId: string): string {
  const { operations = [] } = core.proposal(proposalId) ?? {};
  return operations.map((file) => fileDiff(core, file)).join('');
}

function fileDiff(core: Pick<Core, 'bytes'>, file: KeptOperation): string {
  const { displayPath, to, baseSha256, newSha256 } = file;
  const from = baseSha256 === null ? '/dev/null' : `a/${displayPath}`;
  const into = newSha256 === null ? '/dev/null' : `b/${to?.displayPath ?? displayPath}`;
  const renames = to === null ? [] : [`rename from ${displayPath}`, `rename to ${to.displayPath}`];
  const texts = textsOf(core, file);
  const hunks = texts === null ? [] : hunksOf(texts.base, texts.shown);
  const lines =
    texts === null && baseSha256 !== newSha256
      ? [`Binary files ${from} and ${into} differ`]
      : hunks.flatMap(({ oldStart, oldLines, newStart, newLines, rows }) => [
          `@@ -${place(oldStart, oldLines)} +${place(newStart, newLines)} @@`,
          ...rows.map(({ kind, text }) => SIGNS[kind] + text),
        ]);
  const names = hunks.length > 0 ? [`--- ${from}`, `+++ ${into}`] : [];
  const head = [`diff --git a/${displayPath} b/${to?.displayPath ?? displayPath}`, ...renames];
  return `${[...head, ...names, ...lines].join('\n')}\n`;
}

/** Where nothing is on a side, its place is the line before. */
function place(start: number, lines: number): string {
  return `${lines === 0 ? start : start + 1},${lines}`;
}
