import { t } from '@vscode/l10n';
import type { DiffRow, ReviewView } from '../shared/thread-view.ts';
import { countHiddenCharacters, diffLines } from '../workspace/hunks.ts';
import type { Ledger } from './ledger.ts';
import { judge } from './policy.ts';
import type { Proposal } from './proposal.ts';
import { undoKind } from './undo.ts';

/**
 * The value of our interrupt, in LangChain's shape for one tool call. Small on purpose, since it is
 * stored again at every step: the arguments are in the message, the bytes in the ledger.
 */
export interface ReviewRequest {
  readonly type: 'tool_approval';
  readonly tool_call_id: string;
  readonly name: string;
  readonly description: string;
  readonly proposal: {
    readonly id: string;
    readonly baseSha256: string | null;
    readonly newSha256: string | null;
  };
}

export function toReviewRequest(proposal: Proposal, toolName: string): ReviewRequest {
  return {
    type: 'tool_approval',
    tool_call_id: proposal.toolCallId,
    name: toolName,
    description: titleOf(proposal),
    proposal: {
      id: proposal.proposalId,
      baseSha256: proposal.baseSha256,
      newSha256: proposal.newSha256,
    },
  };
}

/** What a proposal would do, named by the path it is about, not by the model's words for it. */
export function titleOf({ displayPath, baseSha256, newSha256 }: Proposal): string {
  if (newSha256 === null) return t('Delete {0}', displayPath);
  return baseSha256 === null ? t('Write {0}', displayPath) : t('Edit {0}', displayPath);
}

/** Rows of the diff that a card shows; the diff editor shows all. */
const CARD_ROWS = 40;
/** Characters of a row that a card shows. */
const ROW_LENGTH = 1000;

/** What a card shows, drawn from the frozen bytes. */
export function toReviewView(proposal: Proposal, ledger: Ledger): ReviewView {
  return {
    proposalId: proposal.proposalId,
    interruptId: proposal.state === 'proposed' ? proposal.interruptId : null,
    path: proposal.displayPath,
    creates: proposal.baseSha256 === null,
    deletes: proposal.newSha256 === null,
    undo: undoKind(proposal, ledger),
    ...drawnDiff(proposal, ledger),
    ...judge(proposal.displayPath, proposal.newSha256 === null),
  };
}

type DrawnDiff = Pick<ReviewView, 'added' | 'removed' | 'hiddenCharacters' | 'diff' | 'moreRows'>;

/** Diffs that are kept drawn: a card is shown anew at every change of its state. */
const KEPT_DIFFS = 100;
/** By the hashes of both sides, which name the bytes exactly. */
const drawn = new Map<string, DrawnDiff>();

function drawnDiff({ baseSha256, newSha256 }: Proposal, ledger: Ledger): DrawnDiff {
  const key = `${baseSha256 ?? ''}-${newSha256 ?? ''}`;
  const known = drawn.get(key);
  if (known !== undefined) return known;
  const text = (hash: string | null): string =>
    hash === null ? '' : new TextDecoder().decode(ledger.bytes(hash));
  const { added, removed, rows } = diffLines(text(baseSha256), text(newSha256));
  const diff: DrawnDiff = {
    added,
    removed,
    hiddenCharacters: countHiddenCharacters(rows),
    diff: rows.slice(0, CARD_ROWS).map(clipped),
    moreRows: Math.max(0, rows.length - CARD_ROWS),
  };
  drawn.set(key, diff);
  for (const oldest of drawn.keys()) {
    if (drawn.size <= KEPT_DIFFS) break;
    drawn.delete(oldest);
  }
  return diff;
}

function clipped(row: DiffRow): DiffRow {
  const rest = row.text.length - ROW_LENGTH;
  if (rest <= 0) return row;
  return { ...row, text: row.text.slice(0, ROW_LENGTH) + t(' [… {0} more characters]', rest) };
}
