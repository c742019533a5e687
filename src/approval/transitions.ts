import { randomBytes } from 'node:crypto';
import { type BlobStore, type PackedBlob, packBlob } from '../checkpoint/blobs.ts';
import type { Database } from '../checkpoint/database.ts';
import { type Decision, type ProposalState, awaitsPerson } from '../shared/decision.ts';
import { failpoint } from '../shared/failpoint.ts';
import type { Audit, AuditEntry, AuditEvent } from './audit.ts';
import { decisionEvent, decisionReason, decisionState } from './decided.ts';
import { type Binding, effectHash, envelopeOf } from './envelope.ts';
import { insertOperations, packChanges } from './kept-operations.ts';
import type { FileChange } from './operation.ts';
import { type Origin, type Proposal, operationsOf } from './proposal.ts';

/** What is shown instead of what was shown before. */
export interface Revision {
  readonly origin: Origin;
  readonly changes: readonly FileChange[];
  readonly stacked: boolean;
  /** Why, in words; or ''. */
  readonly reason: string;
  /** The arguments that the user gave instead of the agent's, as JSON. */
  readonly arguments?: string;
}

/** Which files were carried out, and what the disk had before and has now, where that differs. */
export interface DoneOperation {
  readonly index: number;
  readonly preimage: PackedBlob | null;
  readonly final: PackedBlob | null;
}

/**
 * Every change of state compares and sets, so that of two callers one wins, and writes its audit row
 * in the same transaction. What must be on the disk before an effect (the decision, the claim) is
 * there when the call returns, whatever happens.
 */
export interface Transitions {
  /**
   * The run has stopped for this proposal: binds its effect to the interrupt. Done before anything
   * is shown; asked again for the same interrupt, it changes nothing.
   */
  ask(proposalId: string, interruptId: string, trusted: boolean): void;
  /**
   * Replaces what a proposal would do, if it still stands as the caller saw it. One that waits stays
   * under its interrupt; an approved one asks again.
   */
  revise(seen: Proposal, revision: Revision): Promise<boolean>;
  /**
   * Records the first answer to what was shown. With changes, these are what is approved.
   * `tooLate`: it was answered before. `changed`: something else is shown by now.
   */
  decide(
    proposalId: string,
    effectHash: string,
    decision: Decision,
    changes?: readonly FileChange[],
  ): Promise<'taken' | 'tooLate' | 'changed'>;
  /** Takes an approved proposal for execution; null unless it was approved and not yet taken. */
  claim(proposalId: string): Proposal | null;
  /** True while this process has the claim that it was given. */
  holds(claimed: Proposal): boolean;
  /** Within a claimed effect. */
  markDone(claimed: Proposal, done: DoneOperation): void;
  /** Takes back an approval or a claim that had no effect, so that it asks again. */
  reopen(seen: Proposal, reason: string): boolean;
  /** Ends a proposal or makes it an open question, if it is in the state that the caller saw. */
  finish(seen: Proposal, to: ProposalState, reason: string, by?: AuditEntry['by']): boolean;
  /** Notes in the audit that something was refused. */
  refused(proposal: Proposal): void;
}

export interface TransitionDeps {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly audit: Audit;
  readonly now: () => number;
  readonly owner: string;
  readonly policyVersion: number;
  readonly select: (condition: string, ...values: string[]) => Proposal[];
}

