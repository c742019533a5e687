import type { Workspace } from '../workspace/port.ts';
import type { Ledger } from './ledger.ts';
import type { Operation } from './operation.ts';

/**
 * What a file would be if every open proposal of a thread were applied, those before one of them if
 * it is named. Undefined where none is about the file; null where it would not exist.
 */
export function stagedBytes(
  ledger: Ledger,
  threadId: string,
  realPath: string,
  before: string | null,
): Uint8Array | null | undefined {
  let hash: string | null | undefined;
  for (const { proposalId, state, operations } of ledger.openOf(threadId)) {
    if (proposalId === before) break;
    if (state !== 'proposed' && state !== 'approved') continue;
    for (const operation of operations) hash = after(operation, realPath, hash);
  }
  return hash === undefined || hash === null ? hash : ledger.bytes(hash);
}

/** The workspace as the open proposals of a thread would leave it, for making the next one. */
export interface StagedWorkspace extends Workspace {
  /** True once a file was read that an open proposal is about. */
  readonly stacked: boolean;
}

export function stageWorkspace(
  workspace: Workspace,
  ledger: Ledger,
  threadId: string,
): StagedWorkspace {
  let stacked = false;
  return {
    ...workspace,
    get stacked() {
      return stacked;
    },
    async read(realPath) {
      const staged = stagedBytes(ledger, threadId, realPath, null);
      if (staged === undefined) return workspace.read(realPath);
      stacked = true;
      return staged;
    },
  };
}

function after(
  { realPath, to, newSha256 }: Operation,
  asked: string,
  hash: string | null | undefined,
): string | null | undefined {
  if (to?.realPath === asked) return newSha256;
  if (realPath === asked) return to === null ? newSha256 : null;
  return hash;
}
