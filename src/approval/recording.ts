import { randomBytes } from 'node:crypto';
import type { BlobStore } from '../checkpoint/blobs.ts';
import type { Database, Durability } from '../checkpoint/database.ts';
import type { Leases } from '../checkpoint/leases.ts';
import type { AuditEntry, AuditEvent } from './audit-rows.ts';
import type { Audit } from './audit.ts';
import { type Binding, effectHash, envelopeOf } from './envelope.ts';
import { type Proposal, commandsOf, operationsOf, selectProposals } from './proposal.ts';

export interface RecorderDeps {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly audit: Audit;
  /** Milliseconds since 1970. Nothing is decided by it but whether a command has expired. */
  readonly now: () => number;
  /** Names this process among those that use the database. */
  readonly owner: string;
  readonly policyVersion: number;
  /** Refuse, in a transaction, to go on with a thread that is another window's. */
  readonly leases: Pick<Leases, 'guard'>;
}

/** What every change of the ledger is made with. */
export interface Recorder extends RecorderDeps {
  readonly find: (proposalId: string) => Proposal | null;
  /** One transaction, and then its audit rows known elsewhere, too. */
  readonly change: <T>(work: () => T, durability?: Durability) => Promise<T>;
  /** Within `change`: the audit row of what has just happened. */
  readonly record: (proposalId: string, event: AuditEvent, by: AuditEntry['by']) => void;
  /** The audit row of a proposal as it stands, for later. */
  entry(proposal: Proposal, event: AuditEvent, by: AuditEntry['by']): AuditEntry;
  /** Binds the effect as it stands to an interrupt, with a new nonce. Answers its hash. */
  bind(proposal: Proposal, interruptId: string, trusted: boolean): string;
}

export function createRecorder(deps: RecorderDeps): Recorder {
  const { database, audit } = deps;
  const find = (proposalId: string): Proposal | null =>
    selectProposals(database, 'proposal_id = ?', proposalId)[0] ?? null;
  const entry: Recorder['entry'] = (proposal, event, by) => entryOf(database, proposal, event, by);
  return {
    ...deps,
    find,
    entry,
    async change(work, durability) {
      const result = await database.transaction(() => {
        audit.discard();
        return work();
      }, durability);
      audit.publish();
      return result;
    },
    record(proposalId, event, by) {
      const proposal = find(proposalId);
      if (proposal !== null) audit.append(entry(proposal, event, by));
    },
    bind: (proposal, interruptId, trusted) => bind(deps, proposal, interruptId, trusted),
  };
}

function bind(
  { database, policyVersion }: RecorderDeps,
  { proposalId, threadId, kind, revision }: Proposal,
  interruptId: string,
  trusted: boolean,
): string {
  const nonce = randomBytes(16).toString('hex');
  const binding: Binding = { threadId, interruptId, nonce, policyVersion, trusted };
  const operations = operationsOf(database, proposalId, revision);
  const command = commandsOf(database, proposalId)[revision] ?? null;
  const hash = effectHash(envelopeOf({ kind, operations, command }, binding));
  database.run(
    `UPDATE proposals SET interrupt_id = ?, nonce = ?, policy_version = ?, trusted = ?,
       effect_hash = ? WHERE proposal_id = ?`,
    interruptId,
    nonce,
    policyVersion,
    trusted ? 1 : 0,
    hash,
    proposalId,
  );
  return hash;
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
    seconds: by === 'executor' || by === 'recovery' ? null : Math.max(0, Math.round(waited / 1000)),
  };
}
