import { packBlob } from '../checkpoint/blobs.ts';
import { awaitsPerson } from '../shared/decision.ts';
import { insertOperations, packChanges } from './kept-operations.ts';
import type { FileChange } from './operation.ts';
import { type NewMarks, putMarks } from './marking.ts';
import type { Origin, Proposal } from './proposal.ts';
import type { Recorder } from './recording.ts';

/** What is shown instead of what was shown before. */
export interface Revision {
  readonly origin: Origin;
  readonly changes: readonly FileChange[];
  readonly stacked: boolean;
  /** Why, in words; or ''. */
  readonly reason: string;
  /** It is the agent's own work, be it on top of what changed since. By its origin if not said. */
  readonly isAgents?: boolean;
  /** The arguments that the user gave instead of the agent's, as JSON. */
  readonly arguments?: string;
  /** What the user says to its changes by it. */
  readonly marks?: NewMarks;
}

/** What is shown, and under which hash. */
export interface Showing {
  /**
   * The run has stopped for this proposal: binds its effect to the interrupt. Done before anything
   * is shown; asked again for the same interrupt, it changes nothing.
   */
  ask(proposalId: string, interruptId: string, trusted: boolean): Promise<void>;
  /**
   * Replaces what a proposal would do, if it still stands as the caller saw it. One that waits stays
   * under its interrupt; an approved one asks again.
   */
  revise(seen: Proposal, revision: Revision): Promise<boolean>;
}

export function createShowing(recorder: Recorder): Showing {
  const { database, find, change, record } = recorder;
  return {
    async ask(proposalId, interruptId, trusted) {
      const found = find(proposalId);
      if (found === null) return;
      if (found.state !== 'proposed') {
        // An unclear outcome asks, too; there is nothing in it to approve.
        if (found.interruptId === interruptId) return;
        const sql = 'UPDATE proposals SET interrupt_id = ? WHERE proposal_id = ?';
        await database.transaction(() => database.run(sql, interruptId, proposalId));
        return;
      }
      // Asked again and again while it waits: only what is new may need the lock.
      if (found.interruptId === interruptId && found.shown !== null) return;
      await change(() => {
        recorder.leases.guard(found.threadId);
        recorder.bind(found, interruptId, trusted);
        const sql = 'UPDATE proposals SET shown_at = ? WHERE proposal_id = ?';
        database.run(sql, recorder.now(), proposalId);
        record(proposalId, 'shown', 'executor');
      });
    },
    revise: (seen, revision) => revise(recorder, seen, revision),
  };
}

const AGENTS: readonly Origin[] = ['model', 'rebased', 'arguments'];

async function revise(
  recorder: Recorder,
  seen: Proposal,
  { origin, changes, stacked, reason, isAgents, arguments: args, marks }: Revision,
): Promise<boolean> {
  const { database, blobs, audit } = recorder;
  const packed = await packChanges(changes, packBlob);
  const { proposalId, shown, interruptId } = seen;
  const revision = seen.revision + 1;
  const agents = isAgents ?? AGENTS.includes(origin);
  const settles = origin === 'finish' || origin === 'rollBack';
  return recorder.change(() => {
    recorder.leases.guard(seen.threadId);
    const superseded = recorder.entry(seen, 'superseded', 'executor');
    const taken = database.run(
      `UPDATE proposals SET state = 'proposed', revision = ?, origin = ?, stacked = ?, reason = ?,
         proposed_revision = iif(?, ?, proposed_revision), effect_hash = NULL, approved_hash = NULL,
         decision = NULL, owner = NULL, fence = fence + 1, arguments = coalesce(?, arguments),
         settles = iif(?, coalesce(settles, revision), NULL)
       WHERE proposal_id = ? AND state = ? AND revision = ? AND fence = ?`,
      ...[revision, origin, stacked ? 1 : 0, reason, agents ? 1 : 0, revision],
      ...[args ?? null, settles ? 1 : 0, proposalId, seen.state, seen.revision, seen.fence],
    );
    if (taken === 0) return false;
    insertOperations(database, blobs, { proposalId, revision }, packed);
    if (marks !== undefined) putMarks(database, proposalId, marks);
    if (awaitsPerson(seen.state) && shown !== null && interruptId !== null) {
      audit.append(superseded);
      recorder.bind({ ...seen, revision }, interruptId, shown.binding.trusted);
      recorder.record(proposalId, 'shown', 'executor');
    }
    return true;
  });
}
