import { randomUUID } from 'node:crypto';
import type { BlobStore } from '../checkpoint/blobs.ts';
import type { Database } from '../checkpoint/database.ts';
import type { Decision, ProposalState, ToolKind } from '../shared/decision.ts';
import { type FileChange, type Proposal, selectProposals } from './proposal.ts';

export interface ToolCallAddress {
  readonly threadId: string;
  readonly toolCallId: string;
}

/** The durable record of proposals, decisions and effects. Every method is one transaction. */
export interface Ledger {
  /** Freezes a change. The same tool call again answers what was frozen first. */
  freeze(call: ToolCallAddress, kind: ToolKind, change: FileChange): Proposal;
  ofCall(call: ToolCallAddress): Proposal | null;
  ofInterrupt(threadId: string, interruptId: string): Proposal | null;
  ofThread(threadId: string): readonly Proposal[];
  find(proposalId: string): Proposal | null;
  /** The proposals of all threads that are not settled, oldest first. */
  open(): readonly Proposal[];
  asked(proposalId: string, interruptId: string): void;
  /** Records the first answer to a proposal; false if it was answered before. */
  decide(proposalId: string, decision: Decision): boolean;
  /** Takes an approved proposal for execution; false unless it was approved and not yet taken. */
  claim(proposalId: string): boolean;
  /** Takes back an approval that nobody acted on, so that it asks again. */
  reopen(proposalId: string): void;
  /** Ends a proposal, if it is in the given state. */
  finish(proposalId: string, from: ProposalState, to: ProposalState, reason: string): boolean;
  bytes(sha256: string): Uint8Array;
}

export function createLedger(database: Database, blobs: BlobStore, now: () => number): Ledger {
  const select = (condition: string, ...values: string[]): Proposal[] =>
    selectProposals(database, condition, ...values);
  const ofCall = (call: ToolCallAddress): Proposal | null =>
    select('thread_id = ? AND tool_call_id = ?', call.threadId, call.toolCallId)[0] ?? null;
  return {
    ofCall,
    ofInterrupt: (threadId, interruptId) =>
      select('thread_id = ? AND interrupt_id = ?', threadId, interruptId)[0] ?? null,
    ofThread: (threadId) => select('thread_id = ?', threadId),
    find: (proposalId) => select('proposal_id = ?', proposalId)[0] ?? null,
    open: () => select(`state IN ('proposed', 'approved', 'claimed')`),
    bytes: (sha256) => blobs.get(sha256),
    freeze: (call, kind, change) =>
      database.transaction(() => {
        if (ofCall(call) === null) insert(database, blobs, now(), call, kind, change);
        const frozen = ofCall(call);
        if (frozen === null) throw new Error('A proposal was not kept');
        return frozen;
      }),
    ...transitions(database, now),
  };
}

function insert(
  database: Database,
  blobs: BlobStore,
  time: number,
  { threadId, toolCallId }: ToolCallAddress,
  kind: ToolKind,
  { realPath, displayPath, base, next }: FileChange,
): void {
  database.run(
    `INSERT INTO proposals (proposal_id, thread_id, tool_call_id, kind, real_path, display_path,
       base_sha256, new_sha256, state, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'proposed', ?)`,
    randomUUID(),
    threadId,
    toolCallId,
    kind,
    realPath,
    displayPath,
    base === null ? null : blobs.put(base),
    blobs.put(next),
    time,
  );
}

type Transitions = Pick<Ledger, 'asked' | 'decide' | 'claim' | 'reopen' | 'finish'>;

/** Every change of state compares and sets, so that of two callers one wins. */
function transitions(database: Database, now: () => number): Transitions {
  return {
    asked(proposalId, interruptId) {
      database.run(
        'UPDATE proposals SET interrupt_id = ? WHERE proposal_id = ?',
        interruptId,
        proposalId,
      );
    },
    decide(proposalId, decision) {
      const approved = decision.kind === 'approve';
      const changed = database.run(
        `UPDATE proposals SET state = ?, reason = ?, decided_at = ?
         WHERE proposal_id = ? AND state = 'proposed'`,
        approved ? 'approved' : 'rejected',
        approved ? '' : decision.reason,
        now(),
        proposalId,
      );
      return changed === 1;
    },
    claim: (proposalId) =>
      database.run(
        `UPDATE proposals SET state = 'claimed' WHERE proposal_id = ? AND state = 'approved'`,
        proposalId,
      ) === 1,
    reopen(proposalId) {
      database.run(
        `UPDATE proposals SET state = 'proposed', decided_at = NULL
         WHERE proposal_id = ? AND state = 'approved'`,
        proposalId,
      );
    },
    finish: (proposalId, from, to, reason) =>
      database.run(
        `UPDATE proposals SET state = ?, reason = ?, finished_at = ?
         WHERE proposal_id = ? AND state = ?`,
        to,
        reason,
        now(),
        proposalId,
        from,
      ) === 1,
  };
}
