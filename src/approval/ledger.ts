import { randomUUID } from 'node:crypto';
import { packBlob } from '../checkpoint/blobs.ts';
import type { Command } from '../shared/command.ts';
import type { ToolKind } from '../shared/decision.ts';
import type { Question } from '../shared/thread-view.ts';
import { type Claiming, createClaiming } from './claiming.ts';
import { checkCommand, packCommands } from './command.ts';
import { type Deciding, createDeciding } from './deciding.ts';
import { type PackedChange, insertOperations, packChanges } from './kept-operations.ts';
import { type Marking, createMarking } from './marking.ts';
import type { FileChange } from './operation.ts';
import {
  type KeptOperation,
  type Proposal,
  operationsOf,
  selectProposals,
  wholeEffect,
} from './proposal.ts';
import { type RecorderDeps, createRecorder } from './recording.ts';
import { type SendingAnyway, createSendingAnyway } from './sending-anyway.ts';
import { type Showing, createShowing } from './showing.ts';

export interface ToolCallAddress {
  readonly threadId: string;
  readonly toolCallId: string;
}

export interface FreezeOptions {
  /** It is made on top of what another open proposal would write. */
  readonly stacked?: boolean;
  readonly question?: Question;
  /** What would be run; there are no changes of files then. */
  readonly command?: Command;
  /** The proposal whose effect an undo or redo is about. */
  readonly undoes?: string;
}

/**
 * The durable record of proposals, decisions and effects. Every method that changes something is one
 * transaction, which compares and sets, so that of two callers one wins, and which has its audit row
 * in it.
 */
export interface Ledger extends Showing, Marking, Deciding, Claiming, SendingAnyway {
  /** Freezes an effect. The same tool call again answers what was frozen first. */
  freeze(
    call: ToolCallAddress,
    kind: ToolKind,
    changes: readonly FileChange[],
    options?: FreezeOptions,
  ): Promise<Proposal>;
  ofCall(call: ToolCallAddress): Proposal | null;
  /**
   * What was, or is being, done for a call of a thread in those of which it is a fork; null: nothing
   * that still stands.
   */
  doneInOrigin(call: ToolCallAddress): Proposal | null;
  ofInterrupt(threadId: string, interruptId: string): Proposal | null;
  ofThread(threadId: string): readonly Proposal[];
  find(proposalId: string): Proposal | null;
  /** The operations of an earlier revision. */
  operations(proposalId: string, revision: number): readonly KeptOperation[];
  /** All that was approved of an effect that stopped half-way, whatever is shown to settle it. */
  wholeOf(proposal: Proposal): readonly KeptOperation[];
  /** The proposals that are not settled, of all threads that are not deleted, oldest first. */
  open(): readonly Proposal[];
  /** Those of one thread, oldest first. */
  openOf(threadId: string): readonly Proposal[];
  /** The effects of a proposal that happened: its own, then each undo and redo, oldest first. */
  effects(proposalId: string): readonly Proposal[];
  /** The newest rejected proposal of the same thread before one, about one of the same files. */
  rejectedBefore(proposal: Proposal): Proposal | null;
  /** Undos and redos of a thread that the model has not been told of. */
  untold(threadId: string): readonly Proposal[];
  markTold(proposals: readonly Proposal[]): Promise<void>;
  bytes(sha256: string): Uint8Array;
}

const OPEN = `state IN ('proposed', 'approved', 'claimed', 'partial', 'unknown')`;

const TARGET = 'coalesce(to_real_path, real_path)';
const REJECTED_BEFORE = `proposal_id =
  (SELECT p.proposal_id FROM proposals p JOIN operations USING (proposal_id, revision)
   WHERE p.thread_id = ? AND p.state = 'rejected'
     AND p.rowid < (SELECT rowid FROM proposals WHERE proposal_id = ?)
     AND ${TARGET} IN (SELECT ${TARGET} FROM operations WHERE proposal_id = ? AND revision = ?)
   ORDER BY p.rowid DESC LIMIT 1)`;

