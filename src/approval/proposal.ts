import type { Database, SqlRow } from '../checkpoint/database.ts';
import type { Command } from '../shared/command.ts';
import type { Decision, ProposalState, ToolKind } from '../shared/decision.ts';
import type { Question } from '../shared/thread-view.ts';
import { unpackCommands } from './command.ts';
import { type Binding, effectHash, envelopeOf } from './envelope.ts';
import { type Operation, type TextForm, targetOf } from './operation.ts';

/**
 * Where a revision of a proposal comes from: the agent; a merge with what changed since, clean or
 * with conflicts, or none since it cannot be merged; other arguments, another text or a part chosen
 * by the user; an approval that the end of the editor cut off; the finishing or rolling back of an
 * effect that stopped half-way; a command that was not answered in time, or that may have run.
 */
export type Origin =
  | 'model'
  | 'rebased'
  | 'conflict'
  | 'arguments'
  | 'edited'
  | 'partial'
  | 'interrupted'
  | 'expired'
  | 'again'
  | 'stale'
  | 'finish'
  | 'rollBack';

/** An operation as the ledger keeps it. */
export interface KeptOperation extends Operation {
  /** What was on the disk right before the effect, where that was not the base. */
  readonly preimageSha256: string | null;
  /** What is on the disk after the effect, where a formatter has changed it at once. */
  readonly finalSha256: string | null;
}

/** A frozen proposal as the ledger keeps it. */
export interface Proposal {
  readonly proposalId: string;
  readonly threadId: string;
  readonly toolCallId: string;
  /** When it was frozen, in milliseconds since 1970. */
  readonly createdAt: number;
  /** The interrupt that asks, or null until the run has stopped for it. */
  readonly interruptId: string | null;
  readonly kind: ToolKind;
  readonly state: ProposalState;
  /** Counts what was shown instead of what; every revision is kept. */
  readonly revision: number;
  /** The newest revision that is the agent's own, be it on top of what changed since. */
  readonly proposedRevision: number;
  readonly origin: Origin;
  /** The revision that stopped half-way and that this one finishes or rolls back; else null. */
  readonly settles: number | null;
  /** True if it was made on top of another proposal that was still open. */
  readonly stacked: boolean;
  /** What would be done or, once it is no proposal any more, all that was approved. */
  readonly operations: readonly KeptOperation[];
  readonly question: Question | null;
  /** What would be run, if it is a command; and what was to be run at each revision. */
  readonly command: Command | null;
  readonly commands: readonly Command[];
  /** The arguments that the user gave instead of the agent's, as JSON. */
  readonly arguments: string | null;
  /** What the shown effect is bound to, and its hash; null while nothing is shown. */
  readonly shown: { readonly binding: Binding; readonly effectHash: string } | null;
  /** The hash of the effect that was approved. */
  readonly approvedHash: string | null;
  readonly decision: Decision | null;
  /** The process that claimed it. */
  readonly owner: string | null;
  /** Counts the claims; who holds an older number has lost it. */
  readonly fence: number;
  /** For an undo or redo: the proposal whose effect is meant. Else null. */
  readonly undoes: string | null;
  /** Why it was rejected, refused or failed, or is shown anew; else ''. */
  readonly reason: string;
}

/** The proposals that fulfil a condition, oldest first. */
export function selectProposals(
  database: Database,
  condition: string,
  ...values: string[]
): Proposal[] {
  return database
    .all(`SELECT * FROM proposals WHERE ${condition} ORDER BY rowid`, ...values)
    .map((row) => toProposal(database, row));
}

export function operationsOf(
  database: Database,
  proposalId: string,
  revision: number,
): KeptOperation[] {
  return database
    .all(
      'SELECT * FROM operations WHERE proposal_id = ? AND revision = ? ORDER BY idx',
      proposalId,
      revision,
    )
    .map(toOperation);
}

/** The commands of a proposal by revision; none if it is about files. */
export function commandsOf(database: Database, proposalId: string): readonly Command[] {
  const row = database.get('SELECT command FROM proposals WHERE proposal_id = ?', proposalId);
  return unpackCommands(row === undefined ? null : optionalOf(row)('command'));
}

