import { packBlob } from '../checkpoint/blobs.ts';
import type { Command } from '../shared/command.ts';
import type { DecidedBy, Decision } from '../shared/decision.ts';
import { failpoint } from '../shared/failpoint.ts';
import { decisionEvent, decisionReason, decisionState } from './decided.ts';
import { isExpired } from './command.ts';
import { insertOperations, packChanges } from './kept-operations.ts';
import type { FileChange } from './operation.ts';
import type { Recorder } from './recording.ts';
import { commandsWith } from './showing.ts';

/**
 * `tooLate`: it was answered before. `changed`: something else is shown by now. `expired`: what is
 * shown is too old to be approved.
 */
export type Recorded = 'taken' | 'tooLate' | 'changed' | 'expired';

export interface Deciding {
  /**
   * Records the first answer to what was shown. With changes, or with another command, these are
   * what is approved. On the disk when it returns.
   */
  decide(
    proposalId: string,
    effectHash: string,
    decision: Decision,
    changes?: readonly FileChange[],
    command?: Command,
    by?: DecidedBy,
  ): Promise<Recorded>;
}

export function createDeciding(recorder: Recorder): Deciding {
  const { database } = recorder;
  return {
    async decide(proposalId, effectHash, decision, changes, command, by = 'user') {
      const another = changes !== undefined || command !== undefined;
      const packed = await packChanges(changes ?? [], packBlob);
      failpoint('decide.before');
      return recorder.change(() => {
        const seen = recorder.find(proposalId);
        const open = decision.kind === 'settle' ? ['partial', 'unknown'] : ['proposed'];
        if (seen === null || !open.includes(seen.state)) return 'tooLate';
        recorder.leases.guard(seen.threadId);
        const { shown, interruptId } = seen;
        if (shown?.effectHash !== effectHash || interruptId === null) return 'changed';
        const state = decisionState(decision);
        if (state === 'approved' && isExpired(seen.command, recorder.now())) return 'expired';
        let approved = state === 'approved' ? effectHash : null;
        const revision = seen.revision + (another ? 1 : 0);
        if (another) {
          const sql = 'UPDATE proposals SET command = ? WHERE proposal_id = ?';
          database.run(sql, commandsWith(seen, command), proposalId);
          insertOperations(database, recorder.blobs, { proposalId, revision }, packed);
          approved = recorder.bind({ ...seen, revision }, interruptId, shown.binding.trusted);
        }
        // What is known of an unclear effect is all that the user leaves the files with.
        const reason = decision.kind === 'settle' ? seen.reason : decisionReason(decision);
        const chosen = decision.kind === 'partial' ? 'partial' : 'edited';
        database.run(
          `UPDATE proposals SET state = ?, decision = ?, reason = ?, approved_hash = ?,
               revision = ?, origin = ?, decided_at = ? WHERE proposal_id = ?`,
          ...[state, JSON.stringify(storable(decision)), reason, approved],
          ...[revision, another ? chosen : seen.origin, recorder.now(), proposalId],
        );
        recorder.record(proposalId, decisionEvent(decision), by);
        failpoint('decide.recorded');
        return 'taken';
      }, 'durable');
    },
  };
}

/** The user's texts are in the revision; kept here too, they would be kept twice. */
function storable(decision: Decision): Decision {
  return decision.kind === 'edit' ? { ...decision, files: [] } : decision;
}
