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
  freeze(
    call: ToolCallAddress,
    kind: ToolKind,
    change: FileChange,
    undoes?: string | null,
  ): Proposal;
  ofCall(call: ToolCallAddress): Proposal | null;
  ofInterrupt(threadId: string, interruptId: string): Proposal | null;
  ofThread(threadId: string): readonly Proposal[];
  find(proposalId: string): Proposal | null;
  /** The proposals that are not settled, of all threads that are not deleted, oldest first. */
  open(): readonly Proposal[];
  /** The effects of a proposal that happened: its own, then each undo and redo, oldest first. */
  effects(proposalId: string): readonly Proposal[];
  /** Undos and redos of a thread that the model has not been told of. */
  untold(threadId: string): readonly Proposal[];
  markTold(proposals: readonly Proposal[]): void;
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
  /** Takes a thread's proposals away for good, and the bytes that only they had. */
  forget(threadId: string): void;
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
    open: () =>
      select(
        `state IN ('proposed', 'approved', 'claimed') AND undoes IS NULL
         AND thread_id NOT IN (SELECT thread_id FROM threads WHERE deleted_at IS NOT NULL)`,
      ),
    effects: (proposalId) =>
      select(`(proposal_id = ? OR undoes = ?) AND state = 'applied'`, proposalId, proposalId),
    untold: (threadId) =>
      select(`thread_id = ? AND undoes IS NOT NULL AND state = 'applied' AND told = 0`, threadId),
    markTold(proposals) {
      for (const { proposalId } of proposals) {
        database.run('UPDATE proposals SET told = 1 WHERE proposal_id = ?', proposalId);
      }
    },
    bytes: (sha256) => blobs.get(sha256),
    freeze: (call, kind, change, undoes = null) =>
      database.transaction(() => {
        if (ofCall(call) === null) insert(database, blobs, now(), { call, kind, change, undoes });
        const frozen = ofCall(call);
        if (frozen === null) throw new Error('A proposal was not kept');
        return frozen;
      }),
    forget(threadId) {
      database.transaction(() => {
        database.run('DELETE FROM proposals WHERE thread_id = ? AND undoes IS NOT NULL', threadId);
        database.run('DELETE FROM proposals WHERE thread_id = ?', threadId);
        database.run(
          `DELETE FROM blobs WHERE sha256 NOT IN
             (SELECT base_sha256 FROM proposals WHERE base_sha256 IS NOT NULL
              UNION SELECT new_sha256 FROM proposals WHERE new_sha256 IS NOT NULL)`,
        );
      });
    },
    ...transitions(database, now),
  };
}

interface NewProposal {
  readonly call: ToolCallAddress;
  readonly kind: ToolKind;
  readonly change: FileChange;
  readonly undoes: string | null;
}

function insert(
  database: Database,
  blobs: BlobStore,
  time: number,
  { call, kind, change, undoes }: NewProposal,
): void {
  const { realPath, displayPath, base, next } = change;
  database.run(
    `INSERT INTO proposals (proposal_id, thread_id, tool_call_id, kind, real_path, display_path,
       base_sha256, new_sha256, undoes, state, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'proposed', ?)`,
    randomUUID(),
    call.threadId,
    call.toolCallId,
    kind,
    realPath,
    displayPath,
    base === null ? null : blobs.put(base),
    next === null ? null : blobs.put(next),
    undoes,
    time,
  );
}

type Transitions = Pick<Ledger, 'asked' | 'decide' | 'claim' | 'reopen' | 'finish'>;

/**
 * Every change of state compares and sets, so that of two callers one wins. What must be on the disk
 * before an effect (the decision, the claim) is there when the call returns, whatever happens.
 */
function transitions(database: Database, now: () => number): Transitions {
  return {
    asked(proposalId, interruptId) {
      // Asked again and again while it waits: only what is new may need the lock.
      const where = 'proposal_id = ? AND interrupt_id IS NOT ?';
      const found = database.get(`SELECT 1 FROM proposals WHERE ${where}`, proposalId, interruptId);
      if (found === undefined) return;
      database.run(
        'UPDATE proposals SET interrupt_id = ? WHERE proposal_id = ?',
        interruptId,
        proposalId,
      );
    },
    decide(proposalId, decision) {
      const approved = decision.kind === 'approve';
      const changed = database.durably(() =>
        database.run(
          `UPDATE proposals SET state = ?, reason = ?, decided_at = ?
           WHERE proposal_id = ? AND state = 'proposed'`,
          approved ? 'approved' : 'rejected',
          approved ? '' : decision.reason,
          now(),
          proposalId,
        ),
      );
      return changed === 1;
    },
    claim: (proposalId) =>
      database.durably(() =>
        database.run(
          `UPDATE proposals SET state = 'claimed' WHERE proposal_id = ? AND state = 'approved'`,
          proposalId,
        ),
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