const DONE_IN_ORIGIN = `tool_call_id = ?
  AND state IN ('approved', 'claimed', 'applied', 'partial', 'unknown', 'kept', 'doneByHand')
  AND thread_id IN (
    WITH RECURSIVE origins (id) AS (
      SELECT forked_from FROM threads WHERE thread_id = ? AND forked_from IS NOT NULL
      UNION
      SELECT forked_from FROM threads JOIN origins ON thread_id = id WHERE forked_from IS NOT NULL
    ) SELECT id FROM origins)`;

export function createLedger(deps: RecorderDeps): Ledger {
  const { database, blobs } = deps;
  const recorder = createRecorder(deps);
  const select = (condition: string, ...values: string[]): Proposal[] =>
    selectProposals(database, condition, ...values);
  const ofCall = (call: ToolCallAddress): Proposal | null =>
    select('thread_id = ? AND tool_call_id = ?', call.threadId, call.toolCallId)[0] ?? null;
  const effects = (proposalId: string): Proposal[] =>
    select(`(proposal_id = ? OR undoes = ?) AND state = 'applied'`, proposalId, proposalId);
  const isUndone = ({ proposalId, state }: Proposal): boolean =>
    state === 'applied' && effects(proposalId).length % 2 === 0;
  return {
    ofCall,
    doneInOrigin: ({ threadId, toolCallId }) =>
      select(DONE_IN_ORIGIN, toolCallId, threadId).find((one) => !isUndone(one)) ?? null,
    ofInterrupt: (threadId, interruptId) =>
      select('thread_id = ? AND interrupt_id = ?', threadId, interruptId)[0] ?? null,
    ofThread: (threadId) => select('thread_id = ?', threadId),
    find: (proposalId) => select('proposal_id = ?', proposalId)[0] ?? null,
    operations: (proposalId, revision) => operationsOf(database, proposalId, revision),
    wholeOf: (proposal) => wholeEffect(database, proposal),
    open: () =>
      select(
        `${OPEN} AND undoes IS NULL
         AND thread_id NOT IN (SELECT thread_id FROM threads WHERE deleted_at IS NOT NULL)`,
      ),
    openOf: (threadId) => select(`thread_id = ? AND ${OPEN} AND undoes IS NULL`, threadId),
    effects,
    rejectedBefore: ({ threadId, proposalId, revision }) =>
      select(REJECTED_BEFORE, threadId, proposalId, proposalId, String(revision))[0] ?? null,
    untold: (threadId) =>
      select(`thread_id = ? AND undoes IS NOT NULL AND state = 'applied' AND told = 0`, threadId),
    async markTold(proposals) {
      if (proposals.length === 0) return;
      await database.transaction(() => {
        for (const { proposalId } of proposals) {
          database.run('UPDATE proposals SET told = 1 WHERE proposal_id = ?', proposalId);
        }
      });
    },
    bytes: (sha256) => blobs.get(sha256),
    async freeze(call, kind, changes, options = {}) {
      const packed = await packChanges(changes, packBlob);
      return database.transaction(() => {
        deps.leases.guard(call.threadId);
        if (ofCall(call) === null) insert(deps, { call, kind, packed, options });
        const frozen = ofCall(call);
        if (frozen === null) throw new Error('A proposal was not kept');
        return frozen;
      });
    },
    ...createShowing(recorder),
    ...createMarking(recorder),
    ...createDeciding(recorder),
    ...createClaiming(recorder),
    ...createSendingAnyway(recorder),
  };
}

interface NewProposal {
  readonly call: ToolCallAddress;
  readonly kind: ToolKind;
  readonly packed: readonly PackedChange[];
  readonly options: FreezeOptions;
}

function insert({ database, blobs, now }: RecorderDeps, proposal: NewProposal): void {
  const { call, kind, packed, options } = proposal;
  const proposalId = randomUUID();
  database.run(
    `INSERT INTO proposals (proposal_id, thread_id, tool_call_id, kind, state, stacked, question,
       command, undoes, created_at) VALUES (?, ?, ?, ?, 'proposed', ?, ?, ?, ?, ?)`,
    proposalId,
    call.threadId,
    call.toolCallId,
    kind,
    options.stacked === true ? 1 : 0,
    options.question === undefined ? null : JSON.stringify(options.question),
    options.command === undefined ? null : packCommands([checkCommand(options.command)]),
    options.undoes ?? null,
    now(),
  );
  insertOperations(database, blobs, { proposalId, revision: 0 }, packed);
}