export function createTransitions(deps: TransitionDeps): Transitions {
  const { database, audit, now, owner } = deps;
  const find = (proposalId: string): Proposal | null =>
    deps.select('proposal_id = ?', proposalId)[0] ?? null;
  const change = <T>(work: () => T): T => {
    const result = database.transaction(work);
    audit.publish();
    return result;
  };
  const record = (proposalId: string, event: AuditEvent, by: AuditEntry['by']): void => {
    const proposal = find(proposalId);
    if (proposal !== null) audit.append(entryOf(database, proposal, event, by));
  };
  return {
    ask(proposalId, interruptId, trusted) {
      const found = find(proposalId);
      if (found?.state !== 'proposed') {
        // An unclear outcome asks, too; there is nothing in it to approve.
        if (found === null || found.interruptId === interruptId) return;
        const sql = 'UPDATE proposals SET interrupt_id = ? WHERE proposal_id = ?';
        database.run(sql, interruptId, proposalId);
        return;
      }
      // Asked again and again while it waits: only what is new may need the lock.
      if (found.interruptId === interruptId && found.shown !== null) return;
      change(() => {
        bind(deps, found, interruptId, trusted);
        record(proposalId, 'shown', 'executor');
      });
    },
    revise: (seen, revision) => revise(deps, change, record, { seen, revision }),
    decide: (proposalId, shownHash, decision, changes) =>
      decide(deps, change, record, { proposalId, shownHash, decision, changes: changes ?? null }),
    claim: (proposalId) =>
      database.durably(() =>
        change(() => {
          const taken = database.run(
            `UPDATE proposals SET state = 'claimed', owner = ?, fence = fence + 1
             WHERE proposal_id = ? AND state = 'approved'`,
            owner,
            proposalId,
          );
          if (taken === 0) return null;
          record(proposalId, 'claimed', 'executor');
          return find(proposalId);
        }),
      ),
    holds: ({ proposalId, fence }) =>
      database.get(
        `SELECT 1 FROM proposals
         WHERE proposal_id = ? AND state = 'claimed' AND owner = ? AND fence = ?`,
        proposalId,
        owner,
        fence,
      ) !== undefined,
    markDone({ proposalId, revision }, { index, preimage, final }) {
      database.transaction(() => {
        database.run(
          `UPDATE operations SET done = 1, final_sha256 = ?, preimage_sha256 = ?
           WHERE proposal_id = ? AND revision = ? AND idx = ?`,
          final === null ? null : deps.blobs.put(final),
          preimage === null ? null : deps.blobs.put(preimage),
          proposalId,
          revision,
          index,
        );
      });
    },
    reopen: (seen, reason) =>
      change(() => {
        const taken = database.run(
          `UPDATE proposals SET state = 'proposed', origin = 'interrupted', reason = ?,
             effect_hash = NULL, approved_hash = NULL, owner = NULL, fence = fence + 1
           WHERE proposal_id = ? AND state = ? AND fence = ?`,
          reason,
          seen.proposalId,
          seen.state,
          seen.fence,
        );
        if (taken === 1) record(seen.proposalId, 'reopened', 'recovery');
        return taken === 1;
      }),
    finish: (seen, to, reason, by = 'executor') =>
      change(() => {
        const taken = database.run(
          `UPDATE proposals SET state = ?, reason = ?, finished_at = ?
           WHERE proposal_id = ? AND state = ? AND fence = ?`,
          to,
          reason,
          now(),
          seen.proposalId,
          seen.state,
          seen.fence,
        );
        const event = finishEvent(to);
        if (taken === 1 && event !== null) record(seen.proposalId, event, by);
        return taken === 1;
      }),
    refused(proposal) {
      change(() => {
        record(proposal.proposalId, 'refused', 'executor');
      });
    },
  };
}

type Change = <T>(work: () => T) => T;
type RecordEvent = (proposalId: string, event: AuditEvent, by: AuditEntry['by']) => void;

/** Binds the effect as it stands to an interrupt, with a new nonce. Answers its hash. */
function bind(
  { database, now, policyVersion }: TransitionDeps,
  { proposalId, threadId, kind, revision }: Proposal,
  interruptId: string,
  trusted: boolean,
): string {
  const nonce = randomBytes(16).toString('hex');
  const binding: Binding = { threadId, interruptId, nonce, policyVersion, trusted };
  const operations = operationsOf(database, proposalId, revision);
  const hash = effectHash(envelopeOf(kind, operations, binding));
  database.run(
    `UPDATE proposals SET interrupt_id = ?, nonce = ?, policy_version = ?, trusted = ?,
       effect_hash = ?, shown_at = ? WHERE proposal_id = ?`,
    interruptId,
    nonce,
    policyVersion,
    trusted ? 1 : 0,
    hash,
    now(),
    proposalId,
  );
  return hash;
}

/** The agent's own work, be it on top of what changed since; the rest is the user's. */
const AGENTS: readonly Origin[] = ['model', 'rebased', 'arguments'];

