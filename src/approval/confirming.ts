import { t } from '@vscode/l10n';
import { visible } from '../workspace/names.ts';

/**
 * One thing that an approval would do and that cannot be taken back, in lines in which nothing is that
 * cannot be seen.
 */
export interface ConfirmRequest {
  readonly proposalId: string;
  /** What is proposed, as a card's title has it. */
  readonly title: string;
  /** Names the thing, and says why it is asked about. */
  readonly item: string;
  /** What else there is to know before saying yes, a line each. */
  readonly facts: readonly string[];
  /** Which of how many it is, counted from 1. */
  readonly number: number;
  readonly total: number;
}

/**
 * Asks the person at this machine, in a way that nothing but the person can answer. False also if
 * the question is dismissed.
 */
export type Confirm = (request: ConfirmRequest) => Promise<boolean>;

/** `unasked`: there is nobody who could be asked. */
export type Confirmed = 'yes' | 'no' | 'unasked';

/** Asks about one thing after the other, as long as the answer is yes. */
export async function confirmEach(
  confirm: Confirm | null,
  items: readonly string[],
  about: Pick<ConfirmRequest, 'proposalId' | 'title' | 'facts'>,
): Promise<Confirmed> {
  if (items.length === 0) return 'yes';
  if (confirm === null) return 'unasked';
  const { proposalId, title, facts } = about;
  const said = { proposalId, title: visible(title), facts: facts.map(visible) };
  for (const [index, item] of items.entries()) {
    const request = { ...said, item: visible(item), number: index + 1, total: items.length };
    if (!(await confirm(request))) return 'no';
  }
  return 'yes';
}

export function unaskedReason([item = '']: readonly string[]): string {
  return t('{0} That is asked about in the editor only, and cannot be approved from here.', item);
}
