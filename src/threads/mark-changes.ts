import { acceptedPart } from '../approval/accepted-part.ts';
import type { ChangeMark } from '../approval/marking.ts';
import {
  type MarkedChange,
  type ReviewedFile,
  findReviewed,
  reviewedFiles,
} from '../approval/proposal-changes.ts';
import type { ChangePlace, LineRange } from '../shared/change-view.ts';
import type { Decision } from '../shared/decision.ts';
import { type FoundChange, spliced, withChange } from '../workspace/change-states.ts';
import { linesOf } from '../workspace/changes.ts';
import { type EditDeps, editable, reviseTexts } from './edit-proposal.ts';

/** Deciding change by change: all answer false, and do nothing, if something else is shown by now. */
export interface MarkChanges {
  /** Rejected: taken out of the shown text. Accepted or open: put back, if it was taken out. */
  markChange(
    proposalId: string,
    effectHash: string,
    place: ChangePlace,
    state: 'accepted' | 'rejected' | 'open',
  ): Promise<boolean>;
  /**
   * Lines of the shown text. Accepted: of the changes there, only these lines are left in. Rejected:
   * the added ones among them are taken out, and a change that has none left is put back as it was.
   * No lines, only a place: all of the change there.
   */
  markLines(
    proposalId: string,
    effectHash: string,
    operation: number,
    shown: LineRange,
    state: 'accepted' | 'rejected',
  ): Promise<boolean>;
  /** '' takes the comment away. */
  commentChange(proposalId: string, place: ChangePlace, comment: string): Promise<boolean>;
  /** What approves only the accepted changes of what is shown now; null if none is accepted. */
  acceptedPart(proposalId: string): Decision | null;
}

type Mark = 'accepted' | 'rejected' | 'open';

export function marking(deps: EditDeps): MarkChanges {
  const { ledger, load } = deps;
  return {
    async markChange(proposalId, effectHash, place, state) {
      const proposal = editable(ledger, proposalId, effectHash);
      if (proposal === null) return false;
      const found = findReviewed(reviewedFiles(proposal, ledger), place);
      if (found === null) return false;
      const { file, change } = found;
      const text = marked(file, change, state);
      return reviseTexts(deps, proposal, {
        texts: text === null ? new Map() : new Map([[file.index, text]]),
        marks: new Map([[change.key, { mark: markOf(state) }]]),
        rebind: change.found === null && (change.state === 'rejected') !== (state === 'rejected'),
      });
    },
    async markLines(proposalId, effectHash, operation, shown, state) {
      const proposal = editable(ledger, proposalId, effectHash);
      if (proposal === null) return false;
      const file = reviewedFiles(proposal, ledger)[operation];
      let text = file?.shown ?? null;
      if (file === undefined || text === null) return false;
      const touched = file.changes.filter(
        ({ found }) => found === null || isIn(found, shown, file),
      );
      const left = new Set<string>();
      // From below, so that the places of those above stay; what was typed over several is in one place.
      for (const [index, { found, key }] of [...touched.entries()].toReversed()) {
        if (found === null) continue;
        const lines = linesLeft(file, found, shown, state);
        if (state === 'rejected' && lines.length > 0) left.add(key);
        if (touched[index - 1]?.found?.old.start === found.old.start) continue;
        const isOut = state === 'rejected' && lines.length === 0;
        text = spliced(text, found.at, isOut ? linesBefore(file, found) : lines);
      }
      return reviseTexts(deps, proposal, {
        texts: text === file.shown ? new Map() : new Map([[operation, text]]),
        // A change that has lines left is the user's own by now, and not rejected.
        marks: new Map(touched.map(({ key }) => [key, { mark: left.has(key) ? null : state }])),
        rebind: touched.some(
          (one) => one.found === null && (one.state === 'rejected') !== (state === 'rejected'),
        ),
      });
    },
    async commentChange(proposalId, place, comment) {
      const proposal = ledger.find(proposalId);
      if (proposal?.state !== 'proposed' || proposal.shown === null) return false;
      const found = findReviewed(reviewedFiles(proposal, ledger), place);
      if (found === null) return false;
      const given = new Map([[found.change.key, { comment: comment.trim() }]]);
      const kept = await ledger.mark(proposal, given);
      (await load(proposal.threadId)).refresh(proposal.toolCallId);
      return kept;
    },
    acceptedPart(proposalId) {
      const proposal = ledger.find(proposalId);
      return proposal?.state === 'proposed' ? acceptedPart(proposal, ledger) : null;
    },
  };
}

function markOf(state: Mark): ChangeMark['mark'] {
  return state === 'open' ? null : state;
}

/** The shown text of its file with a change marked so; null if it stays as it is. */
function marked(
  { shown }: ReviewedFile,
  { found, state }: MarkedChange,
  mark: Mark,
): string | null {
  if (found === null || shown === null || (state === 'rejected') === (mark === 'rejected')) {
    return null;
  }
  return withChange(shown, found, mark !== 'rejected');
}

/** Whether one of these lines belongs to a change; to a mere removal, the one that follows it does. */
function isIn({ found, at }: FoundChange, { start, end }: LineRange, file: ReviewedFile): boolean {
  if (found === 'out') return false;
  const after = Math.max(end, start + 1);
  if (at.start < at.end) return at.start < after && start < at.end;
  const isLast = at.start === linesOf(file.shown ?? '').length;
  return start <= at.start && (at.start < after || (isLast && at.start === after));
}

/** What is left of a change in the shown text. */
function linesLeft(
  file: ReviewedFile,
  { at }: FoundChange,
  { start, end }: LineRange,
  state: 'accepted' | 'rejected',
): readonly string[] {
  const lines = linesOf(file.shown ?? '').slice(at.start, at.end);
  const isChosen = (line: number): boolean => start === end || (line >= start && line < end);
  return lines.filter((_, line) => isChosen(at.start + line) === (state === 'accepted'));
}

function linesBefore({ before }: ReviewedFile, { old }: FoundChange): readonly string[] {
  return linesOf(before ?? '').slice(old.start, old.end);
}
