import type { PackedBlob } from '../checkpoint/blobs.ts';
import type { ProposalState } from '../shared/decision.ts';
import type { AuditEntry, AuditEvent } from './audit-rows.ts';
import type { Proposal } from './proposal.ts';
import type { Recorder } from './recording.ts';

/** What happens to an approved effect, by whoever carries it out. */
export interface Claiming {
  /**
   * Takes an approved proposal for execution; null unless it was approved and not yet taken. On the
   * disk when it returns.
   */
  claim(proposalId: string): Promise<Proposal | null>;
  /** True while this process has the claim that it was given. */
  holds(claimed: Proposal): boolean;
  /**
   * Keeps what the disk had before a claimed effect, or has after it, for each of its files where
   * that is not what the effect itself says; else null.
   */
  keepBytes(
    claimed: Proposal,
    when: 'preimage' | 'final',
    bytes: readonly (PackedBlob | null)[],
  ): Promise<void>;
  /** Takes back an approval or a claim that had no effect, so that it asks again. */
  reopen(seen: Proposal, reason: string): Promise<boolean>;
  /** Ends a proposal or makes it an open question, if it is in the state that the caller saw. */
  finish(
    seen: Proposal,
    to: ProposalState,
    reason: string,
    by?: AuditEntry['by'],
  ): Promise<boolean>;
  /** Notes in the audit that something was refused. */
  refused(proposal: Proposal): Promise<void>;
}

export function createClaiming(recorder: Recorder): Claiming {
  const { database, find, change, record, owner, now, leases } = recorder;
  return {
    claim: (proposalId) =>
      change(() => {
        leases.guard(find(proposalId)?.threadId ?? '');
        const taken = database.run(
          `UPDATE proposals SET state = 'claimed', owner = ?, fence = fence + 1
             WHERE proposal_id = ? AND state = 'approved'`,
          owner,
          proposalId,
        );
        if (taken === 0) return null;
        record(proposalId, 'claimed', 'executor');
        return find(proposalId);
      }, 'durable'),
    holds({ proposalId, fence }) {
      const held = database.get(
        `SELECT 1 FROM proposals
         WHERE proposal_id = ? AND state = 'claimed' AND owner = ? AND fence = ?`,
        ...[proposalId, owner, fence],
      );
      return held !== undefined;
    },
    async keepBytes(claimed, when, bytes) {
      if (bytes.some((one) => one !== null)) await keepBytes(recorder, claimed, when, bytes);
    },
    reopen: (seen, reason) =>
      change(() => {
        const taken = database.run(
          `UPDATE proposals SET state = 'proposed', origin = 'interrupted', reason = ?,
             effect_hash = NULL, approved_hash = NULL, owner = NULL, fence = fence + 1
           WHERE proposal_id = ? AND state = ? AND fence = ?`,
          ...[reason, seen.proposalId, seen.state, seen.fence],
        );
        if (taken === 1) record(seen.proposalId, 'reopened', 'recovery');
        return taken === 1;
      }),
    finish: (seen, to, reason, by = 'executor') =>
      change(() => {
        const taken = database.run(
          `UPDATE proposals SET state = ?, reason = ?, finished_at = ?
           WHERE proposal_id = ? AND state = ? AND fence = ?`,
          ...[to, reason, now(), seen.proposalId, seen.state, seen.fence],
        );
        const event = finishEvent(to);
        if (taken === 1 && event !== null) record(seen.proposalId, event, by);
        return taken === 1;
      }),
    async refused({ proposalId }) {
      await change(() => {
        record(proposalId, 'refused', 'executor');
      });
    },
  };
}

function keepBytes(
  { database, blobs }: Recorder,
  { proposalId, revision }: Proposal,
  when: 'preimage' | 'final',
  bytes: readonly (PackedBlob | null)[],
): Promise<void> {
  return database.transaction(() => {
    for (const [index, blob] of bytes.entries()) {
      if (blob === null) continue;
      const sql = `UPDATE operations SET ${when}_sha256 = ?
           WHERE proposal_id = ? AND revision = ? AND idx = ?`;
      database.run(sql, blobs.put(blob), proposalId, revision, index);
    }
  }, 'durable');
}

function finishEvent(to: ProposalState): AuditEvent | null {
  return to === 'proposed' || to === 'approved' || to === 'claimed' ? null : to;
}
