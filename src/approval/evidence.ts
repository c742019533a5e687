import { t } from '@vscode/l10n';
import type { Workspace } from '../workspace/port.ts';
import { hashOnDisk } from './perform.ts';
import type { KeptOperation } from './proposal.ts';

/** What the disk says of an effect. */
export interface Evidence {
  /**
   * `done`: every file is as approved. `none`: every file is as it was. `partial`: some are the one,
   * some the other. `unknown`: at least one is neither.
   */
  readonly verdict: 'done' | 'none' | 'partial' | 'unknown';
  /** A line for each file. */
  readonly lines: readonly string[];
}

type Found = 'done' | 'none' | 'partial' | 'unknown';

/** Judges an effect by the bytes on the disk alone. */
export async function gatherEvidence(
  operations: readonly KeptOperation[],
  workspace: Workspace,
): Promise<Evidence> {
  const found: Found[] = [];
  const lines: string[] = [];
  for (const operation of operations) {
    const one = await judgeOne(operation, workspace);
    found.push(one);
    lines.push(lineOf(operation, one));
  }
  return { verdict: overall(found), lines };
}

async function judgeOne(operation: KeptOperation, workspace: Workspace): Promise<Found> {
  const { realPath, to, baseSha256, newSha256, finalSha256, preimageSha256 } = operation;
  const isNew = (hash: string | null | undefined): boolean =>
    hash !== undefined && (hash === newSha256 || (finalSha256 !== null && hash === finalSha256));
  const isBase = (hash: string | null | undefined): boolean =>
    hash !== undefined &&
    (hash === baseSha256 || (preimageSha256 !== null && hash === preimageSha256));
  const look = (path: string): Promise<string | null | undefined> =>
    hashOnDisk(workspace, path).catch(() => undefined);
  const here = await look(realPath);
  if (to === null) return isNew(here) ? 'done' : isBase(here) ? 'none' : 'unknown';
  const there = await look(to.realPath);
  if (here === null && isNew(there)) return 'done';
  if (isBase(here) && there === null) return 'none';
  // Between the two names, the bytes are at both, or not yet changed at the new one.
  const between = (isBase(here) && (isBase(there) || isNew(there))) || isBase(there);
  return (here === null || isBase(here)) && between ? 'partial' : 'unknown';
}

function overall(found: readonly Found[]): Found {
  if (found.includes('unknown')) return 'unknown';
  const [first = 'none'] = found;
  return found.every((one) => one === first) ? first : 'partial';
}

function lineOf({ displayPath, to }: KeptOperation, found: Found): string {
  const name = to === null ? displayPath : `${displayPath} → ${to.displayPath}`;
  switch (found) {
    case 'done':
      return t('{0} is as approved', name);
    case 'none':
      return t('{0} is as it was before', name);
    case 'partial':
      return t('{0} is half-way: both names or the old content', name);
    case 'unknown':
      return t('{0} is neither as it was nor as approved', name);
  }
}