/** The hash of a proposal's effect as its rows are now; null if it was never bound to a showing. */
export function hashNow(proposal: Proposal): string | null {
  const { shown } = proposal;
  return shown === null ? null : effectHash(envelopeOf(proposal, shown.binding));
}

function toProposal(database: Database, row: SqlRow): Proposal {
  const text = textOf(row);
  const optional = optionalOf(row);
  const proposalId = text('proposal_id');
  const revision = Number(row['revision']);
  const state = text('state') as ProposalState;
  const settles = row['settles'] === null ? null : Number(row['settles']);
  const decision = optional('decision');
  const question = optional('question');
  const commands = unpackCommands(optional('command'));
  return {
    proposalId,
    threadId: text('thread_id'),
    toolCallId: text('tool_call_id'),
    createdAt: Number(row['created_at']),
    interruptId: optional('interrupt_id'),
    kind: text('kind') as ToolKind,
    state,
    revision,
    proposedRevision: Number(row['proposed_revision']),
    origin: text('origin') as Origin,
    stacked: row['stacked'] === 1,
    settles,
    operations: isOnItsWay(state)
      ? operationsOf(database, proposalId, revision)
      : wholeEffect(database, { proposalId, revision, settles }),
    question: question === null ? null : (JSON.parse(question) as Question),
    command: commands[revision] ?? null,
    commands,
    arguments: optional('arguments'),
    shown: shownOf(row),
    approvedHash: optional('approved_hash'),
    decision: decision === null ? null : (JSON.parse(decision) as Decision),
    owner: optional('owner'),
    fence: Number(row['fence']),
    undoes: optional('undoes'),
    reason: text('reason'),
  };
}

function isOnItsWay(state: ProposalState): boolean {
  return state === 'proposed' || state === 'approved' || state === 'claimed';
}

/**
 * All operations of an effect, as they were approved at first; where it was finished later, with
 * what a formatter made of a file then.
 */
export function wholeEffect(
  database: Database,
  { proposalId, revision, settles }: Pick<Proposal, 'proposalId' | 'revision' | 'settles'>,
): KeptOperation[] {
  const last = operationsOf(database, proposalId, revision);
  if (settles === null) return last;
  const finals = new Map(last.map(({ realPath, finalSha256 }) => [realPath, finalSha256]));
  return operationsOf(database, proposalId, settles).map((operation) => ({
    ...operation,
    finalSha256: finals.get(targetOf(operation)) ?? operation.finalSha256,
  }));
}

function shownOf(row: SqlRow): Proposal['shown'] {
  const optional = optionalOf(row);
  const effect = optional('effect_hash');
  if (effect === null) return null;
  return {
    effectHash: effect,
    binding: {
      threadId: textOf(row)('thread_id'),
      interruptId: optional('interrupt_id') ?? '',
      nonce: optional('nonce') ?? '',
      policyVersion: Number(row['policy_version']),
      trusted: row['trusted'] === 1,
    },
  };
}

function toOperation(row: SqlRow): KeptOperation {
  const text = textOf(row);
  const optional = optionalOf(row);
  const to = optional('to_real_path');
  return {
    op: text('op') as Operation['op'],
    realPath: text('real_path'),
    displayPath: text('display_path'),
    to: to === null ? null : { realPath: to, displayPath: text('to_display_path') },
    folder: optional('folder'),
    baseSha256: optional('base_sha256'),
    newSha256: optional('new_sha256'),
    mode: text('mode') as Operation['mode'],
    form: {
      encoding: text('encoding') as TextForm['encoding'],
      bom: row['bom'] === 1,
      eol: text('eol') as TextForm['eol'],
    },
    warnings: JSON.parse(text('warnings')) as string[],
    preimageSha256: optional('preimage_sha256'),
    finalSha256: optional('final_sha256'),
  };
}

function textOf(row: SqlRow): (name: string) => string {
  return (name) => String(row[name]);
}

function optionalOf(row: SqlRow): (name: string) => string | null {
  return (name) => (row[name] === null ? null : String(row[name]));
}
