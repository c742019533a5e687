import type { Database, SqlRow } from '../checkpoint/database.ts';
import type { ProposalState, ToolKind } from '../shared/decision.ts';

/** A computed change of one file: the exact bytes before and after. Null: there is no file. */
export interface FileChange {
  readonly realPath: string;
  readonly displayPath: string;
  readonly base: Uint8Array | null;
  readonly next: Uint8Array | null;
}

/** A frozen proposal as the ledger keeps it. Nothing but its state ever changes. */
export interface Proposal {
  readonly proposalId: string;
  readonly threadId: string;
  readonly toolCallId: string;
  /** The interrupt that asks, or null until the run has stopped for it. */
  readonly interruptId: string | null;
  readonly kind: ToolKind;
  readonly realPath: string;
  readonly displayPath: string;
  readonly baseSha256: string | null;
  readonly newSha256: string | null;
  readonly state: ProposalState;
  /** For an undo or redo: the proposal whose effect is meant. Else null. */
  readonly undoes: string | null;
  /** Why it was rejected, refused or failed; else ''. */
  readonly reason: string;
}

const COLUMNS = `proposal_id, thread_id, tool_call_id, interrupt_id, kind, real_path, display_path,
  base_sha256, new_sha256, state, undoes, reason`;

/** The proposals that fulfil a condition, oldest first. */
export function selectProposals(
  database: Database,
  condition: string,
  ...values: string[]
): Proposal[] {
  return database
    .all(`SELECT ${COLUMNS} FROM proposals WHERE ${condition} ORDER BY rowid`, ...values)
    .map(toProposal);
}

function toProposal(row: SqlRow): Proposal {
  const text = (name: string): string => String(row[name]);
  const optional = (name: string): string | null => (row[name] === null ? null : text(name));
  return {
    proposalId: text('proposal_id'),
    threadId: text('thread_id'),
    toolCallId: text('tool_call_id'),
    interruptId: optional('interrupt_id'),
    kind: text('kind') as ToolKind,
    realPath: text('real_path'),
    displayPath: text('display_path'),
    baseSha256: optional('base_sha256'),
    newSha256: optional('new_sha256'),
    state: text('state') as ProposalState,
    undoes: optional('undoes'),
    reason: text('reason'),
  };
}