async function revise(
  deps: TransitionDeps,
  change: Change,
  record: RecordEvent,
  { seen, revision }: { seen: Proposal; revision: Revision },
): Promise<boolean> {
  const { database, blobs } = deps;
  const packed = await packChanges(revision.changes, packBlob);
  const { proposalId } = seen;
  const next = seen.revision + 1;
  const waits = awaitsPerson(seen.state) && seen.shown !== null && seen.interruptId !== null;
  const agents =
    AGENTS.includes(revision.origin) ||
    (revision.origin === 'stale' && seen.revision === seen.proposedRevision);
  return change(() => {
    const superseded = entryOf(database, seen, 'superseded', 'executor');
    const taken = database.run(
      `UPDATE proposals SET state = 'proposed', revision = ?, origin = ?, stacked = ?, reason = ?,
         proposed_revision = iif(?, ?, proposed_revision), effect_hash = NULL, approved_hash = NULL,
         decision = NULL, owner = NULL, fence = fence + 1, arguments = coalesce(?, arguments)
       WHERE proposal_id = ? AND state = ? AND revision = ? AND fence = ?`,
      next,
      revision.origin,
      revision.stacked ? 1 : 0,
      revision.reason,
      agents ? 1 : 0,
      next,
      revision.arguments ?? null,
      proposalId,
      seen.state,
      seen.revision,
      seen.fence,
    );
    if (taken === 0) return false;
    insertOperations(database, blobs, { proposalId, revision: next }, packed);
    if (waits && seen.interruptId !== null) {
      deps.audit.append(superseded);
      const trusted = seen.shown?.binding.trusted ?? false;
      bind(deps, { ...seen, revision: next }, seen.interruptId, trusted);
      record(proposalId, 'shown', 'executor');
    }
    return true;
  });
}

interface Answer {
  readonly proposalId: string;
  readonly shownHash: string;
  readonly decision: Decision;
  readonly changes: readonly FileChange[] | null;
}

async function decide(
  deps: TransitionDeps,
  change: Change,
  record: RecordEvent,
  { proposalId, shownHash, decision, changes }: Answer,
): Promise<'taken' | 'tooLate' | 'changed'> {
  const { database, blobs, now } = deps;
  const packed = await packChanges(changes ?? [], packBlob);
  const to = decisionState(decision);
  failpoint('decide.before');
  return database.durably(() =>
    change(() => {
      const seen = deps.select('proposal_id = ?', proposalId)[0];
      const open = decision.kind === 'settle' ? ['partial', 'unknown'] : ['proposed'];
      if (seen === undefined || !open.includes(seen.state)) return 'tooLate';
      if (seen.shown?.effectHash !== shownHash) return 'changed';
      const revision = changes === null ? seen.revision : seen.revision + 1;
      let approved = to === 'approved' ? shownHash : null;
      if (changes !== null && seen.interruptId !== null) {
        insertOperations(database, blobs, { proposalId, revision }, packed);
        const { trusted } = seen.shown.binding;
        approved = bind(deps, { ...seen, revision }, seen.interruptId, trusted);
      }
      database.run(
        `UPDATE proposals SET state = ?, decision = ?, reason = ?, approved_hash = ?, revision = ?,
           origin = ?, decided_at = ? WHERE proposal_id = ?`,
        to,
        JSON.stringify(storable(decision)),
        decisionReason(decision),
        approved,
        revision,
        changes === null ? seen.origin : decision.kind === 'partial' ? 'partial' : 'edited',
        now(),
        proposalId,
      );
      record(proposalId, decisionEvent(decision), 'user');
      failpoint('decide.recorded');
      return 'taken';
    }),
  );
}

/** The user's texts are in the revision; kept here too, they would be kept twice. */
function storable(decision: Decision): Decision {
  return decision.kind === 'edit' ? { ...decision, files: [] } : decision;
}

function finishEvent(to: ProposalState): AuditEvent | null {
  return to === 'proposed' || to === 'approved' || to === 'claimed' ? null : to;
}

function entryOf(
  database: Database,
  proposal: Proposal,
  event: AuditEvent,
  by: AuditEntry['by'],
): AuditEntry {
  const { proposalId, threadId, shown, operations, revision, proposedRevision } = proposal;
  const row = database.get(
    'SELECT shown_at, decided_at FROM proposals WHERE proposal_id = ?',
    proposalId,
  );
  const waited = Number(row?.['decided_at'] ?? 0) - Number(row?.['shown_at'] ?? 0);
  const listed = event === 'shown' || event === 'approved' || event === 'applied';
  return {
    event,
    threadId,
    proposalId,
    effectHash: shown?.effectHash ?? null,
    files: listed
      ? operations.map(({ displayPath, to, baseSha256, newSha256, finalSha256 }) => ({
          path: to === null ? displayPath : `${displayPath} → ${to.displayPath}`,
          before: baseSha256,
          after: finalSha256 ?? newSha256,
        }))
      : null,
    by,
    edited: revision !== proposedRevision,
    seconds: by === 'user' ? Math.max(0, Math.round(waited / 1000)) : null,
  };
}
