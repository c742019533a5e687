import { t } from '@vscode/l10n';
import type { ProposalChanges } from '../shared/change-view.ts';
import { awaitsPerson } from '../shared/decision.ts';
import type { FileView, ReviewNotice, ReviewView } from '../shared/thread-view.ts';
import { isApprovable, whyNotShowable } from './answers.ts';
import { commandFacts, commandView, hiddenInCommand } from './command-words.ts';
import { drawDiff } from './drawn-diff.ts';
import { irrecoverableOf } from './irrecoverable.ts';
import type { Ledger } from './ledger.ts';
import { pathsOf } from './operation.ts';
import { judgeCommand, judgePaths } from './policy.ts';
import { changesOfProposal, declinedFiles } from './proposal-changes.ts';
import type { KeptOperation, Proposal } from './proposal.ts';
import { rejectedBefore } from './since.ts';
import { titleOf } from './title.ts';
import { undoKind } from './undo.ts';

/**
 * The value of our interrupt, in LangChain's shape for one tool call. Small on purpose, since it is
 * stored again at every step: the arguments are in the message, the effect in the ledger.
 */
export interface ReviewRequest {
  readonly type: 'tool_approval';
  readonly tool_call_id: string;
  readonly name: string;
  readonly description: string;
  readonly proposal: { readonly id: string };
}

export function toReviewRequest(proposal: Proposal, toolName: string): ReviewRequest {
  return {
    type: 'tool_approval',
    tool_call_id: proposal.toolCallId,
    name: toolName,
    description: titleOf(proposal),
    proposal: { id: proposal.proposalId },
  };
}

/** What a card shows, drawn from the frozen bytes. */
export function toReviewView(proposal: Proposal, ledger: Ledger): ReviewView {
  const { proposalId, state, operations, question, command, origin, reason } = proposal;
  const changes = changesOfProposal(proposal, ledger);
  const declined = changes === null ? new Set() : declinedFiles(proposal, ledger);
  const files = operations.map((operation, index) => ({
    ...toFileView(operation, index, ledger),
    declined: declined.has(index),
  }));
  const view = command === null ? null : commandView(command);
  const taken = operations.filter((_, index) => !declined.has(index));
  const sum = (of: (file: FileView) => number): number =>
    files.reduce((total, file) => total + of(file), 0);
  const paths = pathsOf(operations).map((place) => ({ ...place, warnings: [] }));
  const deletes = operations.some(({ newSha256 }) => newSha256 === null);
  const asks = awaitsPerson(state) && proposal.shown !== null;
  const warnings = [...new Set(operations.flatMap((operation) => operation.warnings))];
  const { why, risk } = command === null ? judgePaths(paths, deletes) : judgeCommand();
  const [first] = operations;
  return {
    proposalId,
    interruptId: asks ? proposal.interruptId : null,
    effectHash: proposal.shown?.effectHash ?? '',
    path: operations.length === 1 && first !== undefined ? first.displayPath : fileCount(files),
    files,
    added: sum(({ added }) => added),
    removed: sum(({ removed }) => removed),
    hiddenCharacters: operations.reduce(
      (total, operation) => total + drawDiff(operation, ledger).hiddenCharacters,
      view === null ? 0 : hiddenInCommand(view),
    ),
    why,
    risk: warnings.length > 0 ? 'high' : risk,
    warnings,
    irrecoverable: state === 'proposed' ? irrecoverableOf({ ...proposal, operations: taken }) : [],
    command: view,
    notice: worstNotice(proposal, ledger),
    approvable: isApprovable(proposal, ledger),
    edited: origin === 'edited' && (changes === null || isTyped(changes)),
    question,
    evidence: state === 'partial' || state === 'unknown' ? reason.split('\n') : [],
    undo: undoKind(proposal, ledger),
    progress: changes?.progress ?? null,
    since: rejectedBefore(proposal, ledger)?.proposalId ?? null,
    comments: proposal.decision?.comments ?? [],
    facts: view === null ? factLines(operations, ledger) : commandFacts(view),
  };
}

/** What is taken out change by change is in the counts; this is about what is the user's own. */
function isTyped({ files, progress }: ProposalChanges): boolean {
  return progress.rejected === 0 || progress.edited > 0 || files.some(({ own }) => own.length > 0);
}

function factLines(operations: readonly KeptOperation[], ledger: Ledger): readonly string[] {
  return operations.flatMap((operation) =>
    drawDiff(operation, ledger).facts.map((fact) =>
      operations.length === 1 ? fact : `${operation.displayPath}: ${fact}`,
    ),
  );
}

function fileCount(files: readonly FileView[]): string {
  return files.length === 0 ? '' : t('{0} files', files.length);
}

function toFileView(
  operation: KeptOperation,
  index: number,
  ledger: Ledger,
): Omit<FileView, 'declined'> {
  const { displayPath, to, baseSha256, newSha256 } = operation;
  const { added, removed, isText, tooLarge, diff, moreRows, changes } = drawDiff(operation, ledger);
  const written = baseSha256 === null ? 'create' : 'edit';
  return {
    operation: index,
    change: newSha256 === null ? 'delete' : to === null ? written : 'move',
    path: displayPath,
    to: to?.displayPath ?? null,
    ...{ added, removed, isText, tooLarge, diff, moreRows, changes },
  };
}

function noticeOf({ state, origin, stacked, reason }: Proposal): ReviewNotice | null {
  if (state !== 'proposed') return null;
  switch (origin) {
    case 'rebased':
      return rebasedNotice(reason);
    case 'conflict':
      return {
        kind: 'conflict',
        text: t('{0} Both changed the same lines: resolve the conflicts in the editor.', reason),
      };
    case 'stale':
      return {
        kind: 'stale',
        text: t(
          'It does not fit the files any more: {0} Reject it, or say that you did it yourself.',
          reason,
        ),
      };
    case 'interrupted':
      return { kind: 'interrupted', text: reason };
    case 'expired':
      return {
        kind: 'expired',
        text: t('It was not answered in time, so nothing was run. It is shown anew.'),
      };
    case 'again':
      return { kind: 'again', text: t('It may have run before. Approved, it runs once more.') };
    case 'arguments':
      return { kind: 'arguments', text: t('This is what your arguments lead to.') };
    case 'finish':
      return { kind: 'settling', text: t('This finishes what was approved.') };
    case 'rollBack':
      return { kind: 'settling', text: t('This puts back what was there before.') };
    case 'model':
    case 'edited':
    case 'partial':
      if (reason !== '') return rebasedNotice(reason);
      return stacked
        ? {
            kind: 'stacked',
            text: t('On top of another change that still waits. Decide that one first.'),
          }
        : null;
  }
}

/** What keeps it from being approved comes before what is only to be known. */
function worstNotice(proposal: Proposal, ledger: Ledger): ReviewNotice | null {
  const notice = noticeOf(proposal);
  if (notice?.kind === 'stale' || notice?.kind === 'conflict') return notice;
  const text = proposal.state === 'proposed' ? whyNotShowable(proposal, ledger) : null;
  return text === null ? notice : { kind: 'tooLarge', text };
}

function rebasedNotice(reason: string): ReviewNotice {
  return { kind: 'rebased', text: t('{0} It is shown anew, on top of that.', reason) };
}
